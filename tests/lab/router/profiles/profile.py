# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a firmware generation may differ in. The code of the router asks these fields, never for a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

PER_UNIT_PREFIX = "wan_"
"""A row ``wan_proto`` stands for ``wan0_proto`` and ``wan1_proto`` (382 web.c, validate_instance)."""

GLOBAL_DESPITE_PREFIX = frozenset({"wan_unit", "wan_primary"})

ErrorMember = Literal["captcha_on", "last_time_lock_warning"]


@dataclass(frozen=True)
class Setting:
    """A row of ``router_defaults``. A longer value than ``max_length`` is dropped without a word; 0 drops all."""

    default: str
    max_length: int


@dataclass(frozen=True)
class Login:
    """Who comes in, and what is counted meanwhile (web API facts 2)."""

    nonce: bool
    """Only ``get_Nonce.cgi`` and ``login_v2.cgi`` let anybody in. Else neither page exists."""
    https_cookie: str
    """The cookie's name over TLS; in the clear it is ``asus_token`` everywhere."""
    failures_in_nvram: bool
    """Failed logins are counted in nvram, where an end of the process does not touch them; else in its memory."""
    captcha_counts_apps: bool
    """Whether an app's failures bring the captcha nearer, as a browser's do."""
    first_remaining_lock_time: int
    """What the reply to the failure that locks says: numbers below 0 were seen (web API facts 9)."""
    app_words: frozenset[str]
    """Third parts of a User-Agent that this httpd knows; any other is an unknown app (web API facts 1.1)."""


@dataclass(frozen=True)
class Replies:
    """What httpd prints (web API facts 1, 3, 4 and 9)."""

    server: str
    ai_home_level: int
    error_members: tuple[ErrorMember, ...]
    """What stands behind ``error_status``, in this order."""
    logout_has_members: bool
    """Whether the answer to a logout, which is an ``error_status`` too, has them as well (388 httpd.c)."""
    signed_char: bool
    """Whether C's char is signed, so that bytes above 127 print as negative numbers (MIPS; not on ARM)."""
    chunked_is_malformed: bool
    """A chunked request is answered with 400. Else its body is not seen at all."""
    restart_needed_time: bool
    """Whether ``applyapp.cgi`` adds that member, with whatever number it has at hand."""
    uptime_quoted: bool
    """Whether ``uptime()`` is JSON."""
    ethernet_wans: Mapping[str, Mapping[str, Any]] | None
    """What ``get_ethernet_wan_list`` says (dual-WAN facts 1.1); None where there is no such hook."""
    status_items: tuple[str, ...]
    """The order of the ``<wan>`` items of ``ajax_status.xml``, which is another one in each version."""
    hidden: frozenset[str]
    """Rows that are stored encrypted and read as an empty string."""


@dataclass(frozen=True)
class Swap:
    """How settings move between units and types when ``wans_dualwan`` changes (dual-WAN facts 2.2 and 11)."""

    forgets_copies: bool
    """A copy that was loaded back is unset."""
    skipped_types: frozenset[str]
    skipped_rows: frozenset[str]


@dataclass(frozen=True)
class Monitor:
    """What wanduck does otherwise (dual-WAN facts 4.2 and 4.3)."""

    returns_by_path: bool
    """Before it fails back it asks the path as well; else link and lease are enough."""
    returns_by_every_probe: bool
    """With ping and DNS on, both must succeed for that; else one does."""
    delay_after_switch: str
    """The setting that says how many seconds it sleeps after each switch."""
    dns_waits_by_interval: bool
    """Without dns_probe_timeout a query waits for the interval less 2 s; else for 3 s."""
    empty_dns_is_default: bool
    """No host is the default host, no addresses are any address."""
    any_address_but: frozenset[str]
    """What ``*`` does not take for an answer."""


@dataclass(frozen=True)
class Profile:
    """A firmware on one model."""

    name: str
    settings: Mapping[str, Setting]
    identity: Mapping[str, str]
    """What the firmware writes at every boot: model, version, capabilities. Not in ``router_defaults``."""
    login: Login
    replies: Replies
    swap: Swap
    monitor: Monitor
    settings_file: Literal["HDR1", "HDR2"]
    """The form of the backup: plain, or with every byte turned by a random one (web API facts 5)."""
    refused_by_apply: frozenset[str]
    """Rows that only a page of their own may write; a post of them is dropped without a word."""

    @property
    def per_unit(self) -> tuple[str, ...]:
        """Settings that each WAN unit has for itself, without their prefix."""
        return tuple(
            name.removeprefix(PER_UNIT_PREFIX)
            for name in self.settings
            if name.startswith(PER_UNIT_PREFIX) and name not in GLOBAL_DESPITE_PREFIX
        )
