# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to set on a phone so that it tethers now and at every plug-in. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.homelab.dualwan.plugins.module_utils._android._usb import TETHERS, Usb


@dataclass(frozen=True)
class TetherWish:
    """The options of ``android_usb_tether``."""

    enabled: bool
    function: str
    """``auto``, ``rndis`` or ``ncm``."""
    plug_in_default: bool


@dataclass(frozen=True)
class TetherPlan:
    """The USB function to have now and the one to take at plug-in; None for no tether."""

    function: str | None
    default: str | None
    set_function: bool
    set_default: bool
    by_request: bool = False
    """Android 8: root asks for tethering by number, which sets the function too, and there is no default."""

    @property
    def changes(self) -> bool:
        return self.set_function or self.set_default


SET_USB_TETHERING = 34
"""Number of setUsbTethering in ``service call connectivity`` of Android 8, as its users found it."""


def candidates(wish: TetherWish, usb: Usb, *, by_request: bool = False) -> tuple[str | None, ...]:
    """The functions to try, best first. ``auto`` keeps what the phone has, and prefers RNDIS to NCM, as some routers'
    kernels have no NCM driver. Android 8 has RNDIS only."""
    if not wish.enabled:
        return (None,)
    if by_request:
        return ("rndis",)
    if wish.function != "auto":
        return (wish.function,)
    kept = [function for function in (usb.function, usb.default) if function]
    return tuple(dict.fromkeys((*kept, *TETHERS)))


def plan(wish: TetherWish, usb: Usb, function: str | None, *, by_request: bool = False) -> TetherPlan:
    """From the phone's state to tethering by ``function``."""
    if by_request:
        # The function alone is a network card without addresses there.
        alone = function is not None and usb.connected and not usb.address
        return TetherPlan(function, None, usb.function != function or alone, set_default=False, by_request=True)
    default = function if wish.enabled and wish.plug_in_default else None
    return TetherPlan(
        function=function,
        default=default,
        set_function=usb.function != function,
        set_default=usb.default != default,
    )


def next_command(planned: TetherPlan) -> str | None:
    """The one thing to tell the phone's shell now; None where nothing is left.

    A default that is to go goes first, as Android drops the function with it. One that is to come comes last: a phone
    that refuses the function is then left with the default that it had. Newer releases drop the function with either
    while the screen is locked, so plan anew after each step. ``svc`` takes exactly one function, never ``rndis,adb``;
    adb stays on by itself.
    """
    if planned.by_request:
        asked = f"service call connectivity {SET_USB_TETHERING} i32 {int(planned.function is not None)}"
        return f"su -c '{asked}'" if planned.set_function else None
    if planned.set_default and planned.default is None:
        return "svc usb setScreenUnlockedFunctions"
    if planned.set_function:
        return f"svc usb setFunctions {planned.function or ''}".strip()
    if planned.set_default:
        return f"svc usb setScreenUnlockedFunctions {planned.default}"
    return None


def settled(planned: TetherPlan, usb: Usb, *, host: bool) -> bool:
    """Whether nothing more will come: also up, where a host is on the other end.

    ``host``: there was one before the switch, which takes the phone off the bus for a moment.
    """
    alone = not usb.connected and not host
    return not planned.changes and usb.applied and (planned.function is None or usb.up or alone)
