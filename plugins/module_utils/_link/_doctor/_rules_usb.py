# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the router's USB port and what stands in its settings for it."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import MTU
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import at_both, at_router, shown_if
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    NOTICE,
    ROUTER,
    WARNING,
    Rule,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import PhoneSeen, RouterSeen

TETHERS = ("rndis", "ncm", "ecm")
"""``usb_modem_act_type`` of a phone (find_modem_type.sh of 382)."""
SMALL_MTU = 1280
"""The least that IPv6 takes; below it, whole networks do not pass."""
MISSING = ("primary_phone_missing", "secondary_phone_missing")


def _unmarked(router: RouterSeen) -> str | None:
    phone = router.board.phone
    return shown_if(
        router.by_usb and phone.plugged and not phone.interface and router.nvram["modem_enable"] != "0",
        f"usb_path{phone.port} is modem, and usb_modem_act_dev is empty",
    )


def _locked_sim(router: RouterSeen) -> str | None:
    unit = router.usb_wan.unit if router.usb_wan else 0
    name = "link_wan1" if unit else "link_wan"
    return shown_if(router.by_usb and router.nvram[name] == "3", f"{name} is 3")


def _device(router: RouterSeen) -> str | None:
    wanted, stored = router.able.generation.android, router.nvram["modem_android"]
    return shown_if(router.by_usb and stored in ("0", "1") and stored != wanted, f"modem_android is {stored}")


def _driver(router: RouterSeen) -> str | None:
    phone = router.board.phone
    return shown_if(
        router.by_usb and phone.interface and phone.driver and phone.driver not in TETHERS,
        f"usb_modem_act_type is {phone.driver}, of {phone.usb_id or 'an unknown device'}",
    )


def _swapped(router: RouterSeen) -> str | None:
    wan, phone = router.usb_wan, router.board.phone
    return shown_if(
        wan and phone.interface and wan.interface and wan.interface != phone.interface,
        f"the line is on {wan.interface if wan else ''}, the phone on {phone.interface}",
    )


def _automatic(router: RouterSeen) -> str | None:
    stored = router.able.usb_backup and router.nvram["wans_usb_bk"] == "1" and router.nvram["wans_usb_bk_act"] != "1"
    return shown_if(stored, "wans_usb_bk is 1")


def _mtu(router: RouterSeen) -> str | None:
    mtu = router.number("modem_mtu")
    return shown_if(router.by_usb and mtu and mtu not in MTU, f"modem_mtu is {router.nvram['modem_mtu']}")


def _small_mtu(router: RouterSeen) -> str | None:
    mtu = router.number("modem_mtu")
    return shown_if(router.by_usb and mtu in MTU and mtu < SMALL_MTU, f"modem_mtu is {mtu}")


def _known_to_fail(router: RouterSeen) -> str | None:
    model, firmware = router.able.model.upper(), router.able.firmware
    return shown_if(
        router.by_usb and "AX3000" in model and "V2" in model and ".388.11" in firmware,
        f"{router.able.name}",
    )


def _elsewhere(router: RouterSeen, phone: PhoneSeen) -> str | None:
    return shown_if(
        router.by_usb and phone.usb.up and not router.board.phone.plugged,
        f"the phone serves a host by {phone.usb.function}, and the router sees no phone",
    )


RULES = (
    Rule(
        "phone_elsewhere",
        ERROR,
        ROUTER,
        "The phone serves something else than the router, or in a way that the router cannot drive",
        at_both(_elsewhere),
        "Plug the phone into the router's USB port, without a hub in between. If it is there, run android_usb_tether "
        "with the other function: old kernels drive no NCM, and RT-AC68U's not the RNDIS of newer phones either",
        "complaints 3; dumpsys usb against usb_path",
        MISSING,
    ),
    Rule(
        "usb_not_taken",
        ERROR,
        ROUTER,
        "The router sees the phone and has not made it a line",
        at_router(_unmarked),
        "Replug the phone, or reboot the router: it was plugged in before USB was a WAN",
        "complaints 3, G#1001, R#49; lan.c (382), hotplug_net",
        MISSING,
    ),
    Rule(
        "usb_sim_locked",
        ERROR,
        ROUTER,
        "The modem on USB wants its SIM's PIN or PUK",
        at_router(_locked_sim),
        "Unlock the SIM, or take its PIN off, in the phone; for a modem: WAN, USB Modem, PIN",
        "complaints 17; wanduck.c (382): link_wan1",
        MISSING,
    ),
    Rule(
        "usb_known_to_fail",
        WARNING,
        ROUTER,
        "On this model and firmware, users found that a phone on USB does not come up as second line",
        at_router(_known_to_fail),
        "Use the stock firmware or another build; or the phone on an Ethernet adapter with secondary: lan",
        "complaints 3, G#1001",
        ("usb_not_taken", *MISSING),
    ),
    Rule(
        "usb_driver",
        WARNING,
        ROUTER,
        "What is on USB is driven as a modem, not as a phone's tether",
        at_router(_driver),
        "Switch USB tethering on in the phone, and give usb_device: android",
        "complaints 3; find_modem_type.sh (382)",
        MISSING,
    ),
    Rule(
        "usb_interface_differs",
        WARNING,
        ROUTER,
        "The phone came back under another name than its line has",
        at_router(_swapped),
        "Replug the phone, or run asus_wan with state: reconnected",
        "complaints 15, OMR#1278, OMR#1442",
        ("secondary_disconnected", *MISSING),
    ),
    Rule(
        "usb_device_type",
        WARNING,
        ROUTER,
        "The router is not set to an Android phone on USB",
        at_router(_device),
        "Run asus_dualwan with usb_device: android",
        "complaints 3; USB modem page of 386 and 388; lan.c (3006)",
        ("usb_not_taken",),
    ),
    Rule(
        "auto_usb_backup",
        WARNING,
        ROUTER,
        "Auto USB Backup WAN is on, and may rewrite the lines when something is plugged in",
        at_router(_automatic),
        "Run asus_dualwan with auto_usb_backup: false",
        "complaints 13, G#630; lan.c (3006)",
        ("automatic_only",),
    ),
    Rule(
        "usb_mtu",
        WARNING,
        ROUTER,
        "The MTU of the phone's line cannot be",
        at_router(_mtu),
        f"Run asus_dualwan with usb_mtu: 0 for automatic, or {MTU[0]} to {MTU[-1]}",
        "USB modem page of 386",
    ),
    Rule(
        "usb_mtu_small",
        NOTICE,
        ROUTER,
        "The MTU of the phone's line is below what IPv6 takes",
        at_router(_small_mtu),
        "Run asus_dualwan with usb_mtu: 0 for automatic",
        "RFC 8200, section 5",
    ),
)
