# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do with one line, and whether it has come of it. Pure: wish and stored values in, plan out.

The failover daemon never counts a line that is switched off as lost (382 and 3006, ``rc/wanduck.c``): switching off the
line that carries the traffic would end the internet, with the backup idle beside it. So the other line is dialled
first, and ``start_multipath`` moves the traffic over: it takes the connected line where the current one is not
(382, ``rc/services.c``; that 386 and later do the same is a guess, which the reading back afterwards would show).
A line that somebody switched off otherwise, or a task that ended in between, may have left the traffic on: then moving
it is all there is to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._carrier import takes_over
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import wait_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import (
    CONNECTED,
    DISABLED,
    Wan,
    dashboard,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._plan import MULTIPATH
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

UNDER_WAY = ("1", "6")
"""``wanN_state_t`` of a line that is connecting or stopping: the page calls it a cold standby all the same."""
WITHOUT_LINK = ("unplugged", "phone_missing")


@dataclass(frozen=True)
class WanWish:
    """The options of ``asus_wan``."""

    unit: int
    state: str
    """``enabled``, ``disabled`` or ``reconnected``."""
    even_without_backup: bool = False

    @property
    def setting(self) -> str:
        """The nvram variable of the switch."""
        return f"wan{self.unit}_enable"


@dataclass(frozen=True)
class WanPlan:
    """What to store and what to request. Nothing is to be done where there is no service."""

    values: dict[str, str]
    service: str = ""
    dial: str = ""
    """What connects the other line beforehand, so that it can take over."""
    hand_over: str = ""
    """What moves the traffic to the other line afterwards."""

    @property
    def moves(self) -> bool:
        """Whether the traffic is to be on the other line in the end."""
        return MULTIPATH in (self.service, self.hand_over)

    @property
    def activation(self) -> str:
        """For people: the services in their order, or ``none``."""
        return ", then ".join(filter(None, (self.dial, self.service, self.hand_over))) or "none"


def wan_wish_from(params: Mapping[str, Any]) -> WanWish:
    """Read and check the options; raises BadWish."""
    wait_from(params)
    return WanWish(int(params["wan"] == "secondary"), params["state"], params["even_without_backup"])


def pair(wish: WanWish, nvram: Nvram) -> tuple[Wan, Wan]:
    """The line that is meant, and the other one."""
    wans = dashboard(nvram).wans
    return wans[wish.unit], wans[1 - wish.unit]


def wan_plan(wish: WanWish, nvram: Nvram) -> WanPlan:
    """The way from ``nvram`` to the wish. Raises BadWish for what cannot be, or would cut off whoever asks."""
    wan, other = pair(wish, nvram)
    if wan.type == "none":
        raise BadWish(
            f"wan is {wan.role}, and Dual WAN is off on this router",
            cure="Switch Dual WAN on first, with asus_dualwan and state: enabled",
        )
    if wish.state == "reconnected":
        if wan.status == "disabled":
            raise BadWish(f"The {wan.role} WAN is switched off", cure="Give state: enabled, which connects it as well")
        _refuse_the_cut(wish, wan, other, nvram)
        return WanPlan({}, _restart(wish.unit))
    if wish.state == "enabled":
        return WanPlan({}) if _is_on(wish, nvram) else WanPlan(_stored(wish, nvram, "1"), _restart(wish.unit))
    _refuse_the_cut(wish, wan, other, nvram)
    return _switch_off(wish, wan, other, nvram)


def _switch_off(wish: WanWish, wan: Wan, other: Wan, nvram: Nvram) -> WanPlan:
    off, moves = _is_off(wish, nvram), _moves(wan, other, nvram)
    dial = _restart(other.unit) if moves and nvram[f"wan{other.unit}_state_t"] != CONNECTED else ""
    if off:
        return WanPlan({}, MULTIPATH, dial) if moves else WanPlan({})
    return WanPlan(_stored(wish, nvram, "0"), _restart(wish.unit), dial, MULTIPATH if moves else "")


def _moves(wan: Wan, other: Wan, nvram: Nvram) -> bool:
    """Whether the traffic is on this line and has another to go to."""
    return wan.active and takes_over(other, nvram) and nvram["wans_mode"] in ("fo", "fb")


def reached(wish: WanWish, planned: WanPlan, nvram: Nvram) -> bool:
    """Whether the line is where it is wanted."""
    wan, other = pair(wish, nvram)
    if wish.state == "disabled":
        return _is_off(wish, nvram) and (other.active or not planned.moves)
    return wan.in_order and nvram[f"wan{wish.unit}_state_t"] not in UNDER_WAY


def has_no_link(wan: Wan) -> bool:
    """Whether its cable or its phone is missing."""
    return wan.status in WITHOUT_LINK


def _restart(unit: int) -> str:
    """``applyapp.cgi`` appends no unit; ``start_apply.htm`` would (seen on the genuine httpd of 386)."""
    return f"restart_wan_if {unit}"


def _stored(wish: WanWish, nvram: Nvram, value: str) -> dict[str, str]:
    """Nothing where the value is stored already, and the line does not follow it: it was set over SSH, say."""
    return {} if nvram[wish.setting] == value else {wish.setting: value}


def _is_on(wish: WanWish, nvram: Nvram) -> bool:
    return nvram[wish.setting] == "1" and nvram[f"wan{wish.unit}_state_t"] != DISABLED


def _is_off(wish: WanWish, nvram: Nvram) -> bool:
    return nvram[wish.setting] == "0" and nvram[f"wan{wish.unit}_state_t"] == DISABLED


def _refuse_the_cut(wish: WanWish, wan: Wan, other: Wan, nvram: Nvram) -> None:
    balances = nvram["wans_mode"] == "lb" and wan.status == "connected"
    if not (wan.active or balances) or takes_over(other, nvram) or wish.even_without_backup:
        return
    if _is_off(wish, nvram):
        raise BadWish(
            f"The {wan.role} WAN is off and still the one in use, and the {other.role} could not take over "
            f"({other.why}): there is no internet",
            cure=f"Put the {other.role} in order, or give state: enabled, which switches the {wan.role} on again; "
            "even_without_backup: true leaves it as it is",
        )
    raise BadWish(
        f"The {wan.role} WAN carries the traffic, and the {other.role} could not take over ({other.why}): "
        "whoever manages this router through it would be cut off",
        cure=f"Put the {other.role} in order first, or set even_without_backup: true where you reach the router "
        "from its LAN",
    )
