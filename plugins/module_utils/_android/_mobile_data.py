# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether mobile data is switched off, as text for the phone's shell."""

from __future__ import annotations

DATA_IS_OFF = """\
# A phone for two SIMs has the subscription's number in the setting's name (GlobalSettingsHelper.java), and the other
# left from its maker: neither of the two may say off. What has no such setting says null, which is not off.
data_is_off() {
  subscription=$(settings get global multi_sim_data_call)
  for setting in mobile_data "mobile_data$subscription"; do
    [ "$(settings get global "$setting")" != 0 ] || return 0
  done
  return 1
} 2>/dev/null
"""
