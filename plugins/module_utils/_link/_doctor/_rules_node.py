# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about the machine that asks, its way to the router, and what earlier runs left to do."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._looks import Look, shown_if
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._rule import (
    ERROR,
    NODE,
    NOTICE,
    ROUTER,
    WARNING,
    Rule,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._link._doctor._scene import Scene

CLOCK_SECONDS = 120
"""From here on times in two logs are hard to lay beside each other; certificates and data caps bear more."""
RESTARTED = 30 * 86400
"""A router whose clock was never set is years off."""

UNREACHED: Mapping[str, str] = {
    "unreachable": "Nothing answers at the router's address",
    "not_asuswrt": "What answers at the router's address is no Asuswrt",
    "certificate_not_trusted": "The router's certificate is not trusted, so no password was sent",
    "wrong_password": "The router refused user name or password",
    "locked_out": "The router is locked after failed logins",
    "login_refused": "The router takes no login",
    "other": "The router was asked, and gave no answer that can be used",
}
"""By the reason of the error. Which goes for any reason that is not here is the last."""


def _unreached(reason: str) -> Look:
    def look(scene: Scene) -> str | None:
        error = scene.router_error
        known = error.reason if error and error.reason in UNREACHED else "other"
        return error.happened if error and known == reason else None

    return look


def _cure(scene: Scene) -> str:
    return scene.router_error.cure if scene.router_error else "See docs/guides/errors.md"


def _skew(scene: Scene) -> str | None:
    skew = scene.node.skew_seconds
    if skew is None or abs(skew) <= CLOCK_SECONDS:
        return None
    days, side = abs(skew) / 86400, "ahead of" if skew > 0 else "behind"
    return f"{f'{days:.0f} days' if days >= 2 else f'{abs(skew):.0f} s'} {side} this machine's"


def _dns(said: str, evidence: str) -> Look:
    return lambda scene: shown_if(scene.node.dns == said, evidence)


def _elsewhere(scene: Scene) -> str | None:
    gateway = scene.node.gateway
    own = scene.router.nvram["lan_ipaddr"] if scene.router else ""
    return shown_if(
        scene.node.beside and own and gateway and gateway != own,
        f"its default route goes by {gateway}, and the router is {own}",
    )


def _owed(scene: Scene) -> str | None:
    return shown_if(scene.leftover.told and scene.leftover.owed != "none", scene.leftover.told)


def _drill(name: str) -> Look:
    return lambda scene: scene.drill.what if scene.drill and scene.drill.id == name else None


def _taken_back(scene: Scene) -> str | None:
    return shown_if(scene.leftover.restore, scene.leftover.told)


RULES = (
    *(
        Rule(
            f"router_{reason}" if reason != "other" else "router_unreadable",
            ERROR,
            NODE,
            what,
            _unreached(reason),
            _cure,
            "docs/guides/errors.md",
        )
        for reason, what in UNREACHED.items()
    ),
    Rule(
        "unfinished_drill",
        ERROR,
        ROUTER,
        "A drill ended without giving the line back",
        _drill("unfinished_drill"),
        lambda scene: scene.drill.cure if scene.drill else "Run check.yml, which gives it back",
        "complaints 20",
        ("on_backup", "no_internet", "primary_disabled", "secondary_disabled", "primary_disconnected"),
    ),
    Rule(
        "unfinished_switch",
        ERROR,
        ROUTER,
        "A line was to be switched off, and that run ended before the traffic had moved",
        _drill("unfinished_switch"),
        lambda scene: scene.drill.cure if scene.drill else "Run check.yml, which switches it on again",
        "docs/guides/one-line.md",
        ("on_backup", "no_internet", "primary_disabled", "secondary_disabled", "primary_disconnected"),
    ),
    Rule(
        "drill_running",
        NOTICE,
        ROUTER,
        "A drill is running, so what is seen now is its doing",
        _drill("drill_running"),
        "Wait until it has ended",
        "complaints 20",
        ("on_backup", "no_internet", "primary_disabled", "secondary_disabled", "primary_disconnected"),
    ),
    Rule(
        "unfinished_change",
        ERROR,
        ROUTER,
        "An earlier run ended in the middle of its change, and the internet is not back",
        _taken_back,
        "Run site.yml, which writes the former values again",
        "docs/guides/way-back.md",
        ("no_internet", "primary_disconnected"),
    ),
    Rule(
        "service_owed",
        WARNING,
        ROUTER,
        "An earlier run stored settings, and what makes them true was not seen to run",
        _owed,
        "Run site.yml, which asks for it",
        "docs/guides/way-back.md",
        ("usb_not_taken", "dual_wan_off"),
    ),
    Rule(
        "not_verified",
        WARNING,
        NODE,
        "The password goes to whatever answers at the router's address: its certificate is not checked",
        lambda scene: shown_if(scene.node.tls and not scene.node.verified, "validate_certs is false, without a pin"),
        "Set certificate_fingerprint (in the inventory asuswrt_certificate_fingerprint)",
        "docs/decisions/certificate-pin.md",
    ),
    Rule(
        "not_encrypted",
        WARNING,
        NODE,
        "The password goes over the network in the clear",
        lambda scene: shown_if(not scene.node.tls, "tls is false"),
        "Switch HTTPS on (Administration, System, Authentication Method), and set tls: true",
        "docs/decisions/certificate-pin.md",
    ),
    Rule(
        "dns_silent",
        WARNING,
        NODE,
        "The router's name server does not answer this machine",
        _dns("silent", "a question over UDP was not answered within its time"),
        "Apply LAN, DHCP Server in the router again; look whether its name servers work on the line in use",
        "complaints 4, G#918",
    ),
    Rule(
        "dns_failing",
        ERROR,
        NODE,
        "The router's name server answers, and resolves nothing",
        _dns("failing", "it answered that it failed"),
        "Apply LAN, DHCP Server in the router again; look whether its name servers work on the line in use",
        "complaints 4, G#918",
    ),
    Rule(
        "dns_refused",
        NOTICE,
        NODE,
        "The router serves no names to this machine",
        _dns("refused", "its port is closed"),
        "If another machine serves names in the house, look whether it reaches the internet by both lines",
        "complaints 4",
    ),
    Rule(
        "clock_differs",
        WARNING,
        NODE,
        "The router's clock differs from this machine's",
        _skew,
        "Set the right NTP server and time zone (Administration, System) in the router, or this machine's clock",
        "web API: Date header; complaints 9: data caps go by that clock",
    ),
    Rule(
        "node_elsewhere",
        NOTICE,
        NODE,
        "This machine does not go to the internet by that router, so a drill from here would measure another line",
        _elsewhere,
        "Run the drill from a machine that has the router as its default gateway",
        "complaints 20",
    ),
)
