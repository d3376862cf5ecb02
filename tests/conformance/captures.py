# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What genuine pages posted, and what then differed: captures that stand beside the checkout, or where it is said."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CAPTURES = Path(
    os.environ.get("DUALWAN_CAPTURES") or Path(__file__).resolve().parents[2].parent / "shared" / "captures"
)


@dataclass(frozen=True)
class Row:
    """A capture is of ``profile`` if its ``firmware`` has that word, and its start Auto USB Backup or not."""

    word: str
    auto_usb_backup: bool
    profile: str


PROFILES = (
    Row("ax53u", auto_usb_backup=True, profile="386"),
    Row("ax53u", auto_usb_backup=False, profile="386-early"),
    Row("ac88u", auto_usb_backup=False, profile="386-ac88u"),
)


class UnknownFirmware(ValueError):
    """Of a firmware that the lab has no profile of; the message says what to do."""


def profile_of(capture: Mapping[str, Any]) -> str:
    """The lab's profile of the firmware that was captured."""
    backup = bool(capture["start_nvram"].get("wans_usb_bk"))
    for row in PROFILES:
        if row.word in capture["firmware"].lower() and row.auto_usb_backup is backup:
            return row.profile
    raise UnknownFirmware(
        f"{capture['name']} is of the firmware {capture['firmware']!r} {'with' if backup else 'without'} "
        "Auto USB Backup, which the lab has no profile of: add one to tests/lab/router/profiles/, and its row to "
        f"{Path(__file__).name}"
    )


def captures() -> list[Any]:
    """One parameter for each. Without any: a reason to skip, and in CI a failure."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CAPTURES.glob("*.json"))]
    if found:
        return [pytest.param(capture, id=_id(capture), marks=_marks(capture)) for capture in found]
    if _in_ci():
        return [pytest.param(None, id="missing")]
    return [pytest.param(None, id="missing", marks=pytest.mark.skip(reason=f"no captures in {CAPTURES}"))]


def _id(capture: Mapping[str, Any]) -> str:
    return f"{capture['firmware']}-{capture['name']}"


def _marks(capture: Mapping[str, Any]) -> list[pytest.MarkDecorator]:
    try:
        profile_of(capture)
    except UnknownFirmware as unknown:
        # In CI the test itself meets it again, and fails.
        return [] if _in_ci() else [pytest.mark.skip(reason=str(unknown))]
    return []


def _in_ci() -> bool:
    return os.environ.get("CI") == "true"
