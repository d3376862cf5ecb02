# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to write: ``applyapp.cgi``/``apply.cgi`` for apps, ``start_apply.htm`` for the pages (web API facts 4.1)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from .faults import Faults
from .journal import Entry
from .nvram import Nvram
from .profiles import Profile
from .rc import Rc
from .refusal import NotSimulated
from .storing import Stored, store
from .wanduck import FREEZE_SECONDS
from .wire import Reply

_NOT_SETTINGS = frozenset(
    """action_mode action_script action_wait rc_service current_page next_page modified flag first_time group_id
    preferred_lang firmver productid""".split()
)
_KNOWN_BUT_NOT_MODELLED = frozenset(
    ("Restore", "logout", "change_wan_unit", " Refresh ", "start_simpin", "firmware_check")
)
_PAGE_BYTES = 24_000
"""The genuine answer is that long, and the verdict stands at its end."""

_MULTIPATH_WAIT = "10"
_WHATEVER_STOOD_THERE = 1735681
"""``restart_needed_time`` may be junk (web API facts 4.1): here it is unless the service is a reboot."""

_PAGE_HEAD = """<html>
<head>
<title>ASUS Wireless Router</title>
<script>
var restart_time = 0;
function restart_needed_time(second){ restart_time = second; }
function no_changes_and_no_committing(){ restart_time = 0; }
function done_validating(){ }
function done_committing(){ }
</script>
</head>
<body>
"""


class ApplyPages:
    """Both handlers end in the same table."""

    def __init__(
        self,
        nvram: Nvram,
        profile: Profile,
        rc: Rc,
        faults: Faults,
        reboot_time: Callable[[], int],
    ) -> None:
        self._nvram = nvram
        self._profile = profile
        self._rc = rc
        self._faults = faults
        self._reboot_time = reboot_time

    async def apply_app(self, posted: Mapping[str, str], entry: Entry) -> Reply:
        """``applyapp.cgi`` and ``apply.cgi``."""
        mode = posted.get("action_mode", "")
        service = posted.get("rc_service", "")
        if mode in ("apply", "apply_new"):
            stored = self._store(posted, entry)
            entry.service = service
            if mode == "apply_new" and not stored.changed:
                return Reply("")
            answer: dict[str, str | int] = {"modify": str(int(bool(stored.changed)))}
            if service:
                # An echo and no more: the same stands here if rc was too busy to be told (web API facts 9).
                answer["run_service"] = service
                await self._run(service)
            if self._profile.replies.restart_needed_time:
                answer["restart_needed_time"] = self._reboot_time() if service == "reboot" else _WHATEVER_STOOD_THERE
            return Reply("{ " + ", ".join(f'"{name}": {json.dumps(value)}' for name, value in answer.items()) + " }\n")
        if mode == "reboot" or (mode == " Restart " and posted.get("action_script")):
            # Seen: " Restart " reboots whatever the script says.
            entry.service = "reboot"
            await self._run("reboot")
            return Reply("")
        if mode in _KNOWN_BUT_NOT_MODELLED:
            raise NotSimulated(f"action_mode {mode!r}")
        return Reply("")

    async def start_apply(self, posted: Mapping[str, str], entry: Entry) -> Reply:
        """``start_apply.htm`` and ``start_apply2.htm``."""
        mode = posted.get("action_mode", "")
        if mode not in ("apply", "apply_new"):
            raise NotSimulated(f"start_apply.htm with action_mode {mode!r}")
        stored = self._store(posted, entry)
        calls = ["done_committing();" if stored.changed else "no_changes_and_no_committing();"]
        script, wait = self._choose_script(posted, stored)
        if script and (stored.changed or mode == "apply"):
            entry.service = script
            calls.append(f"restart_needed_time({wait});")
            await self._run(script)
        tail = "".join(f"<script>{call}</script>\n" for call in calls) + "</body>\n</html>\n"
        filler = "<!-- " + "." * (_PAGE_BYTES - len(_PAGE_HEAD) - len(tail)) + " -->\n"
        return Reply(_PAGE_HEAD + filler + tail)

    def _store(self, posted: Mapping[str, str], entry: Entry) -> Stored:
        entry.names = [name for name in posted if name not in _NOT_SETTINGS]
        stored = store(posted, self._nvram, self._profile, self._faults.dropped_names)
        entry.changed = stored.changed
        entry.swapped = stored.swapped
        return stored

    def _choose_script(self, posted: Mapping[str, str], stored: Stored) -> tuple[str, str]:
        """Dual-WAN facts 2.2, 4: httpd has its own mind if nothing but wans_dualwan and wans_mode changed."""
        script = posted.get("action_script", "").strip()
        wait = posted.get("action_wait", "")
        if not stored.generic:
            modem_plugged = self._nvram.get("usb_path1") == "modem"
            if stored.reboot or (stored.add_usb and modem_plugged):
                if script not in ("", "reboot"):
                    # A reboot is put behind it with a blank between, which rc might take for a parameter.
                    raise NotSimulated(f"action_script {script!r} where httpd adds a reboot to it")
                script, wait = "reboot", str(self._reboot_time())
            elif stored.add_usb or stored.remove_usb:
                script, wait = "start_multipath", _MULTIPATH_WAIT
        unit = self._nvram.get("wan_unit") or "0"
        return script.replace("_wan_if", f"_wan_if {unit}"), wait or "0"

    async def _run(self, script: str) -> None:
        self._nvram.set("freeze_duck", FREEZE_SECONDS)
        await self._rc.notify(script, "httpd")
