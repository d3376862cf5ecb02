# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put a settings file back, so that the person who asked for it can still log in afterwards.

The router takes the file, merges its settings into what is there, and reboots (382 web.c; the merge from the public
nvram utility). So a restored file brings along the login and the address of its day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_file import Backup, parse
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._backup_store import RouterName, load
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import NAMES as IDENTITY
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities, capabilities
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._carrier import cut
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._change import REBOOT_PATIENCE
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._connection import Router, router_from
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._dashboard import NAMES as STATES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import (
    BadBackup,
    NotActivated,
    NotStored,
    RouterError,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import lines
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._memory import Restored
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._session import Session
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settings import NAMES, TEXT_NAMES
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._settle import alone, settle, with_settled
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._standing import NOTHING
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

_DDNS = "ddns_hostname_x"
_PLAIN = tuple(dict.fromkeys((*IDENTITY, "lan_hwaddr", "rc_service", _DDNS, *NAMES, *STATES, *WAY_IN_NAMES)))
_DUAL_WAN = (*NAMES, *TEXT_NAMES)
_UPLOAD, _FIELD = "/upload.cgi", "file"
_REFUSALS = ("alert(", "error_status")
"""In what follows an upload: UploadError.asp of Merlin 388, whose other page has neither; a session that is gone."""


@dataclass(frozen=True)
class _Chosen:
    """The file to restore."""

    path: Path
    content: bytes = field(repr=False)
    backup: Backup

    @property
    def sha256(self) -> str:
        """By which it is known again."""
        return sha256(self.content).hexdigest()

    @property
    def of_dual_wan(self) -> dict[str, str]:
        """Those of its values that may be shown, with the states among them."""
        return {name: self.backup.values[name] for name in _DUAL_WAN if name in self.backup.values}


@dataclass(frozen=True)
class _Target:
    """The router, as it was found."""

    connection: Router
    nvram: Nvram
    router: Capabilities
    name: RouterName


@dataclass(frozen=True)
class _Wish:
    """The task's options, but for the connection."""

    file: str
    confirm: str
    directory: Path
    number: int
    anyway: bool
    """Also where login or address become others."""
    offline: bool
    """Also where that ends the internet."""


def restore(params: Params, here: Here) -> Result:
    """Put the file back, wait for the reboot, log in once and look; in check mode, say what would change.

    Raises BadBackup or BadWish before the router was asked for more than a read; for another password than the present
    one, after it made a file of what it has.
    """
    wish = _Wish(
        file=params["file"],
        confirm=params["confirm"],
        directory=directory_of(params["directory"]),
        number=number_of(params["keep"]),
        anyway=params["accept_new_login_and_address"],
        offline=params["accept_no_internet"],
    )
    connection = router_from(params)
    chosen = None if wish.file == NEWEST else _load(Path(wish.file), wish.confirm)
    session = Session(connection, here.clock, tell=here.tell)
    with alone(session, here, "asus_settings_backup"), session:
        nvram = session.read(_PLAIN, TEXT_NAMES)
        settled = settle(session, nvram, here)
        if settled and not here.check_mode:
            nvram = session.read(_PLAIN, TEXT_NAMES)
        target = _Target(connection, nvram, capabilities(nvram), router_name(nvram, connection.host))
        if chosen is None:
            chosen = _load(_newest(wish.directory, target.name), wish.confirm)
        if chosen.backup.model != target.router.model:
            raise BadBackup(
                f"{chosen.path} is of a {chosen.backup.model}, and this router is a {target.router.model}",
                cure="Give a file of the same model: others have other ports and other radios",
            )
        # Its password may be encrypted in the file, so whether that is another shows beside a fresh file only.
        closed = _closed(chosen, target, wish, passwords=None)
        if here.check_mode:
            return with_settled(settled, _foretold(chosen, target, wish, closed))
        return with_settled(settled, _in_earnest(session, chosen, target, wish, here))


def _in_earnest(session: Session, chosen: _Chosen, target: _Target, wish: _Wish, here: Here) -> Result:
    content, present = fetch(session, target.router.model)
    passwords = (target.connection.password, present.values.get(PASSWORD, ""))
    closed = _closed(chosen, target, wish, passwords=passwords)
    unlike = restorable(chosen.backup.values, present.values)
    restored = session.memory.restored(target.nvram["lan_hwaddr"])
    states = restored.left if restored and restored.sha256 == chosen.sha256 else ()
    differs = tuple(name for name in unlike if name not in states)
    if not differs:
        return _result(chosen, (), present.values, present.values, warnings=_otherwise(unlike))
    _refuse_the_cut(chosen, target, wish)
    before = put_away(
        content,
        present,
        target.name,
        wish.directory / BEFORE_RESTORE,
        number=wish.number,
        now=today(here.clock),
        spared=(chosen.path,),
    )
    after, seconds = _put_back(session, chosen, target, closed, here)
    told = (
        []
        if after is None
        else _note_states(session, chosen, target, {name: present.values.get(name) for name in differs})
    )
    return _result(
        chosen,
        differs,
        present.values,
        after,
        before_restore=str(before.file.path),
        seconds=seconds,
        warnings=[*_warnings(chosen, target, closed), *told],
    )


def _note_states(session: Session, chosen: _Chosen, target: _Target, former: Mapping[str, str | None]) -> list[str]:
    """Remember what the router has otherwise than a file that it has just taken, and tell of it: it writes such names
    at each boot, and a restore for their sake would reboot it at every run. Settings of Dual WAN never count as such.

    ``former`` is what it had of all that differed.
    """
    try:
        _content, fresh = fetch(session, target.router.model)
    except RouterError as error:
        return [f"The file was restored. What else the router has otherwise was not seen: {error.happened}"]
    left = tuple(name for name in restorable(chosen.backup.values, fresh.values) if name not in _DUAL_WAN)
    session.memory.remember_restored(target.nvram["lan_hwaddr"], Restored(chosen.sha256, left))
    told = _otherwise(left)
    if left and all(fresh.values.get(name) == value for name, value in former.items()):
        told.append(
            "The router rebooted, and has all that differed as it was: it took nothing of the file, or writes just "
            "these at each boot. Look at its page"
        )
    return told


def _otherwise(names: Collection[str]) -> list[str]:
    told = "Names that are otherwise than in the file since it was restored, and are taken for states"
    return [f"{told}: {', '.join(names)}"] if names else []


def _refuse_the_cut(chosen: _Chosen, target: _Target, wish: _Wish) -> None:
    """Raises BadWish where the line in use is none of the file's, and the other could not take over."""
    values, nvram = chosen.backup.values, target.nvram
    pair = lines({"wans_dualwan": values.get("wans_dualwan", nvram["wans_dualwan"])})
    comes_back = nvram["wans_usb_bk_act"] == values.get("wans_usb_bk", nvram["wans_usb_bk"]) == "1"
    found = None if wish.offline or (comes_back and pair[1] == "none") else cut(nvram, pair)
    if found:
        raise BadWish(
            f"{chosen.path} has wans_dualwan {' '.join(pair)}. {found.what}", cure=found.cure("accept_no_internet")
        )


def _closed(chosen: _Chosen, target: _Target, wish: _Wish, *, passwords: Collection[str] | None) -> tuple[str, ...]:
    """By which names this task could not come in again. Raises BadWish, unless the task accepts that."""
    closed = shut(chosen.backup.values, target.connection, target.nvram, passwords=passwords)
    if closed and not wish.anyway:
        raise BadWish(
            f"{chosen.path} would change how this router is reached: {', '.join(closed)}",
            cure="Nothing was restored. If you know the login and the address of that file, give "
            "accept_new_login_and_address: true; the task then cannot look at the outcome",
            closed=list(closed),
        )
    return closed


def _load(path: Path, confirm: str) -> _Chosen:
    """Raises BadWish where the person confirmed something else."""
    content = load(path)
    backup = parse(content, str(path))
    wanted = f"restore {backup.model}"
    if confirm != wanted:
        raise BadWish(
            f"confirm is {confirm!r}, and {path} is of a {backup.model}",
            cure=f'To put all settings of that file back and reboot the router, give confirm: "{wanted}"',
        )
    return _Chosen(path, content, backup)


def _newest(directory: Path, router: RouterName) -> Path:
    found = newest(directory, router)
    if found is None:
        raise BadWish(
            f"{directory} has no settings file whose name begins with {router.prefix}",
            cure="Give the file's own path, or the directory where it is",
        )
    return found[0].path


def _put_back(
    session: Session, chosen: _Chosen, target: _Target, closed: Collection[str], here: Here
) -> tuple[Nvram | None, float | None]:
    """What it has stored then, and after how many seconds; neither where this task cannot log in any more."""
    if target.nvram["rc_service"]:
        session.wait_until_idle()  # the reboot that it requests by itself could be lost
    page = session.upload(_UPLOAD, _FIELD, f"Settings_{target.router.model}.CFG", chosen.content)
    if any(word in page for word in _REFUSALS):
        raise NotStored(
            f"The router did not take {chosen.path}",
            doing="restoring its settings",
            cure="Nothing was restored; try the router's own page (Administration, Restore/Save/Upload Setting)",
            stored=NOTHING,
        )
    if closed:
        session.memory.end(target.nvram["lan_hwaddr"])  # as below, and nobody comes in again to see more of it
        return None, None
    try:
        seconds = session.await_reboot(target.router.reboot_seconds * REBOOT_PATIENCE)
    except NotActivated as error:
        raise NotActivated(
            error.happened,
            doing="restoring its settings",
            cure="Look whether the router starts and what its page shows; if it has not rebooted, "
            "it took nothing, and running again is safe",
        ) from error
    session.memory.end(target.nvram["lan_hwaddr"])  # a change that was left half done is overwritten
    return session.read_back(_PLAIN, TEXT_NAMES), round(seconds, 1)


def _warnings(chosen: _Chosen, target: _Target, closed: Collection[str]) -> list[str]:
    found = []
    if chosen.backup.firmware != target.router.firmware:
        found.append(
            f"The file is from firmware {chosen.backup.firmware}, and the router runs {target.router.firmware}: "
            "settings that only one of them knows are lost or stay as they are"
        )
    if closed:
        found.append(f"Log in with what is in the file from now on: {', '.join(closed)} are others")
    if target.nvram[_DDNS] and chosen.backup.values.get(_DDNS) == "":
        found.append(f"A router leaves the dynamic DNS host name ({_DDNS}) out of its files: set it again")
    return found


def _foretold(chosen: _Chosen, target: _Target, wish: _Wish, closed: Collection[str]) -> Result:
    """The settings of Dual WAN only: a fresh file, which would show all, is not made in check mode."""
    values, nvram = chosen.backup.values, target.nvram
    warnings = _warnings(chosen, target, closed)
    if values.get(PASSWORD, target.connection.password) != target.connection.password:
        warnings.append(
            f"{PASSWORD} in the file is not this task's, or is encrypted. If it is not what the router's own file has "
            "either, it will be refused"
        )
    unlike = restorable(chosen.of_dual_wan, nvram)
    differs = tuple(name for name in _readable(values) if name in unlike)
    if differs:
        _refuse_the_cut(chosen, target, wish)
    merged = {**nvram, **{name: values[name] for name in differs}}
    return {
        **_result(chosen, differs, nvram, merged, warnings=warnings),
        "read_back": False,
        "msg": "Check mode compares the settings of Dual WAN only, as making a file of all makes the router forget its "
        "list of devices",
    }


def _readable(values: Mapping[str, str]) -> list[str]:
    """Settings whose values may be shown; of all others, only the names."""
    return [name for name in _DUAL_WAN if name in values and not is_volatile(name)]


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
    others = () if after is None else restorable(chosen.of_dual_wan, after)
    unlike = {} if after is None else {name: after[name] for name in shown if name in others}
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
