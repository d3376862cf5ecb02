# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``backup_link_report``: a page from what other tasks found, and the plot of the last drill as a file.

Nothing is asked of a device. The same input gives the same bytes: the page says no time but those in its data, and
``seen_at`` if the caller gives one.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import (
    HTTP_PORT,
    HTTPS_PORT,
    Router,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._link._drill._history import load
from ansible_collections.homelab.dualwan.plugins.module_utils._link._files import Target, mode_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._colours import THEMES
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import Drill, drills_from
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._findings import Diagnosis
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._given import Given
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._page import (
    Content,
    page,
    summary,
    summary_in,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._plot import as_file
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._seen import (
    findings_from,
    link_from,
    phone_from,
    problems_from,
    timing_from,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._words import sentence
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

REPORT_VARIABLES = {"router": "asuswrt_host", "router_port": "asuswrt_port", "router_tls": "asuswrt_tls"}
"""By which the drills of the inventory's router are found."""
PLOT_FORMS = ("png", "svg")


def run(params: Params, here: Here) -> Result:
    """Write the page and the plot where they differ. All of the input is looked at before anything is written."""
    mode = mode_from("mode", params["mode"])
    form = _plot_form(params["plot"])
    content, notes = _content(params)
    targets = {"dest": Target(Path(params["dest"]), page(content).encode(), mode)}
    if form and content.last_drill:
        drawn = as_file(content.last_drill, form, THEMES[params["plot_theme"]])
        targets["plot"] = Target(Path(params["plot"]), drawn, mode)
    for target in targets.values():
        target.check()
    former = targets["dest"].former()
    fresh = {name: target for name, target in targets.items() if target.differs()}
    if not here.check_mode:
        for target in fresh.values():
            target.write()
    told = summary(content)
    return {
        "changed": bool(fresh),
        "dest": str(targets["dest"].path),
        "plot": str(targets["plot"].path) if "plot" in targets else None,
        "written": sorted(fresh),
        "told": told,
        "drills_shown": len(content.drills),
        "notes": [*notes, *_without_plot(form, content.last_drill)],
        "diff": {
            "before": _lines(summary_in((former or b"").decode(errors="replace"))),
            "after": _lines(told),
            "before_header": str(targets["dest"].path),
            "after_header": str(targets["dest"].path),
        },
    }


def _lines(said: list[str]) -> str:
    return "".join(f"{line}\n" for line in said)


def _without_plot(form: str | None, drill: Drill | None) -> list[str]:
    return ["There is no drill to plot"] if form and not drill else []


def _content(params: Params) -> tuple[Content, list[str]]:
    link, doctor, phone = (_given(params, name, module) for name, module in _FROM.items())
    found, remarks = _drills(params, link.text("mark") or doctor.text("mark"))
    drills = drills_from(found)
    seen = link_from(link) or link_from(doctor)
    timing = timing_from(link.one("timing")) or timing_from(doctor.one("timing"))
    by_doctor = "findings" in doctor.what
    diagnosis = Diagnosis(
        findings_from(doctor) if by_doctor else problems_from(link), by_doctor, by_doctor or bool(link.many("wans"))
    )
    notes = [
        f"{name} was not given: the page says so"
        for name, part in zip(_FROM, (link, doctor, phone), strict=True)
        if not part
    ]
    model = (seen.model if seen else "") or next((drill.model for drill in reversed(drills) if drill.model), "")
    title = params["title"] or (f"The backup link of {model}" if model else "The backup link")
    content = Content(
        title=title,
        seen_at=params["seen_at"] or "",
        link=seen,
        phone=phone_from(phone),
        timing=timing,
        diagnosis=diagnosis,
        drills=drills,
        why_no_lines=_why_no_lines(link, doctor),
        drills_looked_for=params["drills"] is not None or bool(params["router"]),
        drill_would_take=doctor.number("drill_would_take"),
        remarks=tuple(remarks),
        ready=(doctor if by_doctor else link).flag("ready"),
    )
    return content, [*notes, *remarks]


_FROM = {"link": "asus_wan_info", "doctor": "backup_link_doctor", "phone": "android_info"}


def _why_no_lines(link: Given, doctor: Given) -> str:
    if link or "wans" in doctor.what:
        why = sentence(link.text("msg"))
        return (
            f"The router did not tell of its lines. {why}" if why else "The router was not reached: see the findings."
        )
    return "The router was not asked for its lines. Give the result of asus_wan_info as link."


def _given(params: Params, name: str, module: str) -> Given:
    return Given(params[name] or {}, name, f"Give the result of {module} as it is, or leave it out")


def _drills(params: Params, mark: str) -> tuple[list[Given], list[str]]:
    """Those that were given, or those that are kept of the router with this mark; and what is to be said of them."""
    if params["drills"] is not None:
        cure = "Give what backup_link_drill returned, or its drill"
        given = [each.get("drill") or each for each in params["drills"]]
        return [_one_drill(each, f"drills[{number}]", cure) for number, each in enumerate(given)], []
    if not params["router"]:
        return [], []
    remarks: list[str] = []
    cure = "Remove that file from the history, or give drills yourself"
    kept = load(_router(params), remarks.append, mark or None)
    if (routers := len({each.get("of") for each in kept})) > 1:
        remarks.append(f"The drills of {routers} routers that were reached at this address")
    return [_one_drill(each, f"the drill {each.get('id')}", cure) for each in kept], remarks


def _one_drill(each: object, name: str, cure: str) -> Given:
    if not isinstance(each, dict):
        raise BadWish(f"{name} is no drill", cure=cure)
    return Given(each, name, cure)


def _router(params: Params) -> Router:
    """As the history names it. Nobody logs in."""
    tls, port = params["router_tls"], params["router_port"]
    return Router(params["router"].strip(), port or (HTTPS_PORT if tls else HTTP_PORT), tls, username="", password="")


def _plot_form(path: str | None) -> str | None:
    if path is None:
        return None
    form = Path(path).suffix.lower().removeprefix(".")
    if form not in PLOT_FORMS:
        raise BadWish(f"plot is {path}", cure="Give a path that ends in .png or .svg")
    return form
