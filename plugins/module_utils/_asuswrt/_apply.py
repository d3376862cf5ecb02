# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a write is put into words, and what the router's answer says of it. Two endpoints end in the same table.

``applyapp.cgi`` runs the service that it is given. ``start_apply.htm`` is what the pages use: it has a mind of its own,
and may put a reboot in the service's place (382 web.c; seen to post on 386). It serves where the first is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadReply
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import parse_object

APP = "/applyapp.cgi"
PAGE = "/start_apply.htm"
REBOOT = "reboot"

_LIGHT_SECONDS = 10
"""What httpd says of ``start_multipath``, the one lighter service that it chooses by itself."""
_VERDICT = re.compile(r"\b(done_committing|no_changes_and_no_committing)\(\);")
_NEEDED = re.compile(r"\brestart_needed_time\((\d+)\);")
_DOING = "storing the settings"


@dataclass(frozen=True)
class Written:
    """What the router said of a write. None of it is proof: read back."""

    modified: bool
    service: str
    """What it runs now, by its own word; empty for nothing."""


def by_unit(values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Writes of ``wanN_…`` as the pages post them, one for each unit: ``wan_unit``, and names without the number.

    httpd knows ``wan1_…`` only once ``wan_ifnames`` has a second word, which it gets at boot (382 web.c). Leaves
    ``wan_unit`` on the last unit, as the page of a line does.
    """
    for unit in sorted({name[3] for name in values}):
        prefix = f"wan{unit}_"
        of_unit = {name.replace(prefix, "wan_", 1): value for name, value in values.items() if name.startswith(prefix)}
        yield {"wan_unit": unit, **of_unit}


def stored_as(posted: Mapping[str, str]) -> dict[str, str]:
    """The names that a write ends up under."""
    if "wan_unit" not in posted:
        return dict(posted)
    prefix = f"wan{posted['wan_unit']}_"
    return {name.replace("wan_", prefix, 1): value for name, value in posted.items() if name != "wan_unit"}


def app_form(changes: Mapping[str, str], service: str) -> dict[str, str]:
    """Fields for :data:`APP`."""
    return {"action_mode": "apply", **changes, **({"rc_service": service} if service else {})}


def app_answer(text: str) -> Written:
    """Raises BadReply for anything but its own form."""
    answer = parse_object(text, doing=_DOING)
    if "modify" not in answer:
        raise _unclear(f"The router answered {answer} to a write")
    return Written(str(answer["modify"]) == "1", str(answer.get("run_service", "")))


def page_form(changes: Mapping[str, str], service: str) -> dict[str, str]:
    """Fields for :data:`PAGE`. It puts ``wan_unit`` behind a ``…_wan_if`` by itself, so that goes in as a field.

    The mode ``apply`` runs the service always, as one that got lost is asked for with values that are stored already;
    ``apply_new``, which the pages post, only where something is new (382 web.c).
    """
    script, _blank, unit = service.partition("_wan_if ")
    return {
        "current_page": "Advanced_WANPort_Content.asp",
        "next_page": "Advanced_WANPort_Content.asp",
        "modified": "0",
        "action_mode": "apply",
        "action_script": f"{script}_wan_if" if unit else service,
        "action_wait": str(_LIGHT_SECONDS),
        **({"wan_unit": unit} if unit else {}),
        **changes,
    }


def page_answer(text: str, service: str) -> Written:
    """The verdict stands as calls of functions at the page's end. Longer than the lightest service means a reboot."""
    verdict = _VERDICT.findall(text)
    if not verdict:
        raise _unclear("The router answered a write with a page that has no verdict")
    needed = _NEEDED.search(text)
    if needed is None:
        return Written(verdict[-1] == "done_committing", "")
    runs = REBOOT if int(needed.group(1)) > _LIGHT_SECONDS else service
    return Written(verdict[-1] == "done_committing", runs)


def _unclear(happened: str) -> BadReply:
    return BadReply(happened, doing=_DOING, cure="Nothing is known of what it kept; run again, which is safe")
