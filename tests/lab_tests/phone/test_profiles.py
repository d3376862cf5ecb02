# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Android versions that there are, and one that there is not."""

from __future__ import annotations

import pytest

from lab.phone import profiles


def test_an_unknown_version_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no profile of Android '7'; there is 14"):
        profiles.load("7")


@pytest.mark.parametrize("version", profiles.versions())
def test_a_profile_is_of_its_version_and_spells_all_it_can_bind(version: str) -> None:
    profile = profiles.load(version)
    assert profile.properties["ro.build.version.release"] == version == profile.release
    assert profile.functions <= set(profile.dump_names)
