# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A callback for the tests: each task's result as a line of JSON, in the file that ``TOLD`` names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: told
type: notification
short_description: Results for the tests
description: Each task's result as a line of JSON.
"""


class CallbackModule(CallbackBase):
    """Written as it goes, so that an interrupted run tells what it did."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "told"

    def _tell(self, outcome: Any, how: str) -> None:
        # The names of both attributes changed in ansible-core 2.19; the old ones are still there in the newest.
        line = {
            "host": outcome._host.get_name(),
            "task": outcome._task.get_name(),
            "action": outcome._task.action,
            "how": how,
            "result": outcome._result,
        }
        with Path(os.environ["TOLD"]).open("a", encoding="utf-8") as told:
            told.write(json.dumps(line, cls=AnsibleJSONEncoder) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._tell(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._tell(result, "failed")

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._tell(result, "skipped")
