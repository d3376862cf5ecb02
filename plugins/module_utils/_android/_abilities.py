# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone can do towards keeping its tether on, from what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._probe import Sections

SU_SECONDS = 5
"""How long root is asked for. A question on the phone's screen that nobody answers takes longer."""

ROOT_GRANTED, ROOT_REFUSED, ROOT_NONE = "granted", "refused", "none"

GADGET: Mapping[str, str] = {
    # To standard error, as all of svc's answers (UsbCommand.java, 12 and later); an unknown verb gets the help.
    "gadget": "{ svc usb getGadgetHalVersion 2>&1; }",
}
LOCK: Mapping[str, str] = {
    # KeyguardServiceDelegate.dump, of all releases. The settings alone do not tell a swipe from a PIN.
    "secure_lock": "dumpsys window policy | grep -m 1 '^ *secure='",
}
_FIRST_TO_TELL_ITS_GADGET = 31
_LAST_WITHOUT_HAL = 27


@dataclass(frozen=True)
class Abilities:
    """What the choice of layers goes by."""

    sdk: int
    root: str
    """``granted`` to the shell, ``refused`` (or asked for and not answered), or ``none`` where no ``su`` is."""
    locks: bool
    """It has a secure lock screen, up now or later."""
    gadget: str
    """``hal``, ``legacy``, or ``unknown``. Without a HAL adbd ends at each switch, with all that it started."""
    automate: bool = False
    """LlamaLab Automate is installed. Only asked where it matters."""
    service_runs: bool = False
    """The root service, which anybody sees."""

    @property
    def out_of_reach(self) -> bool:
        """Whether that runs and only a hand can change it: root was taken from the shell after it had been given."""
        return self.service_runs and self.root != ROOT_GRANTED


def gadget_from(sdk: int, said: str) -> str:
    """Read the section of :data:`GADGET`. Android 9 to 11 do not tell."""
    if sdk <= _LAST_WITHOUT_HAL:
        # There may be one on 8.x; few phones had it.
        return "legacy"
    if sdk < _FIRST_TO_TELL_ITS_GADGET or not said or "usage" in said:
        return "unknown"
    return "legacy" if "unknown" in said.lower() else "hal"


def locks_from(said: str, *, up: bool) -> bool:
    """Read the section of :data:`LOCK`. A phone that says nothing is judged by whether the lock screen is up."""
    return up or said.strip() == "secure=true"


def root_from(sections: Sections) -> str:
    """Read ``su`` (where it is) and ``root_uid`` (what ``id -u`` said through it)."""
    if not sections["su"]:
        return ROOT_NONE
    return ROOT_GRANTED if sections["root_uid"] == "0" else ROOT_REFUSED
