# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``android_tether_keepalive``, checked before anything is touched."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._automate import FLOW
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import KeepaliveScript
from ansible_collections.homelab.dualwan.plugins.module_utils._android._layers import AUTO, AUTOMATE, Wanted
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Params

INTERVALS = range(1, 3601)
"""Above an hour nobody is helped."""
TEMPERATURES = range(20, 81)
"""Degrees Celsius; phones switch themselves off below the last."""
COMMAND_BYTES = 4096


@dataclass(frozen=True)
class KeepaliveOptions:
    """What the task asks for."""

    state: str
    wanted: Wanted
    script: KeepaliveScript
    flow: str | None = None
    """Of Automate, by its URI."""

    @property
    def about_automate(self) -> bool:
        """Whether the phone is to be asked about that app at all."""
        return self.flow is not None or AUTOMATE in self.wanted.strategy or self.state == "absent"


def options_from(params: Params) -> KeepaliveOptions:
    """Read them. Raises BadWish."""
    interval, hottest = params["interval"], params["max_battery_temperature"]
    command = None if params["command"] is None else params["command"].strip()
    strategy = tuple(dict.fromkeys(params["strategy"]))
    if not strategy or (AUTO in strategy and strategy != (AUTO,)):
        raise BadWish(f"strategy is {', '.join(strategy) or 'empty'}", cure="Give auto alone, or layers by name")
    if interval not in INTERVALS:
        raise BadWish(f"interval is {interval}", cure=f"Give {INTERVALS[0]} to {INTERVALS[-1]} seconds")
    if hottest and not TEMPERATURES.start <= hottest < TEMPERATURES.stop:  # so that no number is none, either
        raise BadWish(
            f"max_battery_temperature is {hottest}",
            cure=f"Give {TEMPERATURES[0]} to {TEMPERATURES[-1]} degrees Celsius, or 0 for no limit",
        )
    if command is not None and (not command or len(command.encode()) > COMMAND_BYTES or "\0" in command):
        raise BadWish("command is empty or too long", cure=f"Give one of at most {COMMAND_BYTES} bytes")
    if not params["cures"]:
        raise BadWish("cures is empty", cure="Name one at least, such as function")
    script = KeepaliveScript(
        interval=interval,
        function=params["function"],
        cures=tuple(dict.fromkeys(params["cures"])),
        hottest=round(hottest * 10),
        command=command,
        through_su=params["as_root"],
    )
    flow = _flow(params, strategy)
    wanted = Wanted(strategy, through_su=script.through_su, flow=flow is not None)
    return KeepaliveOptions(params["state"], wanted, script, flow)


def _flow(params: Params, strategy: tuple[str, ...]) -> str | None:
    flow = params["automate_flow"]
    if flow is None and AUTOMATE in strategy and params["state"] == "started":
        raise BadWish(
            "strategy has automate, and there is no automate_flow",
            cure="Give the flow's URI, which its block Flow beginning shows",
        )
    if flow is not None and not FLOW.fullmatch(flow):
        raise BadWish(
            "automate_flow is no URI of a flow",
            cure="Give it as the block Flow beginning shows it: "
            "content://com.llamalab.automate.provider/flows/1/statements/1",
        )
    return None if flow is None else str(flow)
