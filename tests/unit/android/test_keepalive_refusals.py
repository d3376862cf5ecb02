# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone says when it does not take the keepalive, and what a person is told to do."""

from __future__ import annotations

import pytest

from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_script import (
    CURES_FROM,
    KeepaliveScript,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._android._keepalive_scripts import not_written


@pytest.mark.parametrize("cure", CURES_FROM)
def test_what_a_release_does_not_have_the_script_leaves_out_too(cure):
    script = KeepaliveScript(1, "rndis", (cure,), 450)
    assert f'    {cure}) [ "$sdk" -ge {CURES_FROM[cure]} ] || continue ;;\n' in script.text


@pytest.mark.parametrize(
    ("said", "cure"),
    [("sh: /data/adb/x: Permission denied", "Reboot"), ("sh: No space left on device", "Free some space")],
)
def test_a_storage_that_refuses_is_told_with_its_cure(said, cure):
    error = not_written(said, "writing")
    assert error.reason == "not_written"
    assert cure in error.message
