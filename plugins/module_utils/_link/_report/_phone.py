# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section on the phone. Pure."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._markup import Markup, Piece, tag
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._parts import absent, facts, section
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._seen import Phone
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._signs import Sign, labelled
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import (
    NO_BREAK,
    count,
    sentence,
    written,
)

WARM, HOT = 40.0, 45.0
"""Degrees Celsius. Above 45 a battery ages fast, and `android_backup_phone` calls it bad."""
LOW_PERCENT = 20


def phone_section(phone: Phone | None) -> Markup:
    """Tether, keepalive, power and network, as far as they are known."""
    title = "The phone"
    if phone is None:
        return section("phone", title, absent("The phone was not asked. Give the result of android_info as phone."))
    if not phone.present:
        why = sentence(phone.why_absent or "adb did not reach it")
        normal = "That is normal while it is in the router's port: what the router sees of it stands under its line."
        return section("phone", title, absent(why, " ", normal))
    found = (
        ("Tether", _tether(phone)),
        ("Keepalive", _keepalive(phone)),
        ("Battery", _battery(phone)),
        ("Temperature", _temperature(phone)),
        ("Network", _network(phone)),
        ("adb key", _key(phone)),
    )
    maker = "" if phone.model.lower().startswith(phone.maker.lower()) else phone.maker.capitalize()
    named = " ".join(filter(None, (maker, phone.model)))
    who = ", ".join(filter(None, (named, f"Android {phone.android}" if phone.android else "")))
    return section("phone", title, tag("p", who, cls="lead"), facts(*((n, v) for n, v in found if v is not None)))


def _well(said: str) -> Markup:
    return labelled(Sign("tick", "good", said))


def _warn(said: str) -> Markup:
    return labelled(Sign("alert", "warn", said))


def _bad(said: str) -> Markup:
    return labelled(Sign("cross", "bad", said))


def _small(said: str) -> Piece:
    return tag("small", said) if said else None


def _tether(phone: Phone) -> Piece:
    plugged = f"at plug-in: {phone.plug_in_default or 'not by itself'}"
    if phone.serving:
        return (_well(f"serving, {phone.function}"), _small(plugged))
    return (_bad(phone.why_not_serving or "not serving"), _small(plugged))


def _keepalive(phone: Phone) -> Piece:
    if not phone.keepalive_running:
        return _warn("installed, and not running" if phone.keepalive_installed else "none")
    state = phone.keepalive_state or "running"
    sign = _warn(f"{state}, and late with its word") if phone.keepalive_late else _well(state)
    drops = "" if phone.drops is None else count(round(phone.drops), "drop")
    back = "" if not phone.recoveries else f", {round(phone.recoveries)} cured"
    last = " ".join(filter(None, (written(phone.last_drop), phone.last_drop_why and f"({phone.last_drop_why})")))
    return (sign, _small(drops + back + (f", last {last}" if last and phone.drops else "")))


def _battery(phone: Phone) -> Piece:
    if phone.battery_percent is None:
        return None
    level = min(max(phone.battery_percent, 0.0), 100.0)
    said = f"{level:g}{NO_BREAK}%"
    fed = {True: "charging or full", False: "on battery", None: ""}[phone.powered]
    low = level < LOW_PERCENT or phone.powered is False
    health = phone.health if phone.health not in ("", "good") else ""
    words = ", ".join(filter(None, (fed, health and f"health: {health}")))
    return (_meter(level, "warn" if low else "good"), tag("span", said), _small(words))


def _meter(level: float, tone: str) -> Markup:
    """A battery, as full as it is. The number stands beside it."""
    fill = tag("rect", x=3, y=3, width=round(level / 100 * 26, 1), height=8, rx=1.5, cls=f"fill {tone}")
    case = tag("rect", x=1, y=1, width=30, height=12, rx=3.5, cls="case")
    end = tag("rect", x=32, y=4.5, width=2, height=5, rx=1, cls="end")
    return tag("svg", case, end, fill, cls="battery", viewBox="0 0 35 14", aria_hidden="true", focusable="false")


def _temperature(phone: Phone) -> Piece:
    if phone.celsius is None:
        return None
    said = f"{phone.celsius:.1f}{NO_BREAK}\N{DEGREE SIGN}C"
    if phone.celsius >= HOT:
        return (_bad(said), _small("too hot for a battery"))
    return (_warn(said), _small("warm")) if phone.celsius >= WARM else _well(said)


def _network(phone: Phone) -> Piece:
    if not (phone.sim or phone.operator):
        return None
    signal = [
        "" if phone.bars is None else f"{phone.bars:g} of 4 bars",
        "" if phone.rsrp is None else f"{phone.rsrp:g}{NO_BREAK}dBm",
        "mobile data off" if phone.mobile_data is False else "",
    ]
    said = phone.operator or f"SIM {phone.sim}"
    sign = _well(said) if phone.sim in ("loaded", "") and phone.mobile_data is not False else _bad(said)
    words = ", ".join(filter(None, (f"SIM {phone.sim}" if phone.sim and phone.operator else "", *signal)))
    return (sign, _small(words))


def _key(phone: Phone) -> Piece:
    if phone.key_expires is None:
        return None
    if not phone.key_expires:
        return _well("stays")
    return (_warn("expires"), _small("after some days without contact"))
