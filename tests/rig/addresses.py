# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is where. Each rig has the same addresses: namespaces keep them apart."""

from __future__ import annotations

PRIMARY, SECONDARY = "primary", "secondary"
LINES = (PRIMARY, SECONDARY)

INTERFACE = {PRIMARY: "wan0", SECONDARY: "wan1"}
OURS = {PRIMARY: "203.0.113.2", SECONDARY: "198.51.100.2"}
"""The router's address on the line."""
THEIRS = {PRIMARY: "203.0.113.1", SECONDARY: "198.51.100.1"}

LAN = "192.168.50.0/24"
ROUTER = "192.168.50.1"
HOST = "192.168.50.10"

ONE, TWO = "192.0.2.10", "192.0.2.20"
"""The internet: both providers lead to the same, with the web's two ports open."""
NAME_SERVER = "192.0.2.53"
PING_TARGET = "192.0.2.99"
"""What the router's daemon pings, and nobody else."""
INTERNET = (ONE, TWO, NAME_SERVER, PING_TARGET)

HTTP_PORT, TLS_PORT, DNS_PORT = 80, 443, 53
