# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """What a task of this collection can and cannot do."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status without modifying the target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
  idempotent:
    description: When run twice in a row outside of check mode, with the same arguments, the second run says that
      nothing changed.
    support: full
  async:
    description: Supports being run with the C(async) keyword. The task then runs as a module of its own, with its
      own Python.
    support: full
  action:
    description: Runs inside the control process, except where it is delegated to another machine or run with C(async).
    support: full
"""

    WRITES = r"""
options: {}
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details: [This module does not modify anything.]
  diff_mode:
    support: N/A
    details: [This module does not modify anything.]
"""
