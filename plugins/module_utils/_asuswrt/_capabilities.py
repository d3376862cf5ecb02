# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a router says of itself, and what follows for Dual WAN.

Sources: ``rc_support`` words and ``wans_cap`` (httpd and rc of 382 and 386), limits from the router_defaults tables and
the page's own checks of each generation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram, whole

NAMES = (
    "productid",
    "odmpid",
    "firmver",
    "buildno",
    "extendno",
    "rc_support",
    "wans_cap",
    "sw_mode",
    "x_Setting",
    "HwId",
    "reboot_time",
    "dns_probe_timeout",
)

DEFAULT_REBOOT_SECONDS = 70
"""``reboot_time`` where the model sets none."""


@dataclass(frozen=True)
class Generation:
    """What differs by firmware generation and cannot be read from the router."""

    name: str
    intervals: range
    """Seconds that the page takes for ``wandog_interval``."""
    probe_margin: int | None
    """By how many seconds the interval must exceed the DNS probe's timeout; None where the page does not look."""
    android: str
    """``modem_android`` for a phone: 1 up to 386 means an Android phone; from 388 on, 0 is automatic and 1 legacy."""
    rules: int
    """How many routing rules the page takes."""
    when_empty: Mapping[str, str] = field(default_factory=dict)
    """What the daemon takes an empty text for (3006 wanduck.c; the older ones were not seen to do so)."""

    dns_wait_follows: bool = False
    """Whether a DNS probe without a limit of its own waits two seconds less than the interval (3006 wanduck.c)."""

    @property
    def asks_ports(self) -> bool:
        """From 388 on the page asks the router for its Ethernet WANs; before, it knows models by name."""
        return self.name in ("388", "3006")


GENERATIONS = {
    "380": Generation("380", range(1, 10), None, "1", 32),
    # Its page takes 99 seconds and its table keeps one character. A later 382 keeps two, which nothing tells apart.
    "382": Generation("382", range(1, 10), None, "1", 32),
    "384": Generation("384", range(1, 100), 1, "1", 32),
    "386": Generation("386", range(1, 100), 1, "1", 32),
    "388": Generation("388", range(3, 100), 2, "0", 64),
    "3006": Generation(
        "3006", range(3, 100), 2, "0", 64, {"dns_probe_host": "dns.msftncsi.com", "dns_probe_content": "*"}, True
    ),
}
ONE_DIGIT_INTERVAL = ("RT-AC88U",)
"""Models of 384 and 386 whose page takes 1 to 9 and whose table keeps one character, as 382's (seen on the genuine
httpd of RT-AC88U)."""


@dataclass(frozen=True)
class EthernetWan:
    """A port that may be the WAN, as the hook ``get_ethernet_wan_list`` of 388 and 3006 tells it."""

    key: str
    """``wan``, or such as ``2p5g`` and ``10ge1``."""
    name: str
    """For people."""
    lan_port: str
    """The number it has as LAN port; empty for the ordinary WAN port."""
    settings: Mapping[str, str]
    """What the page stores besides to make it the WAN: ``wans_extwan``, and ``wan_ifname_x`` on some models."""


@dataclass(frozen=True)
class Capabilities:
    """One router's model, firmware and abilities."""

    model: str
    """As it was sold."""
    base_model: str
    """As the firmware's own pages call it where they tell models apart."""
    hardware: str
    """``HwId``: two revisions of a model, with other ports."""
    firmware: str
    generation: Generation
    words: frozenset[str]
    """``rc_support``."""
    ports: tuple[str, ...]
    """The tokens it offers as WAN, from ``wans_cap``."""
    router_mode: bool
    set_up: bool
    """Whether its first-time wizard was left."""
    dsl_firmware: bool
    """The firmware of some DSL models (1.x), which only looks like this one: its backend is another (tcWebApi)."""
    reboot_seconds: int
    lengths: Mapping[str, int]
    """nvram names of which this firmware keeps fewer characters than the table of settings says."""
    ethernet: tuple[EthernetWan, ...] = ()
    """Where they were asked for, see ``_page_ports``."""

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.model} with firmware {self.firmware}"

    @property
    def dual_wan(self) -> bool:
        return "dualwan" in self.words

    @property
    def usb_modem(self) -> bool:
        return "modem" in self.words and "usb" in self.ports

    @property
    def usb_backup(self) -> bool:
        """Has 'Auto USB Backup WAN', which rewrites ``wans_dualwan`` by itself when a phone comes or goes."""
        return "usb_bk" in self.words

    @property
    def profiles(self) -> bool:
        """Multi-WAN profiles (ExpertWiFi) instead of the Dual WAN tab."""
        return "mtwancfg" in self.words


def generation(nvram: Nvram) -> Generation:
    """That of its firmware; an unknown older one counts as the narrowest."""
    if nvram["firmver"].startswith("3.0.0.6"):
        return GENERATIONS["3006"]
    number = whole(nvram["buildno"].split(".")[0]) or 0
    known = [name for name in GENERATIONS if name != "3006" and int(name) <= number]
    return GENERATIONS[max(known, default="380")]


def capabilities(nvram: Nvram) -> Capabilities:
    """Read them from nvram :data:`NAMES`."""
    ours, base_model = generation(nvram), nvram["productid"]
    one_digit = ours.intervals[-1] < 10 or (base_model in ONE_DIGIT_INTERVAL and not ours.asks_ports)
    return Capabilities(
        model=nvram["odmpid"] or base_model,
        base_model=base_model,
        hardware=nvram["HwId"],
        firmware="_".join(filter(None, (f"{nvram['firmver']}.{nvram['buildno']}", nvram["extendno"]))),
        generation=ours,
        words=frozenset(nvram["rc_support"].split()),
        ports=tuple(nvram["wans_cap"].split()),
        router_mode=nvram["sw_mode"] == "1",
        set_up=nvram["x_Setting"] != "0",  # a router that does not know the name answers with nothing
        dsl_firmware=nvram["firmver"].startswith("1."),
        reboot_seconds=whole(nvram["reboot_time"]) or DEFAULT_REBOOT_SECONDS,
        lengths={"wandog_interval": 1} if one_digit else {},
    )


def interval_range(router: Capabilities, nvram: Nvram) -> range:
    """Seconds that ``wandog_interval`` may be: 384 and later want it above the DNS probe's own timeout, and none takes
    more digits than it keeps."""
    intervals, margin = router.generation.intervals, router.generation.probe_margin
    timeout = whole(nvram["dns_probe_timeout"])
    lowest = intervals[0] if timeout is None or margin is None else max(intervals[0], timeout + margin)
    return range(lowest, min(intervals[-1], 10 ** router.lengths.get("wandog_interval", 2) - 1) + 1)
