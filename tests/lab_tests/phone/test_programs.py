# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Android's own programs, as the shell sees them."""

from __future__ import annotations

import pytest

from .rig import Rig

USB_DUMP = """\
USB MANAGER STATE (dumpsys usb):
{{
  device_manager={{
    handler={{
{fields}
      screen_locked=false
      connected=true
      configured=true
      host_connected=false
      source_power=false
      sink_power=true
      usb_charging=true
      hide_usb_notification=false
      audio_accessory_connected=false
      kernel_state=CONFIGURED
    }}
  }}
  port_manager={{
    is_simulation_active=false
    usb_ports={{
      status={{
        connected=true
      }}
    }}
  }}
}}
"""


def usb_dump(*fields: str) -> str:
    return USB_DUMP.format(fields="\n".join(f"      {field}" for field in fields))


def test_a_function_is_requested_applied_and_read_back(rig: Rig) -> None:
    rig.plug()
    rig.until(lambda: rig.state()["usb"]["configured"])
    assert rig.shell("dumpsys usb").output == usb_dump("current_functions_applied=true")
    # That it is not applied at once is a test on the bench, where time stands still: here it may be, by the next look.
    said = rig.shell("svc usb setFunctions rndis; svc usb getFunctions")
    assert (said.output, said.errors) == ("setCurrentFunctions opId:1\n", "rndis\n")
    rig.until(lambda: rig.state()["tether"]["serving"])
    assert rig.router.functions == {"rndis", "adb"}
    assert rig.shell("dumpsys usb").output == usb_dump("current_functions=RNDIS", "current_functions_applied=true")


def test_the_dump_of_14_knows_no_ncm_by_name(rig: Rig) -> None:
    rig.plug()
    rig.shell("svc usb setScreenUnlockedFunctions ncm")
    rig.until(lambda: rig.state()["tether"]["serving"])
    assert rig.shell("dumpsys usb").output == usb_dump(
        "current_functions=0x400", "current_functions_applied=true", "screen_unlocked_functions=0x400"
    )
    assert "ncm0 - TetheredState - lastError = 0" in rig.shell("dumpsys tethering").output


def test_the_tether_as_android_tells_of_it(rig: Rig) -> None:
    rig.tether()
    address = rig.state()["tether"]["address"]
    state, _title, log = rig.shell("dumpsys tethering").output.partition("  Log:\n")
    assert state == (
        "Tethering:\n"
        "  Configuration:\n"
        "    tetherableUsbRegexs: [usb\\d, rndis\\d, ncm\\d]\n"
        "    mUsbTetheringFunction: RNDIS\n"
        "  Tether state:\n"
        "    rndis0 - TetheredState - lastError = 0\n"
        "    Upstream wanted: true\n"
        "    Current upstream interface(s): [rmnet_data0]\n"
    )
    assert [line.partition(" - ")[2] for line in log.splitlines()] == [
        "OBSERVED iface=rndis0 state=1 error=0",
        "OBSERVED iface=rndis0 state=2 error=0",
    ]
    assert f"inet {address}/24 brd " in rig.shell("ip -4 addr show rndis0").output
    one_line = rig.shell("ip -o -4 addr show rndis0").output
    assert one_line.startswith(f"22: rndis0    inet {address}/24 ")
    assert one_line.count("\n") == 1
    missing = rig.shell("ip addr show ncm0")
    assert (missing.errors, missing.status) == ('Device "ncm0" does not exist.\n', 1)


def test_the_way_out_depends_on_data_sim_and_wifi(rig: Rig) -> None:
    rig.tether()
    assert rig.do(rig.cable.upstream)
    rig.control("set upstream false")
    assert "[rmnet_data0]" in rig.shell("dumpsys tethering").output
    assert not rig.do(rig.cable.upstream)
    rig.control("set upstream true")
    rig.shell("svc data disable")
    assert "interface(s): null" in rig.shell("dumpsys tethering").output
    assert rig.shell("settings get global mobile_data").output == "0\n"
    assert not rig.do(rig.cable.upstream)
    rig.shell("svc data enable; svc wifi enable")
    assert "[wlan0]" in rig.shell("dumpsys tethering").output
    assert not rig.do(rig.cable.upstream)
    rig.shell("svc wifi disable")
    assert rig.do(rig.cable.upstream)


@pytest.mark.parametrize("functions", ["rndis,adb", "tethering", "rndis,mtp"])
def test_more_than_one_function_or_a_made_up_one_is_an_exception(rig: Rig, functions: str) -> None:
    said = rig.shell(f"svc usb setFunctions {functions}")
    assert "IllegalArgumentException" in said.errors
    assert said.status == 137
    assert rig.state()["usb"]["function"] == "none"


def test_an_unsupported_function_is_ignored_with_a_line_in_the_log(rig: Rig) -> None:
    rig.control("set functions rndis")
    said = rig.shell("svc usb setFunctions ncm")
    assert (said.errors, said.status) == ("", 0)
    assert rig.state()["usb"]["function"] == "none"
    assert "Could not set unsupported function for the GadgetHal" in rig.shell("logcat -d").output


def test_a_mute_svc_says_nothing_and_does_nothing(rig: Rig) -> None:
    rig.control("set svc mute")
    said = rig.shell("svc usb setFunctions rndis; svc usb getFunctions")
    assert (said.output, said.errors, said.status) == ("", "", 0)
    assert rig.state()["usb"]["function"] == "none"


def test_settings_keep_what_they_are_given(rig: Rig) -> None:
    assert rig.shell("settings get global never_heard_of").output == "null\n"
    rig.shell('settings put global odd "it\'s a \\\\ backslash"')
    assert rig.shell("settings get global odd").output == "it's a \\ backslash\n"
    assert rig.shell("settings delete global odd").output == "Deleted 1 rows\n"
    rig.shell("settings put global tether_force_usb_functions 1")
    assert "mUsbTetheringFunction: NCM" in rig.shell("dumpsys tethering").output


def test_a_property_of_usb_is_not_for_the_shell_to_set(rig: Rig) -> None:
    said = rig.shell("setprop sys.usb.config rndis,adb")
    assert (said.status, "Failed to set property 'sys.usb.config'" in said.errors) == (1, True)
    assert rig.shell("getprop sys.usb.config").output == "adb\n"
    assert "[ro.build.version.release]: [14]\n" in rig.shell("getprop").output


def test_the_battery_is_what_it_is_set_to_be(rig: Rig) -> None:
    rig.control("set battery 57")
    rig.control("set temperature 465")
    dump = rig.shell("dumpsys battery").output
    assert "  level: 57\n" in dump
    assert "  temperature: 465\n" in dump
    assert "  USB powered: false\n" in dump


@pytest.mark.parametrize(
    "command", ["ping -c 1 8.8.8.8", "am broadcast x", "dumpsys wifi", "svc nfc enable", "ip route"]
)
def test_what_is_not_simulated_says_so(rig: Rig, command: str) -> None:
    said = rig.shell(command)
    assert (said.output, said.errors, said.status) == ("", f"not simulated: {command}\n", 125)


def test_a_period_of_sleep_is_of_the_lab(rig: Rig) -> None:
    before = rig.phone.handset.clock.now()
    assert rig.shell("sleep 0.2m").status == 0
    assert rig.phone.handset.clock.now() - before >= 12
    assert rig.shell("sleep never").status == 125


def test_what_starts_others_finds_the_phones_programs(rig: Rig) -> None:
    assert rig.shell("timeout 5 getprop ro.product.model").output == "Lab Phone 14\n"
    assert rig.shell("nohup setsid env ping 8.8.8.8").errors == "not simulated: ping 8.8.8.8\n"


def test_there_is_no_way_to_a_real_network(rig: Rig) -> None:
    assert rig.shell("cat /proc/net/dev").output.count("\n") == 3


def test_a_word_that_is_none_is_refused(rig: Rig) -> None:
    with pytest.raises(ValueError, match="forget-log"):
        rig.control("explode")
    with pytest.raises(ValueError, match="drop_at"):
        rig.control("set colour red")
    with pytest.raises(ValueError, match="none, secure"):
        rig.control("set lock pattern")


def test_with_two_slots_mobile_data_is_stored_for_each_sim(rig: Rig) -> None:
    def stored() -> str:
        return rig.shell("for name in mobile_data mobile_data1; do settings get global $name; done").output

    rig.shell("svc data disable")
    rig.control("set second_sim absent")
    assert stored() == "1\n0\n"
    assert rig.shell("settings get global multi_sim_data_call").output == "1\n"
    rig.shell("svc data enable")
    assert (stored(), rig.state()["mobile_data"]) == ("1\n1\n", True)
    rig.shell("svc data disable")
    rig.control("set second_sim none")
    assert stored() == "0\nnull\n"


def test_the_sim_and_the_signal_are_what_they_are_set_to_be(rig: Rig) -> None:
    rig.control("set sim absent")
    rig.control("set signal -110")
    assert rig.shell("getprop gsm.sim.state").output == "ABSENT\n"
    assert "rsrp=-110 rsrq=-11 rssnr=12 cqi=2147483647 ta=2147483647 level=2," in (
        rig.shell("dumpsys telephony.registry").output
    )


@pytest.mark.parametrize(
    ("am", "status", "words", "starts"),
    [("ok", 0, "", 1), ("refuses", 255, "java.lang.SecurityException: Permission Denial", 0), ("mute", 0, "", 0)],
)
def test_am_starts_a_flow_or_is_denied_it_or_does_nothing(
    rig: Rig, am: str, status: int, words: str, starts: int
) -> None:
    rig.control("set automate installed")
    rig.control(f"set am {am}")
    flow = "content://com.llamalab.automate.provider/flows/1"
    said = rig.shell(f"am start -a com.llamalab.automate.intent.action.START_FLOW -p com.llamalab.automate -d {flow}")
    assert said.output.startswith("Starting: Intent {")
    assert (said.status, words in said.errors, rig.state()["automate"]["starts"]) == (status, True, starts)


def test_how_often_a_program_ran_is_told(rig: Rig) -> None:
    rig.shell("dumpsys usb; dumpsys battery; getprop gsm.sim.state")
    assert (rig.state()["asked"]["dumpsys"], rig.state()["asked"]["getprop"]) == (2, 1)
