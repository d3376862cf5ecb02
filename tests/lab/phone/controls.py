# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words after ``ctl phone``."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from .automate import STATES
from .commands.apps import STATES as AM
from .commands.su import ROOTS
from .usb import MAKERS

if TYPE_CHECKING:
    from .phone import Phone

Control = Callable[["Phone", list[str]], Awaitable[object]]


async def _state(phone: Phone, words: list[str]) -> object:
    processes = await phone.processes() if phone.powered else []
    return {**phone.state(), "processes": processes}


async def _log(phone: Phone, words: list[str]) -> object:
    return phone.journal.entries()


async def _forget(phone: Phone, words: list[str]) -> object:
    phone.journal.forget()
    return None


async def _reboot(phone: Phone, words: list[str]) -> object:
    phone.reboot("ctl phone reboot")
    return None


async def _drop(phone: Phone, words: list[str]) -> object:
    phone.adb.drop("ctl phone drop")
    return None


async def _restart_adbd(phone: Phone, words: list[str]) -> object:
    await phone.restart_adbd("ctl phone restart-adbd")
    return None


async def _set(phone: Phone, words: list[str]) -> object:
    if len(words) != 2 or words[0] not in SETTINGS:
        raise ValueError(f"phone set: KEY VALUE is wanted, KEY one of {', '.join(SETTINGS)}")
    await SETTINGS[words[0]](phone, words[1])
    return None


CONTROLS: dict[str, Control] = {
    "state": _state,
    "log": _log,
    "forget-log": _forget,
    "reboot": _reboot,
    "drop": _drop,
    "restart-adbd": _restart_adbd,
    "set": _set,
}

Setting = Callable[["Phone", str], Awaitable[None]]


def _one_of(value: str, *allowed: str) -> str:
    if value not in allowed:
        raise ValueError(f"one of {', '.join(allowed)} is wanted, not {value!r}")
    return value


def _truth(value: str) -> bool:
    return _one_of(value, "true", "false") == "true"


async def _android(phone: Phone, value: str) -> None:
    await phone.reset(value)


async def _gadget(phone: Phone, value: str) -> None:
    phone.handset.usb.gadget = _one_of(value, "hal", "legacy")


async def _maker(phone: Phone, value: str) -> None:
    phone.handset.usb.maker = _one_of(value, *MAKERS)


async def _authorised(phone: Phone, value: str) -> None:
    await phone.adb.allow(_truth(value))


async def _days_away(phone: Phone, value: str) -> None:
    await phone.days_away(int(value))


async def _offline(phone: Phone, value: str) -> None:
    phone.adb.offline = _truth(value)
    phone.adb.drop("offline" if phone.adb.offline else "no longer offline")


async def _lock(phone: Phone, value: str) -> None:
    phone.handset.set_screen(secure=_one_of(value, "none", "secure") == "secure")


async def _screen(phone: Phone, value: str) -> None:
    phone.handset.set_screen(keyguard=_one_of(value, "locked", "unlocked") == "locked")


async def _mobile_data(phone: Phone, value: str) -> None:
    phone.handset.set_mobile_data(_truth(value))


async def _upstream(phone: Phone, value: str) -> None:
    phone.handset.tether.mobile_reaches = _truth(value)


async def _wifi(phone: Phone, value: str) -> None:
    phone.handset.set_wifi(_truth(value))


async def _data_saver(phone: Phone, value: str) -> None:
    phone.handset.tether.set_data_saver(_truth(value))


async def _storage(phone: Phone, value: str) -> None:
    await phone.set_storage(_one_of(value, "ok", "full", "ro"))


async def _tmp(phone: Phone, value: str) -> None:
    await phone.set_tmp(_one_of(value, "rw", "ro"))


async def _functions(phone: Phone, value: str) -> None:
    phone.handset.usb.supported = frozenset(name for name in value.split(",") if name)


async def _root(phone: Phone, value: str) -> None:
    phone.set_root(_one_of(value, *ROOTS))


async def _automate(phone: Phone, value: str) -> None:
    phone.handset.automate.become(_one_of(value, *STATES))


async def _am(phone: Phone, value: str) -> None:
    phone.handset.am = _one_of(value, *AM)


async def _ethernet_tether(phone: Phone, value: str) -> None:
    phone.handset.ethernet.switch(_truth(value))


async def _adb_over(phone: Phone, value: str) -> None:
    phone.set_adb_over(_one_of(value, "network", "usb"))


async def _drop_at(phone: Phone, value: str) -> None:
    count = int(value)
    if count < 0:
        raise ValueError("drop_at counts requests from now: 1 is the next, 0 none")
    phone.adb.drop_at = count or None


async def _svc(phone: Phone, value: str) -> None:
    phone.handset.svc_mute = _one_of(value, "mute", "ok") == "mute"


async def _services(phone: Phone, value: str) -> None:
    phone.hold_services(_one_of(value, "late", "ok") == "late")


async def _hal(phone: Phone, value: str) -> None:
    phone.handset.usb.hal_answers = _one_of(value, "mute", "ok") == "ok"


async def _subnet(phone: Phone, value: str) -> None:
    phone.handset.tether.use(ipaddress.IPv4Network(value))


async def _tether_error(phone: Phone, value: str) -> None:
    phone.handset.tether.fail(int(value))


async def _battery(phone: Phone, value: str) -> None:
    battery = phone.handset.battery
    battery.set(level=int(value), temperature=battery.temperature)


async def _temperature(phone: Phone, value: str) -> None:
    battery = phone.handset.battery
    battery.set(level=battery.level, temperature=int(value))


async def _sim(phone: Phone, value: str) -> None:
    phone.handset.radio.sim = _one_of(value, "loaded", "absent", "pin_required").upper()


async def _second_sim(phone: Phone, value: str) -> None:
    chosen = _one_of(value, "none", "loaded", "absent", "pin_required")
    phone.handset.set_second_sim(None if chosen == "none" else chosen.upper())


async def _signal(phone: Phone, value: str) -> None:
    phone.handset.radio.rsrp = int(value)


SETTINGS: dict[str, Setting] = {
    "android": _android,
    "gadget": _gadget,
    "maker": _maker,
    "authorised": _authorised,
    "days_away": _days_away,
    "offline": _offline,
    "lock": _lock,
    "screen": _screen,
    "mobile_data": _mobile_data,
    "upstream": _upstream,
    "wifi": _wifi,
    "data_saver": _data_saver,
    "storage": _storage,
    "tmp": _tmp,
    "functions": _functions,
    "root": _root,
    "automate": _automate,
    "am": _am,
    "ethernet_tether": _ethernet_tether,
    "adb_over": _adb_over,
    "drop_at": _drop_at,
    "svc": _svc,
    "services": _services,
    "hal": _hal,
    "subnet": _subnet,
    "tether_error": _tether_error,
    "battery": _battery,
    "temperature": _temperature,
    "sim": _sim,
    "second_sim": _second_sim,
    "signal": _signal,
}
