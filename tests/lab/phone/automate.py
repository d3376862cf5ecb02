# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LlamaLab Automate, the app: one flow that switches a tether on, and the privileged service that it does that by.

Inferred from its documentation, from users and from a look into the app: how a flow is started, that its own service
lives while flows run, that the privileged one listens at a socket named after its component. Without root that one is
a child of adbd. The flow is made up: what a person would build from the blocks USB and Ethernet tethering set state.
"""

from __future__ import annotations

from collections.abc import Callable

from ..clock import Clock, Timer
from .ethernet import Ethernet
from .journal import Journal
from .usb import NONE, Usb

PACKAGE = "com.llamalab.automate"
SOCKET = f"{{{PACKAGE}/{PACKAGE}.PrivilegedService}}"
FLOW = "1"
"""The only one; each installation numbers its own."""
LOOK_SECONDS = 5.0
STATES = ("absent", "installed", "privileged")


class Automate:
    """The app, if it is there."""

    def __init__(
        self, clock: Clock, journal: Journal, usb: Usb, ethernet: Ethernet, listen: Callable[[bool], None]
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._usb = usb
        self._ethernet = ethernet
        self._listen = listen
        """Has the privileged service's socket there, or not."""
        self._looking: Timer | None = None
        self.installed = False
        self.privileged = False
        self.exempt = False
        """From the battery optimisation."""
        self.starts = 0
        """How often the flow was started; a second time is another fiber beside the first."""

    @property
    def runs(self) -> bool:
        """Whether its own service does, as it does while a flow runs."""
        return self._looking is not None

    def become(self, state: str) -> None:
        """Of :data:`STATES`, as a person makes it."""
        self.installed = state != "absent"
        self._give(state == "privileged")
        if not self.installed:
            self.stop()
            self.exempt = False

    def start(self, flow: str) -> None:
        """START_FLOW. One that is not there is a message on the screen."""
        if flow != FLOW:
            self._journal.note("Automate has no such flow", flow=flow)
            return
        self._journal.note("flow of Automate started")
        self.starts += 1
        if self._looking is None:
            self._looking = self._clock.later(LOOK_SECONDS, self._look)

    def stop(self) -> None:
        """A person stops the flow, or the phone ends."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def adbd_ended(self) -> None:
        """What was started by adb ends with adbd."""
        self._give(False)

    def powered_off(self) -> None:
        """Nobody has switched Run on system startup on."""
        self.stop()
        self._give(False)

    def _give(self, privileged: bool) -> None:
        if privileged != self.privileged:
            self.privileged = privileged
            self._listen(privileged)

    def _look(self) -> None:
        self._looking = self._clock.later(LOOK_SECONDS, self._look)
        usb = self._usb
        if self.privileged and usb.configured and usb.applied and usb.current == NONE:
            usb.set_current("rndis", "a flow of Automate")
        if self.privileged and self._ethernet.present and not self._ethernet.switched_on:
            self._ethernet.switch(True)
