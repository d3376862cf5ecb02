# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The in-process door: a task runs inside the control process and starts no second Python.

Taken where the task stays on the control node. A task that is delegated to another machine, or run with ``async``,
goes through the module of the same name instead, with the same result.
"""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Task

LOCAL_CONNECTIONS = ("local", "ansible.builtin.local")


class InProcess(ActionBase):  # type: ignore[misc]  # ansible-core ships no types
    """Base of this collection's action plugins: each names its task, and nothing else."""

    spec: Task
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Validate the options as AnsibleModule would, then run here or hand over to the module."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        self._task.args = self._of_the_host(task_vars or {}) | self._task.args
        if self._goes_elsewhere():
            result |= self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
            return result
        params = self.validate_argument_spec(self.spec.argument_spec, **self.spec.constraints)[1]
        here = Here(self._task.check_mode, tell=Display().display)
        secrets = {params[name] for name, option in self.spec.argument_spec.items() if option.get("no_log")}
        result |= remove_values(self.spec.outcome(params, here), secrets - {"", None})
        return result

    def _of_the_host(self, variables: dict[str, Any]) -> dict[str, Any]:
        """How to reach the device, as the inventory says it once for all tasks."""
        return {
            option: self._templar.template(variables[name])
            for option, name in self.spec.host_variables.items()
            if option not in self._task.args and name in variables
        }

    def _goes_elsewhere(self) -> bool:
        delegated = self._task.delegate_to and self._connection.transport not in LOCAL_CONNECTIONS
        return bool(self._task.async_val or delegated)
