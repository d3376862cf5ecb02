# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings files: whole ones are read, and every other file is refused with the reason."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_file import parse
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadBackup
from unit.settings_file import hdr1, hdr2

SECRET = "hunter2 & co"
WHOLE = {
    "productid": "RT-AX53U",
    "firmver": "3.0.0.4",
    "buildno": "386",
    "extendno": "69061",
    "http_username": "admin",
    "http_passwd": SECRET,
    "wans_dualwan": "wan usb",
    "0:macaddr": "00:00:5E:00:53:07",
    "wl0_ssid": "Zuhause = Große Höhle",
    "empty": "",
}


@pytest.mark.parametrize(
    ("form", "content"),
    [("HDR1", hdr1(WHOLE)), *(("HDR2", hdr2(WHOLE, lot)) for lot in (0, 1, 17, 29))],
    ids=["plain", "lot 0", "lot 1", "lot 17", "lot 29"],
)
def test_both_forms_give_back_what_was_in_them(form, content):
    backup = parse(content, "a file")
    assert backup.values == WHOLE
    assert (backup.form, backup.model, backup.firmware) == (form, "RT-AX53U", "3.0.0.4.386_69061")


@pytest.mark.parametrize("write", [hdr1, hdr2])
def test_what_follows_the_settings_is_left_alone(write):
    assert parse(write(WHOLE) + b"a copy of /jffs\0\xff", "a file").values == WHOLE


def test_the_name_on_the_label_comes_first():
    assert parse(hdr1({**WHOLE, "odmpid": "RT-AX1800S"}), "a file").model == "RT-AX1800S"


def test_an_old_firmware_that_has_a_model_only_is_read():
    values = {name: value for name, value in WHOLE.items() if name != "productid"} | {"model": "RT-N66U"}
    assert parse(hdr1(values), "a file").model == "RT-N66U"


def test_a_control_character_that_scrambling_makes_a_nul_costs_its_value_and_no_more():
    certificate = "first line\nsecond line"
    values = parse(hdr2({**WHOLE, "vpn_crt": certificate}, lot=9), "a file").values
    assert values["vpn_crt"] == "first line"
    assert {name: values[name] for name in WHOLE} == WHOLE


def test_bytes_that_are_no_text_are_kept_apart():
    one, other = (parse(hdr1(WHOLE).replace(b"empty=\0", b"empty=" + byte), "a file") for byte in (b"\xfe", b"\xfd"))
    assert one.values["empty"] != other.values["empty"]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        pytest.param(b"", "does not begin with HDR1 or HDR2", id="empty"),
        pytest.param(b"<html>Login</html>", "does not begin with HDR1 or HDR2", id="a page"),
        pytest.param(b"HDR3" + hdr1(WHOLE)[4:], "does not begin with HDR1 or HDR2", id="another form"),
        pytest.param(b"HDR1\0\0", "ends within its header", id="half a header"),
        pytest.param(hdr1(WHOLE)[:-1], "is cut off: 1032 bytes are announced and 1031", id="cut"),
        pytest.param(hdr2(WHOLE)[:-1], "is cut off: 1032 bytes are announced and 1031", id="cut, scrambled"),
        pytest.param(b"HDR1\0\0\0\0", "has no model in it", id="nothing in it"),
        pytest.param(hdr1(WHOLE).replace(b"\0firmver=", b"\0firmver\xff"), "is garbled: piece 2 of", id="garbled"),
        pytest.param(hdr2(WHOLE)[:7] + b"\x1d" + hdr2(WHOLE)[8:], "has no model in it", id="another random byte"),
    ],
)
def test_what_is_no_whole_file_is_refused_with_the_reason(content, wrong):
    with pytest.raises(BadBackup, match=wrong) as refused:
        parse(content, "a file")
    assert refused.value.message.startswith("a file ")
    assert refused.value.as_result()["reason"] == "bad_backup"
    assert "Restore/Save/Upload Setting" in refused.value.cure


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        ("productid", "no model"),
        ("firmver", "no firmware"),
        (("http_username", "http_passwd"), "no login"),
        ("wans_dualwan", "no WAN"),
    ],
)
def test_a_file_that_lacks_what_every_router_has_is_refused(missing, what):
    with pytest.raises(BadBackup, match=what):
        parse(hdr1({name: value for name, value in WHOLE.items() if name not in missing}), "a file")


def test_nothing_of_the_content_is_in_a_repr():
    assert SECRET not in repr(parse(hdr1(WHOLE), "a file"))


def readable_or_refused(content):
    try:
        backup = parse(content, "a file")
    except BadBackup as error:
        told = error.message
    else:
        assert backup.model
        str(backup.values).encode()
        told = repr(backup)
    assert SECRET not in told


@given(st.binary())
@example(b"HDR2\0\0\0\xff")
def test_any_bytes_are_read_or_refused(content):
    readable_or_refused(content)


@given(st.sampled_from([b"HDR1", b"HDR2"]), st.binary(min_size=1), st.integers(0, 255))
def test_any_bytes_behind_a_good_header_are_read_or_refused(magic, body, lot):
    length = len(body).to_bytes(4, "little") if magic == b"HDR1" else len(body).to_bytes(3, "little") + bytes([lot])
    readable_or_refused(magic + length + body)


@given(st.sampled_from([hdr1(WHOLE), hdr2(WHOLE)]), st.randoms(use_true_random=False))
def test_a_whole_file_with_some_bytes_changed_is_read_or_refused(whole, lots):
    damaged = bytearray(whole)
    for _turn in range(5):
        damaged[lots.randrange(len(damaged))] = lots.randrange(256)
    readable_or_refused(bytes(damaged))


printable = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=40)


@given(
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_.:/]{0,15}", fullmatch=True), printable, max_size=20),
    st.integers(0, 29),
)
def test_whatever_a_router_has_comes_back_from_either_form(extra, lot):
    values = {**extra, **WHOLE}
    assert parse(hdr1(values), "a file").values == values
    if all(0xFF - byte + lot & 0xFF <= 0xFC for value in values.values() for byte in value.encode()):
        assert parse(hdr2(values, lot), "a file").values == values


def test_a_router_s_nvram_of_usual_size_is_read():
    lots = random.Random(1)
    values = {**WHOLE, **{f"wl0_name_{number}": "x" * lots.randrange(100) for number in range(2000)}}
    assert parse(hdr2(values), "a file").values == values
