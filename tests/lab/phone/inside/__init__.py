# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs within the phone: its init and the groups of processes under it.

Started as a program of its own by :mod:`lab.phone.sandbox`, with the standard library and nothing else. Everything
here has to be imported before the root directory changes: Python itself is not on the phone.
"""
