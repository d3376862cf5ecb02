# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``asus_settings_backup``: keep all settings of a router in a file, or put such a file back."""

from __future__ import annotations

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_file import Backup
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_store import Kept, kept
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import NAMES as IDENTITY
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import NAMES, TEXT_NAMES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings_restore import restore
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import alone, settle, with_settled
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._take_backup import (
    described,
    directory_of,
    newest,
    number_of,
    router_name,
    take,
    today,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._volatile import differing, is_volatile
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

PLAIN = tuple(dict.fromkeys((*IDENTITY, "lan_hwaddr", *NAMES)))


def run(params: Params, here: Here) -> Result:
    """Keep or restore. To keep is one login, one read, one download and one logout; check mode downloads nothing."""
    if params["state"] == "restored":
        return restore(params, here)
    for option in ("file", "confirm"):
        if params[option]:
            raise BadWish(f"{option} is given without state: restored", cure="Add that, or leave it out")
    return _keep(params, here)


def _keep(params: Params, here: Here) -> Result:
    directory, number = directory_of(params["directory"]), number_of(params["keep"])
    connection = router_from(params)
    session = Session(connection, here.clock, tell=here.tell)
    with alone(session, here, "asus_settings_backup"), session:
        nvram = session.read(PLAIN, TEXT_NAMES)
        # A file that is made meanwhile would keep what a drill has only lent.
        settled = settle(session, nvram, here)
        router = router_name(nvram, connection.host)
        last = newest(directory, router)
        if here.check_mode:
            return with_settled(settled, _foretold(nvram, last, kept(directory, router)))
        taken = take(session, router, directory, number, today(here.clock))
    differs = list(taken.differs)
    before = {"file": str(last[0].path)} if last else {}
    after = {"file": str(taken.file.path), "differs": differs}
    result = {
        "changed": taken.stored or bool(taken.removed),
        **described(taken.file.path, taken.backup, taken.file.date),
        "kept": [str(file.path) for file in kept(directory, router)],
        "removed": [str(path) for path in taken.removed],
        "differs": differs,
        "diff": {"before": before, "after": after} if taken.stored else {"before": {}, "after": {}},
    }
    return with_settled(settled, result)


def _foretold(nvram: Nvram, last: tuple[Kept, Backup] | None, files: tuple[Kept, ...]) -> Result:
    """As far as it can be told without a new file."""
    had = last[1].values if last else {}
    names = [name for name in (*NAMES, *TEXT_NAMES) if not is_volatile(name)]
    unlike = differing(nvram, had) if last else ()
    differs = [name for name in names if name in unlike]
    fresh = last is None or bool(differs)
    file = described(last[0].path, last[1], last[0].date) if last else {"file": None}
    return {
        "changed": fresh,
        **file,
        "kept": [str(file.path) for file in files],
        "removed": [],
        "differs": differs,
        "diff": {"before": {}, "after": {"file": "a new one", "differs": differs} if fresh else {}},
        "msg": "Check mode fetches no file, as making one makes the router forget its list of devices. "
        + ("Only the settings of Dual WAN were compared with the newest file" if last else "There is no file yet"),
    }
