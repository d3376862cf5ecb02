# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is of LlamaLab Automate on a phone, and what can be done about a flow from outside. Pure.

Known: how a flow's shortcut starts it, and that it can be started by ``am start`` (users do); that a flow's URI is one
installation's own; that the USB tethering block wants Automate's privileged service. That service listens at a socket
named after its component for as long as it lives, as a look into the app shows, so ``/proc/net/unix`` tells of it.
Which flows run, the app tells nobody outside, nor does it end a single one: what was started is written down on the
phone, with the count of boots, and counts as running while the app's service does.

The shell may be cut off at any step, by a cable or by adbd's end. So what is to be undone one day is written down
before it is done; and so is the flow where no other runs that could be taken for it, since one that was started and not
written down would be started a second time, beside the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections

PACKAGE = "com.llamalab.automate"
FLOW = re.compile(r"content://com\.llamalab\.automate\.provider/flows/[0-9]{1,9}(/statements/[0-9]{1,9})?")
"""As the block Flow beginning shows it."""
NOTE = "/data/local/tmp/homelab.dualwan.automate"
"""Beside the scripts' directory, which goes with them."""
REFUSED = 3
"""The exit code of :func:`commands` where Android does not start the flow."""

_FRESH = f"{NOTE}.new"

_STATEMENT = "vnd.android.cursor.item/vnd.com.llamalab.automate.provider.flow_statement"
_START = f"am start -a {PACKAGE}.intent.action.START_FLOW -p {PACKAGE}"

NOTE_PROBE: Mapping[str, str] = {"automate_note": f"cat {NOTE}"}
AUTOMATE_PROBE: Mapping[str, str] = {
    "automate_app": f"pm path {PACKAGE}",
    "automate_privileged": f"grep -c {PACKAGE}.PrivilegedService /proc/net/unix",
    "automate_service": f"dumpsys activity services {PACKAGE} | grep -c 'ServiceRecord.*AutomateService'",
    # Lines such as `user,com.llamalab.automate,10234`.
    "automate_exempt": f"cmd deviceidle whitelist | grep -c ',{PACKAGE},'",
    "boot_count": "settings get global boot_count",
}


@dataclass(frozen=True)
class Automate:
    """What is on the phone."""

    installed: bool
    privileged: bool
    """Its privileged service lives, by which a flow may switch tethering."""
    service: bool
    """Its own service does, which is so while any flow runs."""
    exempt: bool
    """Android's battery optimisation leaves it alone."""
    boots: str
    flow: str | None
    """Which one was started by us last."""
    flow_boots: str
    exempted: bool
    """It was us who took it out of the battery optimisation."""

    @property
    def noted(self) -> bool:
        """Whether anything of ours is written down."""
        return self.flow is not None or self.exempted

    def running(self, flow: str | None) -> bool:
        """Whether ``flow`` was started since the phone's last boot and Automate has run since."""
        return self.service and self.flow is not None and self.flow == flow and self.flow_boots == self.boots

    def as_result(self) -> dict[str, Any]:
        """As the modules return it."""
        return {
            "installed": self.installed,
            "privileged_service": self.privileged,
            "any_flow_runs": self.service,
            "battery_optimised": not self.exempt if self.installed else None,
            "flow_started": self.flow if self.running(self.flow) else None,
        }


def automate_from(sections: Sections) -> Automate:
    """Read the sections of :data:`NOTE_PROBE`, and those of :data:`AUTOMATE_PROBE` where they were asked."""
    note = dict(line.split("=", 1) for line in sections["automate_note"].splitlines() if "=" in line)
    return Automate(
        installed=sections.get("automate_app", "").startswith("package:"),
        privileged=_some(sections, "automate_privileged"),
        service=_some(sections, "automate_service"),
        exempt=_some(sections, "automate_exempt"),
        boots=sections.get("boot_count", ""),
        flow=note.get("flow"),
        flow_boots=note.get("boots", ""),
        exempted=note.get("exempted") == "yes",
    )


def _some(sections: Sections, name: str) -> bool:
    count = sections.get(name, "")
    return count.isdigit() and int(count) > 0


@dataclass(frozen=True)
class AutomatePlan:
    """The steps, in this order."""

    exempt: bool = False
    start: bool = False
    restore: bool = False
    """Back into the battery optimisation, if it was us who took it out."""
    forget: bool = False

    @property
    def changes(self) -> bool:
        return self.exempt or self.start or self.restore or self.forget


def plan(state: str, flow: str | None, now: Automate) -> AutomatePlan:
    """From what is there to ``state``. No flow can be paused or stopped from outside."""
    if state == "absent":
        return AutomatePlan(forget=now.noted, restore=now.exempted)
    if state != "started":
        return AutomatePlan()
    return AutomatePlan(exempt=not now.exempt, start=not now.running(flow))


def commands(planned: AutomatePlan, flow: str | None, now: Automate) -> str:
    """For the phone's shell; ends at the first step that fails, and with :data:`REFUSED` where that is the start."""
    lines = ["set -e"]
    exempted = planned.exempt or now.exempted
    starts = flow if planned.start else None
    before = _note(flow, now.boots, exempted=exempted)
    unstarted = _note(now.flow, now.flow_boots, exempted=exempted)
    if starts and not now.service:
        lines.append(before)
    elif planned.exempt:
        lines.append(unstarted)
    if planned.exempt:
        lines.append(f"cmd deviceidle whitelist +{PACKAGE} >&2")
    if starts:
        # The type where it is known; else Android asks the app for it.
        kind = f" -t {_STATEMENT}" if "/statements/" in starts else ""
        lines.append(f"said=$({_START} -d {quote(starts)}{kind} 2>&1) || true")
        lines.append(f'case $said in\n*Error* | *Exception*)\necho "$said" >&2\n{unstarted}\nexit {REFUSED} ;;\nesac')
        if now.service:
            lines.append(before)
    if planned.restore:
        lines.append(f"cmd deviceidle whitelist -{PACKAGE} >/dev/null || true")
    if planned.forget:
        lines.append(f"rm -f {NOTE} {_FRESH}")
    return "\n".join(lines)


def _note(flow: str | None, boots: str, *, exempted: bool) -> str:
    """Steps that write it down, in one piece or not at all."""
    if not flow and not exempted:
        return f"rm -f {NOTE}"
    words = [f"flow={flow}", f"boots={boots}"] if flow else []
    text = "\n".join([*words, f"exempted={'yes' if exempted else 'no'}"])
    return f"cat >{_FRESH} <<'END' || {{ rm -f {_FRESH}; exit 1; }}\n{text}\nEND\nmv -f {_FRESH} {NOTE}"


def by_hand(state: str, now: Automate) -> tuple[str, ...]:
    """What nobody can do from outside."""
    wants = {
        "install LlamaLab Automate on the phone, and make a flow that switches USB tethering on": not now.installed
        and state == "started",
        "start Automate's privileged service, in its settings: the block that switches USB tethering needs it. Without "
        "root it ends with each reboot of the phone, and with adbd": now.installed
        and not now.privileged
        and state == "started",
        "let Automate run on system startup, in its settings: whether it does is told to nobody": now.installed
        and state == "started",
        "stop the flow in Automate: nobody can from outside": now.service and state != "started",
    }
    return tuple(text for text, wanted in wants.items() if wanted)
