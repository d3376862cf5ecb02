# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task of this collection, and the door that opens it as an ordinary module.

Every task is one function ``run(params, here)``. The module door below and the in-process door
(``plugins/plugin_utils/_in_process.py``) both call it, so a task gives the same result through either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ansible_collections.homelab.dualwan.plugins.module_utils._clock import Clock, WallClock
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import DeviceError, MissingLibrary

Params = Mapping[str, Any]
Result = dict[str, Any]
Tell = Callable[[str], None]


def nobody(line: str) -> None:
    """Where no one listens, as in a module, which may print its result and nothing else."""


@dataclass(frozen=True)
class Here:
    """How and where a task runs."""

    check_mode: bool = False
    clock: Clock = field(default_factory=WallClock)
    tell: Tell = nobody
    """Called with a line for the person who waits, such as while a router reboots."""


@dataclass(frozen=True)
class Task:
    """What a door needs to know: the options, what ties them together, and what to do."""

    run: Callable[[Params, Here], Result]
    """Called with the validated options. Raises DeviceError or MissingLibrary."""
    argument_spec: dict[str, Any]
    constraints: dict[str, Any] = field(default_factory=dict)
    """``required_together`` and the like, as AnsibleModule takes them."""
    host_variables: Mapping[str, str] = field(default_factory=dict)
    """Options that a variable of the host stands in for where the task leaves them out, and its name."""

    def outcome(self, params: Params, here: Here) -> Result:
        """Run, and turn what a device or a missing library did into a failed result."""
        try:
            return self.run(params, here)
        except DeviceError as error:
            return {"failed": True, **error.as_result()}
        except MissingLibrary as error:
            wanted = f"{error.name} >= {error.minimum}"
            cause = f" ({error.cause})" if error.cause else ""
            return {"failed": True, "reason": "missing_library", "msg": missing_required_lib(wanted) + cause}


def open_as_module(task: Task) -> None:
    """The module door: taken when a task is delegated to another machine or run with ``async``."""
    module = AnsibleModule(argument_spec=task.argument_spec, supports_check_mode=True, **task.constraints)
    result = task.outcome(module.params, Here(module.check_mode))
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)
