# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this machine can have a rig."""

from __future__ import annotations

import pytest

from rig.namespaces import lacking
from tools.needs import unavailable


@pytest.fixture(scope="session")
def able() -> None:
    """Skips where no rig can be made; in CI, fails."""
    if want := lacking():
        unavailable(want)
