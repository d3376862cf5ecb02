# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as Ansible sees it, also for a plain ``pytest tests/unit``."""

from __future__ import annotations

import importlib
import os
import signal

import pytest

from tools.checkout import BUILD, link_tree

os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(link_tree())
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(BUILD / "hypothesis")
# pytest put the tree on the import path before it was there.
importlib.invalidate_caches()
# Who starts the tests in the background of a script has Ctrl-C ignored in them, and in all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _a_control_node_that_remembers_nothing(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept from one run to the next is the test's own, and empty at its start."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("control-node")))
