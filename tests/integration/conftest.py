# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A house with a simulated router and phone, and ways to run the collection in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.fault_matrix import table
from integration.house import House
from integration.phone_fault_matrix import table as phone_table
from lab.client import running
from lab.real_adbd import NoAdbd, fetch
from tools.checkout import BUILD, ROOT
from tools.needs import unavailable


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What came of each cell of the fault matrices, whichever process it ran in."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    properties = [each for report in reports for each in report.user_properties]
    for matrix, title in ((table, "the router's"), (phone_table, "the phone's")):
        cells = [value for name, value in properties if name == matrix.PROPERTY]
        if cells:
            text = matrix.tables(cells)
            matrix.write(text)
            terminalreporter.section(f"{title} fault matrix: right, warned, or told, in so many seconds")
            terminalreporter.write_line(text)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lab-speed", type=float, default=20, help="seconds of the devices in one on the wall")
    parser.addoption("--real-adbd", action="store_true", help="with Debian's adbd in the phone, not the lab's own")


@pytest.fixture(scope="session")
def standing_house(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[House]:
    """Started once; what a test needs afresh is reset for it."""
    home = tmp_path_factory.mktemp("home")
    options: dict[str, object] = {"speed": pytestconfig.getoption("--lab-speed"), "adb_server": True}
    if pytestconfig.getoption("--real-adbd"):
        try:
            options["real_adbd"] = fetch(BUILD / "adbd")
        except NoAdbd as problem:
            unavailable(str(problem))
    with running(**options) as lab:
        yield House(lab, home)


@pytest.fixture
def house(standing_house: House) -> House:
    """As it was found: Dual WAN off, the phone in the router's port with tethering off, nobody has asked anything."""
    standing_house.lab.ctl("reset")
    standing_house.until(lambda: standing_house.phone_state()["usb"]["configured"], "the phone on the router's USB")
    standing_house.run("asus_wan_info")  # from then on it is known how this router wants a login
    standing_house.forget()
    return standing_house


@pytest.fixture
def playbooks() -> Path:
    """The collection's own."""
    return ROOT / "playbooks"
