# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One adb server for all, a phone for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from lab.adb_server import NoAdb, adb_server
from lab.phone import NotSimulated

from .rig import Rig


def missing(why: str) -> NoReturn:
    """Left out on a laptop; in CI nobody would ever notice that."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def adb_server_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    for program in ("mksh", "toybox"):
        if shutil.which(program) is None:
            missing(f"{program} is not installed, and the host's own tools behave otherwise")
    try:
        with adb_server(tmp_path_factory.mktemp("adb")) as port:
            yield port
    except NoAdb as problem:
        missing(str(problem))


@pytest.fixture
def phone_alone(tmp_path: Path, adb_server_port: int) -> Iterator[Rig]:
    """A phone that adb does not know yet."""
    rig = Rig(tmp_path, adb_server_port)
    try:
        try:
            rig.switch_on()
        except NotSimulated as problem:
            missing(str(problem))
        yield rig
    finally:
        rig.put_away()


@pytest.fixture
def rig(phone_alone: Rig) -> Rig:
    """A phone that adb is connected to."""
    phone_alone.connect()
    return phone_alone
