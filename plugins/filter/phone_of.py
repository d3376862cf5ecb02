# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: phone_of
short_description: Which phone of the inventory is a router's second line
version_added: 1.0.0
description:
  - The phone that the router's host names. Where it names none, the first host of the group C(android_phones) if the
    group C(asus_routers) has one host, and no phone if it has several.
  - Fails where the named one is no host of the inventory.
author:
  - The homelab.dualwan authors (@homelab-dualwan)
positional: named
options:
  _input:
    description: The variable C(groups).
    type: dict
    required: true
  named:
    description: The name of the phone's host, empty for no phone, or V(true) for the one that goes with the router.
    type: raw
    default: true
"""

EXAMPLES = r"""
- name: Which phone check.yml would ask
  ansible.builtin.debug:
    msg: "{{ groups | homelab.dualwan.phone_of(backup_phone | default(true)) }}"
"""

RETURN = r"""
_value:
  description: Its name in the inventory, or an empty text.
  type: str
"""

from collections.abc import Callable, Mapping, Sequence

from ansible.errors import AnsibleFilterError

Groups = Mapping[str, Sequence[str]]


def phone_of(groups: Groups, named: str | bool | None = True) -> str:
    """The phone's name, or an empty text. Raises AnsibleFilterError for a name that is no host."""
    if named is True:
        phones = groups.get("android_phones", ())
        return phones[0] if phones and len(groups.get("asus_routers", ())) == 1 else ""
    if not named:
        return ""
    if named not in groups["all"]:
        raise AnsibleFilterError(
            f"The phone is to be {named} (backup_phone), and the inventory has no host of that name. Name a host of "
            "android_phones, or leave the phone out with an empty one (-e backup_phone=)"
        )
    return named


class FilterModule:
    """As Ansible looks for it."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """By name."""
        return {"phone_of": phone_of}
