# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A phone that has one answer, whatever it is asked, and counts how often that is."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._android._adb import Reply
from ansible_collections.homelab.dualwan.plugins.module_utils._android._connection import Address
from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import MARK


class AnsweringPhone:
    def __init__(self, sections, error=None):
        self.address = Address(None, "127.0.0.1", 5037, 30.0)
        self.asked = 0
        self.drops = 0
        self.boots = []
        """What it says of its boot, one answer after the other, before it says what its sections have."""
        self._sections = sections
        self._error = error

    def read(self, script, *, doing):
        self.asked += 1
        if self._error:
            raise self._error
        said = {**self._sections, **({"boot_completed": self.boots.pop(0)} if self.boots else {})}
        return Reply("".join(f"{MARK}{name}\n{text}\n" for name, text in said.items()), "", 1)

    def await_return(self, *, doing):
        self.waited_for = doing
