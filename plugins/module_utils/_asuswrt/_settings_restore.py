# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put a settings file back, so that the person who asked for it can still log in afterwards.

The router takes the file, merges its settings into what is there, and reboots (382 web.c; the merge from the public
nvram utility). So a restored file brings along the login and the address of its day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_file import Backup, parse
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_store import RouterName, load
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import NAMES as IDENTITY
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities, capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._change import REBOOT_PATIENCE
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router, router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadBackup, NotActivated, NotStored
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import NAMES, TEXT_NAMES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._take_backup import (
    described,
    directory_of,
    fetch,
    newest,
    number_of,
    put_away,
    router_name,
    today,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._volatile import is_volatile, restorable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._ways_in import PASSWORD, WAY_IN_NAMES, shut
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish
from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here, Params, Result

NEWEST = "newest"
BEFORE_RESTORE = "before-restore"
"""Below the directory of files, so that what was there before a restore never is the newest file to restore."""

_PLAIN = tuple(dict.fromkeys((*IDENTITY, "lan_hwaddr", "rc_service", *NAMES, *WAY_IN_NAMES)))
_UPLOAD, _FIELD = "/upload.cgi", "file"
_REFUSALS = ("alert(", "error_status")
"""In what follows an upload: UploadError.asp of Merlin 388, whose other page has neither; a session that is gone."""


@dataclass(frozen=True)
class _Chosen:
    """The file to restore."""

    path: Path
    content: bytes
    backup: Backup


@dataclass(frozen=True)
class _Wish:
    """The task's options, but for the connection."""

    file: str
    confirm: str
    directory: Path
    number: int
    anyway: bool
    """Also where login or address become others."""


def restore(params: Params, here: Here) -> Result:
    """Put the file back, wait for the reboot, log in once and look; in check mode, say what would change.

    Raises BadBackup or BadWish before the router was asked for anything but a read.
    """
    wish = _Wish(
        file=params["file"],
        confirm=params["confirm"],
        directory=directory_of(params["directory"]),
        number=number_of(params["keep"]),
        anyway=params["accept_new_login_and_address"],
    )
    connection = router_from(params)
    chosen = None if wish.file == NEWEST else _load(Path(wish.file))
    if chosen:
        _check_confirmation(wish.confirm, chosen)
    with Session(connection, here.clock) as session:
        nvram = session.read(_PLAIN, TEXT_NAMES)
        router = capabilities(nvram)
        name = router_name(nvram, connection.host)
        if chosen is None:
            chosen = _newest(wish.directory, name)
            _check_confirmation(wish.confirm, chosen)
        if chosen.backup.model != router.model:
            raise BadBackup(
                f"{chosen.path} is of a {chosen.backup.model}, and this router is a {router.model}",
                cure="Give a file of the same model: others have other ports and other radios",
            )
        # Its password may be encrypted in the file, so whether that is another shows beside a fresh file only.
        closed = shut(chosen.backup.values, connection, nvram, passwords=None)
        if closed and not wish.anyway:
            raise _locked_out(chosen, closed)
        if here.check_mode:
            return _foretold(chosen, nvram, _warnings(chosen, router, closed, connection))
        content, present = fetch(session, router.model)
        passwords = (connection.password, present.values.get(PASSWORD, ""))
        closed = shut(chosen.backup.values, connection, nvram, passwords=passwords)
        if closed and not wish.anyway:
            raise _locked_out(chosen, closed)
        differs = restorable(chosen.backup.values, present.values)
        if not differs:
            return _result(chosen, (), present.values, present.values)
        before = put_away(
            content,
            present,
            name,
            wish.directory / BEFORE_RESTORE,
            number=wish.number,
            now=today(here.clock),
            spared=(chosen.path,),
        )
        after, seconds = _put_back(session, chosen, nvram, router, closed, here)
        return _result(
            chosen,
            differs,
            present.values,
            after,
            before_restore=str(before.file.path),
            seconds=seconds,
            warnings=_warnings(chosen, router, closed, None),
        )


def _check_confirmation(confirm: str, chosen: _Chosen) -> None:
    wanted = f"restore {chosen.backup.model}"
    if confirm != wanted:
        raise BadWish(
            f"confirm is {confirm!r}, and {chosen.path} is of a {chosen.backup.model}",
            cure=f'To put all settings of that file back and reboot the router, give confirm: "{wanted}"',
        )


def _load(path: Path) -> _Chosen:
    content = load(path)
    return _Chosen(path, content, parse(content, str(path)))


def _newest(directory: Path, router: RouterName) -> _Chosen:
    found = newest(directory, router)
    if found is None:
        raise BadWish(
            f"{directory} has no settings file whose name begins with {router.prefix}",
            cure="Give the file's own path, or the directory where it is",
        )
    return _load(found[0].path)


def _locked_out(chosen: _Chosen, closed: Collection[str]) -> BadWish:
    return BadWish(
        f"{chosen.path} would change how this router is reached: {', '.join(closed)}",
        cure="Nothing was restored. If you know the login and the address of that file, give "
        "accept_new_login_and_address: true; the task then cannot look at the outcome",
        closed=list(closed),
    )


def _put_back(
    session: Session,
    chosen: _Chosen,
    nvram: Nvram,
    router: Capabilities,
    closed: Collection[str],
    here: Here,
) -> tuple[Nvram | None, float | None]:
    """What it has stored then, and after how many seconds; neither where this task cannot log in any more."""
    if nvram["rc_service"]:
        session.wait_until_idle()  # the reboot that it requests by itself could be lost
    page = session.upload(_UPLOAD, _FIELD, f"Settings_{router.model}.CFG", chosen.content)
    if any(word in page for word in _REFUSALS):
        raise NotStored(
            f"The router did not take {chosen.path}",
            doing="restoring its settings",
            cure="Nothing was restored; try the router's own page (Administration, Restore/Save/Upload Setting)",
        )
    if closed:
        return None, None
    try:
        seconds = session.await_reboot(router.reboot_seconds * REBOOT_PATIENCE, here.tell)
    except NotActivated as error:
        raise NotActivated(
            error.happened,
            doing="restoring its settings",
            cure="The file was sent. Look whether the router starts and what its page shows; if it has not rebooted, "
            "it took nothing, and running again is safe",
        ) from error
    session.memory.end()  # a change that was left half done is overwritten
    return session.read_back(_PLAIN, TEXT_NAMES), round(seconds, 1)


def _warnings(chosen: _Chosen, router: Capabilities, closed: Collection[str], foretold_for: Router | None) -> list[str]:
    found = []
    if chosen.backup.firmware != router.firmware:
        found.append(
            f"The file is from firmware {chosen.backup.firmware}, and the router runs {router.firmware}: settings that "
            "only one of them knows are lost or stay as they are"
        )
    if closed:
        found.append(f"Log in with what is in the file from now on: {', '.join(closed)} are others")
    if foretold_for and chosen.backup.values.get(PASSWORD, foretold_for.password) != foretold_for.password:
        found.append(
            f"{PASSWORD} in the file is not this task's, or is encrypted. If it is not what the router's own file has "
            "either, it will be refused"
        )
    return found


def _foretold(chosen: _Chosen, nvram: Nvram, warnings: list[str]) -> Result:
    """The settings of Dual WAN only: a fresh file, which would show all, is not made in check mode."""
    merged = {**nvram, **{name: chosen.backup.values[name] for name in _readable(chosen.backup.values)}}
    differs = tuple(name for name in _readable(chosen.backup.values) if merged[name] != nvram[name])
    return {
        **_result(chosen, differs, nvram, merged, warnings=warnings),
        "read_back": False,
        "msg": "Check mode compares the settings of Dual WAN only, as making a file of all makes the router forget its "
        "list of devices",
    }


def _readable(values: Mapping[str, str]) -> list[str]:
    """Settings whose values may be shown; of all others, only the names."""
    return [name for name in (*NAMES, *TEXT_NAMES) if name in values and not is_volatile(name)]


def _result(
    chosen: _Chosen,
    differs: tuple[str, ...],
    before: Nvram,
    after: Nvram | None,
    *,
    before_restore: str | None = None,
    seconds: float | None = None,
    warnings: Collection[str] = (),
) -> Result:
    wanted = chosen.backup.values
    shown = _readable(wanted)
    becomes = wanted if after is None else after
    unlike = {} if after is None else {name: after[name] for name in shown if after[name] != wanted[name]}
    told = [f"The router has another value than the file: {', '.join(unlike)}"] if unlike else []
    moved = [name for name in shown if before.get(name, "") != becomes[name]]
    diff: dict[str, Any] = {
        "before": {name: before.get(name, "") for name in moved},
        "after": {name: becomes[name] for name in moved},
    }
    if differs:
        diff["prepared"] = f"from {chosen.path}: {', '.join(differs)}\n"
    return {
        "changed": bool(differs),
        **described(chosen.path, chosen.backup, None),
        "differs": list(differs),
        "before_restore": before_restore,
        "not_restored": unlike,
        "read_back": after is not None,
        "seconds": seconds,
        "diff": diff,
        "warnings": [*warnings, *told],
    }
