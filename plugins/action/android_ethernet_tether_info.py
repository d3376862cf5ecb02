# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process door of ``android_ethernet_tether_info``."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.modules.android_ethernet_tether_info import TASK
from ansible_collections.homelab.dualwan.plugins.plugin_utils._in_process import InProcess


class ActionModule(InProcess):
    """See the module of the same name."""

    spec = TASK
