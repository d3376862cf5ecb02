# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``timing`` foretells, against the lab's own daemon, which is written from the same facts in other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from integration.house import House
from lab.client import running

LAB_SPEED = 5
"""A second of the lab's is all that is allowed, and this machine is a little late at each of the daemon's waits."""

PING = {"ping_target": "198.51.100.1", "dns_query": {"hostname": ""}}
DNS = {"ping_target": "", "dns_query": {"hostname": "dns.msftncsi.com", "addresses": ["*"]}}
BOTH = {**DNS, **PING, "dns_query": DNS["dns_query"]}
NONE = {"ping_target": "", "dns_query": {"hostname": ""}}


@pytest.fixture(scope="module")
def standing_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Slower than that of the others."""
    with running(speed=LAB_SPEED, adb_server=True) as lab:
        yield House(lab, tmp_path_factory.mktemp("home"))


@dataclass(frozen=True)
class Loss:
    """Seconds of the lab, in between which it lies."""

    before: float
    after: float

    def until(self, moment: float) -> tuple[float, float]:
        return moment - self.after, moment - self.before


def now(house: House) -> float:
    return float(house.lab.ctl("clock")["now"])


def lose(house: House, *words: str) -> Loss:
    before = now(house)
    house.lab.ctl(*words)
    return Loss(before, now(house))


def ready(house: House, **detection: Any) -> dict[str, Any]:
    """A house that fails over as it is told to and has done so for a while, and what is foretold of it."""
    house.run("asus_dualwan", state="enabled", failback=True, usb_device="android", detection=detection)
    house.run("android_usb_tether")
    house.until(lambda: house.run("asus_wan_info")["ready"], "the backup ready")
    # The daemon pauses after the service, and the DNS probe skips no round before it has succeeded.
    later = now(house) + 15 + 4 * detection["interval"]
    house.until(lambda: now(house) > later, "the daemon at work")
    found = house.run("asus_wan_info")["timing"]
    assert found["never"] == [] or detection["ping_target"] == detection["dns_query"]["hostname"] == ""
    return dict(found)


def left(house: House, loss: Loss) -> float:
    """The second in which the daemon turned to the other line."""

    def asked() -> list[float]:
        services = house.lab.ctl("router", "state")["services"]
        return [float(run["at"]) for run in services if run["by"] == "wanduck" and run["at"] > loss.before]

    return min(house.until(asked, "the failover"))


def in_range(found: dict[str, Any], took: tuple[float, float]) -> bool:
    """``took`` is known no better than to lie between two numbers."""
    return bool(found["min"] <= took[1] and took[0] <= found["max"])


SILENT, ANSWERED = ("wan", "upstream", "0", "silent"), ("wan", "upstream", "0", "refused")
PULLED = ("wan", "link", "0", "down")
LOSSES = [
    pytest.param(PING, 2, 3, "silent_loss", SILENT, id="ping, silent"),
    pytest.param(PING, 5, 2, "silent_loss", SILENT, id="ping, slower"),
    pytest.param(PING, 2, 3, "answered_loss", ANSWERED, id="ping, answered"),
    pytest.param(DNS, 2, 3, "silent_loss", SILENT, id="DNS, silent"),
    pytest.param(DNS, 2, 3, "answered_loss", ANSWERED, id="DNS, answered"),
    pytest.param(BOTH, 2, 3, "silent_loss", SILENT, id="both, silent"),
    pytest.param(PING, 2, 3, "link_loss", PULLED, id="a pulled cable"),
    pytest.param(BOTH, 3, 8, "link_loss", PULLED, id="a pulled cable, both probes"),
    pytest.param(NONE, 2, 3, "link_loss", PULLED, id="a pulled cable, no probe"),
]


@pytest.mark.parametrize(("probes", "interval", "count", "kind", "loss"), LOSSES)
def test_a_failover_takes_as_long_as_was_foretold(
    house: House, probes: dict[str, Any], interval: int, count: int, kind: str, loss: tuple[str, ...]
) -> None:
    foretold = ready(house, **probes, interval=interval, failover_count=count, failback_count=2)
    lost = lose(house, *loss)
    assert in_range(foretold["detection"][kind], lost.until(left(house, lost)))
    house.until(lambda: house.lab.ctl("router", "state")["internet"], "the internet by the phone")
    assert lost.until(now(house))[0] <= foretold["failover"][kind]["max"] + 2  # looked at every second


def test_the_traffic_returns_as_soon_as_was_foretold(house: House) -> None:
    foretold = ready(house, **PING, interval=2, failover_count=2, failback_count=5)
    left(house, lose(house, *SILENT))
    house.until(lambda: house.lab.ctl("router", "state")["internet"], "the internet by the phone")
    house.until(lambda: house.lab.ctl("router", "state")["links"]["0"]["connected"], "the primary's lease")
    back = lose(house, "wan", "upstream", "0", "up")
    assert in_range(foretold["failback"], back.until(left(house, back)))
    house.until(lambda: house.lab.ctl("router", "state")["active_wan"] == 0, "the traffic back")


def test_an_unplugged_phone_is_left_as_soon_as_was_foretold(house: House) -> None:
    foretold = ready(house, **PING, interval=2, failover_count=2, failback_count=9)
    left(house, lose(house, *PULLED))
    house.until(lambda: house.lab.ctl("router", "state")["internet"], "the internet by the phone")
    house.run("asus_dualwan", failback=False)
    house.lab.ctl("wan", "link", "0", "up")
    house.until(lambda: house.lab.ctl("router", "state")["links"]["0"]["connected"], "the primary's lease")
    gone = lose(house, "cable", "pull")
    house.until(lambda: house.lab.ctl("router", "state")["active_wan"] == 0, "the primary in use")
    assert gone.until(now(house))[0] <= foretold["failover"]["phone_unplugged"]["max"] + 2


def test_where_it_is_foretold_that_no_loss_is_noticed_none_is(house: House) -> None:
    foretold = ready(house, **NONE, interval=1, failover_count=1, failback_count=2)
    assert [reason["id"] for reason in foretold["never"]] == ["no_probe"]
    assert foretold["detection"]["silent_loss"] is None
    later = lose(house, *SILENT).after + 45
    house.until(lambda: now(house) > later, "the time")
    assert house.lab.ctl("router", "state")["active_wan"] == 0
