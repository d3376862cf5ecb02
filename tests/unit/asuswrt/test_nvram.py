# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What routers send instead of JSON, and what their escapes mean."""

from __future__ import annotations

from urllib.parse import unquote_plus

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadReply
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import parse_object, read_calls, values


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{\n"a":"1",\n"b":"2"\n}\n', id="as meant"),
        pytest.param('{ , "a":"1", "b":"2"}', id="an unknown hook first"),
        pytest.param('{"a":"1", , "b":"2"}', id="an unknown hook between"),
        pytest.param('{"a":"1", , , "b":"2"}', id="two between"),
        pytest.param('{"a":"1", "b":"2", \n}', id="an unknown hook last"),
        pytest.param('{ , , "a":"1", , "b":"2", }', id="everywhere"),
        pytest.param('\ufeff{"a":"1","b":"2"}', id="a byte order mark"),
        pytest.param('\r\n {"a":"1","b":"2"}\0'.rstrip("\0"), id="blank lines"),
        pytest.param('{"a":"0","a":"1","b":"2"}', id="a name twice"),
    ],
)
def test_dirt_that_is_taken_off(text):
    assert parse_object(text, doing="reading") == {"a": "1", "b": "2"}


def test_control_characters_in_a_value():
    assert parse_object('{"a":"x\ty\x01"}', doing="reading") == {"a": "x\ty\x01"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("<html><script>top.location.href='/Main_Login.asp'</script></html>", id="a page"),
        pytest.param("function wanlink(){ return 1;}", id="a script"),
        pytest.param('{"a":"1"', id="half of it"),
        pytest.param("[1, 2]", id="a list"),
        pytest.param("0", id="a bare number"),
        pytest.param('{"a":' * 3000, id="deeper than anybody reads"),
    ],
)
def test_what_is_no_object_is_said_with_an_excerpt(text):
    with pytest.raises(BadReply) as failed:
        parse_object(text, doing="reading its settings")
    assert "something else than JSON" in failed.value.message
    assert "while reading its settings" in failed.value.message
    assert (repr(text[:60]) if text else "an empty reply") in failed.value.message


def test_one_call_reads_all():
    ((body, plain, coded),) = read_calls(["a", "b"], ["c"])
    assert unquote_plus(body) == "hook=nvram_get(a);nvram_get(b);nvram_char_to_ascii(0,c)"
    assert (plain, coded) == (["a", "b"], ["c"])


@pytest.mark.parametrize("longest", [90, 1000, 60_000])
def test_a_thousand_names_are_split_below_the_server_s_buffer(longest):
    names = [f"wan{number % 2}_name_of_some_length_{number}" for number in range(1000)]
    calls = list(read_calls(names, ["wans_routing_rulelist"], longest=longest))
    assert all(len(body) <= longest for body, _plain, _coded in calls)
    assert [name for _body, plain, _coded in calls for name in plain] == names
    assert [name for _body, _plain, coded in calls for name in coded] == ["wans_routing_rulelist"]


# Seen on the genuine httpd: no semicolon, and a signed char on MIPS.
@pytest.mark.parametrize(
    ("sent", "value"),
    [
        pytest.param("&#60a&#62", "<a>", id="brackets"),
        pytest.param("&#34x&#34 &#38 y", '"x" & y', id="quotes and ampersand"),
        pytest.param("&#195&#156ber", "Über", id="two bytes on ARM"),
        pytest.param("&#-61&#-100ber", "Über", id="two bytes on MIPS"),
        pytest.param("&#34&#53", '"5', id="an escape after an escape"),
        pytest.param("&#601.1.1.1&#628.8.8.8&#621", "<1.1.1.1>8.8.8.8>1", id="digits after an escape"),
        pytest.param("&#345 GHz&#34", '"5 GHz"', id="a digit after a quote"),
        pytest.param("&#-61&#-1005", "Ü5", id="a digit after a negative one"),
        pytest.param("a&#9b", "a\tb", id="a tabulator"),
        pytest.param("5 & 6", "5 & 6", id="an ampersand that is none"),
        pytest.param("Zoë", "Zoë", id="plain UTF-8"),
        pytest.param("&#195", "\ufffd", id="half a character"),
    ],
)
def test_what_nvram_get_escapes(sent, value):
    assert values({"x": sent}, ["x"], []) == {"x": value}


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        pytest.param("%3C1.1.1.1%3E8.8.8.8%3E1", "<1.1.1.1>8.8.8.8>1", id="a rule"),
        pytest.param("%2B1%20%26%2360", "+1 &#60", id="what looks like an escape"),
        pytest.param("a+b", "a+b", id="a plus"),
        pytest.param("%C3%9C", "Ü", id="two bytes"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_lossless_hook_loses_nothing(sent, value):
    assert values({"x": sent}, [], ["x"]) == {"x": value}


def test_a_name_that_the_router_left_out_is_no_empty_value():
    with pytest.raises(BadReply, match="no wans_mode"):
        values({"wans_dualwan": "wan none"}, ["wans_dualwan", "wans_mode"], [])


def test_a_number_without_quotes_is_text():
    assert values({"x": 5}, ["x"], []) == {"x": "5"}
