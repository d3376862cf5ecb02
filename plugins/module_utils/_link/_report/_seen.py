# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines, timing, findings and phone as the report takes them from the results of other tasks. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._drill import Stretch
from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._given import Given

SEVERITIES = ("error", "warning", "notice")
LOSSES = ("silent_loss", "answered_loss", "link_loss", "phone_unplugged")


@dataclass(frozen=True)
class Line:
    """One WAN, as ``asus_wan_info`` returns it."""

    role: str
    type: str
    status: str
    why: str
    active: bool
    link: bool | None
    address: str
    address_kind: str
    interface: str

    @property
    def is_phone(self) -> bool:
        return self.type in ("usb", "usb2")


@dataclass(frozen=True)
class Foretold:
    """A row of ``timing``: None where it never happens."""

    name: str
    detection: Stretch | None
    whole: Stretch | None
    """Until traffic flows again."""
    source: str


@dataclass(frozen=True)
class Timing:
    """What the stored settings mean."""

    rows: tuple[Foretold, ...]
    never: tuple[str, ...]
    """Why something never happens, with the cure."""
    megabytes_per_month: float | None


@dataclass(frozen=True)
class Link:
    """Both lines."""

    ready: bool | None
    model: str
    firmware: str
    lines: tuple[Line, ...]
    internet: bool | None

    @property
    def active(self) -> Line | None:
        return next((line for line in self.lines if line.active), None)

    def line(self, role: str) -> Line | None:
        """The primary or the secondary."""
        return next((line for line in self.lines if line.role == role), None)


@dataclass(frozen=True)
class Finding:
    """Something that somebody should know of."""

    id: str
    severity: str
    what: str
    evidence: str
    cure: str
    source: str
    about: str
    because_of: tuple[str, ...] = ()
    """Ids of other findings that make this one show."""


@dataclass(frozen=True)
class Phone:
    """What ``android_info`` says of it."""

    present: bool
    why_absent: str
    maker: str
    model: str
    android: str
    battery_percent: float | None
    celsius: float | None
    health: str
    powered: bool | None
    sim: str
    operator: str
    bars: float | None
    rsrp: float | None
    mobile_data: bool | None
    function: str
    serving: bool | None
    why_not_serving: str
    plug_in_default: str
    key_expires: bool | None
    keepalive_installed: bool | None
    keepalive_running: bool | None
    keepalive_state: str
    keepalive_late: bool | None
    drops: float | None
    recoveries: float | None
    last_drop: str
    last_drop_why: str


def link_from(given: Given) -> Link | None:
    """None where nothing says anything of lines."""
    lines = tuple(
        Line(
            role=each.text("role"),
            type=each.text("type"),
            status=each.text("status", "unknown"),
            why=each.text("why"),
            active=bool(each.flag("active")),
            link=each.flag("link"),
            address=each.text("address"),
            address_kind=each.text("address_kind", "unknown"),
            interface=each.text("interface"),
        )
        for each in given.many("wans")
    )
    if not lines:
        return None
    return Link(given.flag("ready"), given.text("model"), given.text("firmware"), lines, given.flag("internet"))


def timing_from(given: Given) -> Timing | None:
    """None where there is none."""
    if not given:
        return None
    detection, failover = given.one("detection"), given.one("failover")
    rows = [
        Foretold(
            name,
            _range(detection.one(name)),
            _range(failover.one(name)),
            failover.one(name).text("source") or detection.one(name).text("source"),
        )
        for name in LOSSES
        if name in detection.what or name in failover.what
    ]
    failback = given.one("failback")
    rows.append(Foretold("failback", None, _range(failback), failback.text("source")))
    never = tuple(f"{each.text('what')}. {each.text('cure')}" for each in given.many("never"))
    return Timing(tuple(rows), never, given.one("data_per_month").number("max"))


def findings_from(doctor: Given) -> tuple[Finding, ...]:
    """Of the doctor, in its order: worst and likeliest cause first."""
    return tuple(
        Finding(
            id=each.text("id"),
            severity=each.text("severity", "notice"),
            what=each.text("what"),
            evidence=each.text("evidence"),
            cure=each.text("cure"),
            source=each.text("source"),
            about=each.text("about").replace("_", " "),
            because_of=tuple(each.texts("explained_by")),
        )
        for each in doctor.many("findings")
    )


def problems_from(link: Given) -> tuple[Finding, ...]:
    """Of ``asus_wan_info``, where no doctor was asked."""
    return tuple(
        Finding(each.text("id"), severity, each.text("what"), "", each.text("cure"), "", "link")
        for name, severity in (("problems", "error"), ("cautions", "warning"))
        for each in link.many(name)
    )


def phone_from(given: Given) -> Phone | None:
    """None where nobody asked."""
    if not given:
        return None
    battery, sim, usb = given.one("battery"), given.one("sim"), given.one("usb")
    keepalive = given.one("keepalive")
    health = keepalive.one("health")
    return Phone(
        present=given.flag("present") is True,
        why_absent=given.text("why") or given.text("msg"),
        maker=given.text("maker"),
        model=given.text("model"),
        android=given.text("android"),
        battery_percent=battery.number("level_percent"),
        celsius=battery.number("temperature_celsius"),
        health=battery.text("health"),
        powered=battery.flag("powered"),
        sim=sim.text("state").replace("_", " "),
        operator=sim.text("operator"),
        bars=sim.number("level"),
        rsrp=sim.number("rsrp_dbm"),
        mobile_data=given.flag("mobile_data"),
        function=usb.text("function"),
        serving=usb.flag("serving"),
        why_not_serving=usb.text("why"),
        plug_in_default=usb.text("plug_in_default"),
        key_expires=given.flag("adb_key_expires"),
        keepalive_installed=keepalive.flag("installed"),
        keepalive_running=keepalive.flag("running"),
        keepalive_state=health.text("state"),
        keepalive_late=health.flag("late"),
        drops=health.number("drops"),
        recoveries=health.number("recoveries"),
        last_drop=health.text("last_drop"),
        last_drop_why=health.text("last_drop_why"),
    )


def _range(given: Given) -> Stretch | None:
    least, most = given.number("min"), given.number("max")
    return None if least is None or most is None else Stretch(least, most)
