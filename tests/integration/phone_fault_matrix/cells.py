# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fault is met at which request of which story. What would be the same again is not in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integration.phone_fault_matrix import faults as met
from integration.phone_fault_matrix import stories as told
from integration.phone_fault_matrix.faults import Fault
from integration.phone_fault_matrix.stories import Point, Story


@dataclass(frozen=True)
class Cell:
    """One fault at one request of one story."""

    story: Story
    fault: Fault
    point: Point

    @property
    def name(self) -> str:
        return f"{self.story.name} - {self.fault.name} - {self.point.name}"


_WAY = (met.CUT, met.CUT_IN_IT, met.GONE, met.REVOKED, met.OFFLINE, met.SERVER, met.REBOOT, met.ADBD)
"""What goes wrong between the computer and the phone's shell."""
_SHORT = (met.CUT, met.CUT_IN_IT, met.REVOKED, met.SERVER, met.REBOOT, met.ADBD)
"""Without those that stay away, which are waited for, and seen by the same lines whatever the task."""
_AGAIN = (met.CUT, met.REVOKED, met.SERVER, met.REBOOT)
"""Of those, what is not the same at a later request."""

# Every task reads by the same one request, so that all that can happen to it is met in android_info, and again only in
# what each does besides. A removal, another interval and NCM differ from their stories in the write.
_TABLE: tuple[tuple[Story, tuple[Fault, ...], tuple[Point, ...]], ...] = (
    (told.INFO, (*_WAY, met.EXPIRED), (told.READ,)),
    (told.INFO, (met.TWO, met.SVC_MUTE, met.FULL, met.READ_ONLY), (told.ALL_ALONG,)),
    (told.TETHER, (met.SERVER, met.REBOOT), (told.READ,)),
    (told.TETHER, _WAY, (told.SWITCH,)),
    (told.TETHER, (*_AGAIN, met.ADBD), (told.SWITCHED, told.DEFAULT, told.DEFAULTED)),
    (told.TETHER, (met.TWO, met.EXPIRED, met.SVC_MUTE, met.GADGET, met.HAL_MUTE, met.ANDROID_8), (told.ALL_ALONG,)),
    (told.TETHER_OFF, (met.CUT, met.CUT_IN_IT, met.REBOOT), (told.DEFAULT,)),
    (told.NCM, (met.ANDROID_10,), (told.ALL_ALONG,)),
    (told.OLD_TETHER, (met.CUT_IN_IT, met.SERVER, met.REBOOT), (told.ASKED,)),
    (told.OLD_TETHER, (met.SU_NONE, met.SU_REFUSES, met.SU_ASKS, met.SU_HANGS), (told.ALL_ALONG,)),
    (told.PLUG_IN, (*_AGAIN, met.CUT_IN_IT), (told.DEFAULT,)),
    (told.PLUG_IN, (met.SVC_MUTE, met.GADGET, met.ANDROID_8), (told.ALL_ALONG,)),
    (told.LOOP, _WAY, (told.WRITE,)),
    (told.LOOP, _SHORT, (told.READ_BACK,)),
    (
        told.LOOP,
        (met.TWO, met.FULL, met.READ_ONLY, met.TMP_READ_ONLY, met.SVC_MUTE, met.ANDROID_8, met.DRIFT),
        (told.ALL_ALONG,),
    ),
    (told.NEW_LOOP, (met.CUT, met.CUT_IN_IT, met.FULL, met.REBOOT), (told.WRITE,)),
    (told.LOOP_GONE, (met.CUT, met.CUT_IN_IT, met.READ_ONLY, met.REBOOT), (told.REMOVE,)),
    (told.ROOT, (*_SHORT, met.FULL, met.READ_ONLY, met.SU_REFUSES, met.SU_ASKS, met.SU_HANGS), (told.WRITE,)),
    (told.ROOT, (met.REBOOT, met.SU_REFUSES), (told.READ_BACK,)),
    (
        told.ROOT,
        (met.SU_NONE, met.SU_REFUSES, met.SU_ASKS, met.SU_HANGS, met.DRIFT, met.LAUNCHER_DRIFT),
        (told.ALL_ALONG,),
    ),
    (told.BACKUP, _SHORT, (told.ITEMS_SET,)),
    (told.BACKUP, _AGAIN, (told.ITEMS_BACK,)),
    (told.BACKUP, (met.TWO, met.EXPIRED, met.SVC_MUTE), (told.ALL_ALONG,)),
    (told.FLOW, _AGAIN, (told.READ,)),
    (told.FLOW, _WAY, (told.FLOW_STARTED,)),
    (told.FLOW, _SHORT, (told.FLOW_READ_BACK,)),
    (
        told.FLOW,
        (met.AM_REFUSES, met.AM_MUTE, met.NO_APP, met.NO_SERVICE, met.FULL, met.READ_ONLY, met.TMP_READ_ONLY),
        (told.ALL_ALONG,),
    ),
    (told.FLOW_GONE, _SHORT, (told.RESTORED,)),
    (told.FLOW_GONE, (met.CUT, met.REBOOT), (told.RESTORED_READ_BACK,)),
    (told.AUTO, (met.CUT, met.CUT_IN_IT, met.SERVER, met.REBOOT), (told.FLOW_STARTED,)),
    (told.AUTO, (met.AM_REFUSES,), (told.ALL_ALONG,)),
    (told.HOST, _WAY, (told.KEYS_KEPT,)),
    (told.HOST, _SHORT, (told.KEYS_READ_BACK,)),
    (told.HOST, (met.ANDROID_8,), (told.ALL_ALONG,)),
    (told.ETHERNET, (*_WAY, met.EXPIRED), (told.READ,)),
    (told.ETHERNET, (met.TWO, met.ADAPTER, met.NO_HAND, met.NO_WAY_OUT, met.OLDER), (told.ALL_ALONG,)),
    (told.ETHERNET_AWAITED, _WAY, (told.LOOK,)),
)


def _cells() -> Iterator[Cell]:
    for story, faults, points in _TABLE:
        for fault in faults:
            yield from (Cell(story, fault, point) for point in points)


CELLS = tuple(_cells())
