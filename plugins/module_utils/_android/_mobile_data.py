# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether mobile data is switched off, as text for the phone's shell."""

from __future__ import annotations

DATA_IS_OFF = """\
# A phone for two SIMs has the subscription's number in the setting's name, and the plain one left from its maker
# (GlobalSettingsHelper.java). What has no such setting says null, which is not off.
data_is_off() {
  on=$(settings get global "mobile_data$(settings get global multi_sim_data_call)")
  case $on in
    [01]) ;;
    *) on=$(settings get global mobile_data) ;;
  esac
  [ "$on" = 0 ]
} 2>/dev/null
"""
