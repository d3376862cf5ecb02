# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``settings get|put|delete|list``."""

from __future__ import annotations

from ..standins import Answer, Call, not_simulated
from ..storage import NAMESPACES
from .handset import Handset


async def run(handset: Handset, call: Call) -> Answer:
    store = handset.settings
    match call.arguments:
        case ["get", namespace, key] if namespace in NAMESPACES:
            value = store.get(namespace, key)
            return Answer("null\n" if value is None else value + "\n")
        case ["put", namespace, key, value] if namespace in NAMESPACES:
            store.put(namespace, key, value)
            handset.journal.note("setting", namespace=namespace, key=key, value=value)
            return Answer()
        case ["delete", namespace, key] if namespace in NAMESPACES:
            return Answer(f"Deleted {int(store.delete(namespace, key))} rows\n")
        case ["list", namespace] if namespace in NAMESPACES:
            return Answer("".join(f"{key}={value}\n" for key, value in sorted(store.all(namespace).items())))
        case _:
            return not_simulated(" ".join(["settings", *call.arguments]))
