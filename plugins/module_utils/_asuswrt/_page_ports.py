# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports that only the page knows: ``lan2``, a 2.5G or 10G port that is WAN or LAN, and ``auto``.

nvram has no token for them. The page stores ``lan2`` as ``wan`` or ``lan`` with more names beside it, and so do we: a
wish is settled, once, into the tokens that the router keeps, and behind that nobody meets these two words.

Sources: the page of 386 for three models by name, and the page of 388, which asks the router by the hook
``get_ethernet_wan_list``. The whole of it is inferred from the pages' source: no router with such a port was seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._capabilities import Capabilities, EthernetWan
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._errors import BadReply, NotCapable
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._lines import (
    is_enabled,
    lines,
    names_lines,
    paired,
)
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._nvram import Nvram
from ansible_collections.homelab.dualwan.plugins.module_utils._asuswrt._wish import Wish
from ansible_collections.homelab.dualwan.plugins.module_utils._errors import BadWish

FAST, AUTO = "lan2", "auto"
AUTO_WORD = "autowan"
"""In ``rc_support``."""
HOOK = "get_ethernet_wan_list"

WITH_A_FAST_PORT = ("GT-AX11000", "RT-AX86U", "GT-AXE11000")
"""Up to 386, by name (page of 386)."""
FAST_LAN_PORT = 5
"""Its number as LAN port on those."""

_SETTINGS = {"wans_extwan": re.compile(r"[01]"), "wan_ifname_x": re.compile(r"[a-z]{1,8}[0-9]{1,2}(\.[0-9]{1,4})?")}
_DIGIT = re.compile(r"[0-9]")


def page_lines(nvram: Nvram, router: Capabilities) -> tuple[str, str]:
    """The stored pair in the page's words."""
    first, second = lines(nvram)
    if nvram["wans_extwan"] == "1":
        return (FAST if first == "wan" else first), (FAST if second == "wan" else second)
    if first == "wan" and second == "none" and nvram["autowan_enable"] == "1" and AUTO_WORD in router.words:
        return AUTO, second
    return first, second


def with_ports(router: Capabilities, wish: Wish, nvram: Nvram, ask: Callable[[str], Any]) -> Capabilities:
    """``router`` with its Ethernet WANs, where the wish needs them: one request more, and only from 388 on.

    ``ask`` calls a hook of the router by its name and returns the parsed answer. Raises BadReply for one that cannot
    be understood.
    """
    if not (router.generation.asks_ports and names_lines(wish)):
        return router
    stored, pair = page_lines(nvram, router), _wanted(wish, nvram, router)
    if pair == stored:
        return router
    # usb and lan are allowed together where there is more than one of them.
    if FAST in pair or nvram["wans_extwan"] == "1" or set(pair) == {"usb", "lan"}:
        return replace(router, ethernet=ethernet_wans(ask(HOOK)))
    return router


def ethernet_wans(answer: Any) -> tuple[EthernetWan, ...]:
    """The hook's answer: an object with an object for each port."""
    if not isinstance(answer, Mapping):
        return ()  # firmware without the hook answers nothing at all
    return tuple(_ethernet_wan(str(key), port) for key, port in answer.items())


def _ethernet_wan(key: str, port: Any) -> EthernetWan:
    if not isinstance(port, Mapping) or not isinstance(port.get("extra_settings", {}), Mapping):
        raise BadReply(
            f"The router describes its port {key} as {str(port)[:60]!r}",
            doing="asking for its Ethernet WANs",
            cure="Give wan, lan or usb instead, or choose the port in the router's own page",
        )
    settings = {str(name): str(value) for name, value in port.get("extra_settings", {}).items()}
    return EthernetWan(key, str(port.get("wan_name", key)), str(port.get("wans_lanport", "")), settings)


def settled(wish: Wish, nvram: Nvram, router: Capabilities) -> Wish:
    """The wish in tokens that nvram has. A port that this router does not have stays as it is, for the guards to
    refuse. Raises BadWish where the wish contradicts itself or the state."""
    if not names_lines(wish):
        return wish
    stored, pair = page_lines(nvram, router), _wanted(wish, nvram, router)
    tokens: _Tokens | None
    if pair == stored:
        tokens = _Tokens(*lines(nvram))
    elif AUTO in pair:
        tokens = _Tokens("wan", "none") if pair[1] == "none" and AUTO_WORD in router.words else None
    elif FAST not in pair and nvram["wans_extwan"] != "1":
        tokens = _Tokens(*pair)
    elif router.generation.asks_ports:
        tokens = _by_list(pair, router.ethernet)
    else:
        tokens = _by_name(pair, router)
    if tokens is None:
        return wish
    # While Dual WAN is on, or where no primary is named, the page leaves the automatic choice as it is.
    names_it = AUTO_WORD in router.words and wish.primary is not None and pair[1] == "none"
    return _settle(wish, tokens, pair[0] == AUTO if names_it else None)


@dataclass(frozen=True)
class _Tokens:
    primary: str
    secondary: str
    lan_port: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def _wanted(wish: Wish, nvram: Nvram, router: Capabilities) -> tuple[str, str]:
    first, second = page_lines(nvram, router)
    if first == AUTO and wish.enabled is not False:
        first = "wan"
    return paired(wish, first, second, on=is_enabled(nvram))


def _settle(wish: Wish, tokens: _Tokens, auto_wan: bool | None) -> Wish:
    if tokens.lan_port is not None and wish.lan_port not in (None, tokens.lan_port):
        raise BadWish(
            f"lan_port is {wish.lan_port}, and {FAST} is a port by itself", cure=f"Leave lan_port out beside {FAST}"
        )
    extwan = tokens.settings.get("wans_extwan")
    return replace(
        wish,
        primary=tokens.primary,
        secondary=None if tokens.secondary == "none" else tokens.secondary,
        lan_port=wish.lan_port if tokens.lan_port is None else tokens.lan_port,
        fast_lan=tokens.lan_port is not None,
        fast_wan=None if extwan is None else extwan == "1",
        wan_interface=tokens.settings.get("wan_ifname_x"),
        auto_wan=auto_wan,
    )


def _by_name(pair: tuple[str, str], router: Capabilities) -> _Tokens | None:
    """As the page of 386 maps it."""
    if FAST not in pair:
        return _Tokens(*pair, settings={"wans_extwan": "0"})
    if router.base_model not in WITH_A_FAST_PORT:
        return None
    if set(pair) == {FAST, "wan"}:
        primary, secondary = ("lan" if port == FAST else port for port in pair)
        return _Tokens(primary, secondary, FAST_LAN_PORT, {"wans_extwan": "0"})
    primary, secondary = ("wan" if port == FAST else port for port in pair)
    return _Tokens(primary, secondary, settings={"wans_extwan": "1"})


def _by_list(pair: tuple[str, str], ethernet: tuple[EthernetWan, ...]) -> _Tokens | None:
    """As the page of 388 maps it: which of two Ethernet ports is called ``lan`` is for their settings to say."""
    ports = _our_words(ethernet)
    if FAST in pair and FAST not in ports:
        return None
    chosen = [ports[word] for word in pair if word in ports]
    if len(chosen) < 2:
        tokens = ["wan" if word in ports else word for word in pair]
        return _Tokens(tokens[0], tokens[1], settings=_posted(*chosen) if chosen else {"wans_extwan": "0"})
    lan, _wan, settings = _two(*chosen)
    port = lan.lan_port or lan.settings.get("wan_ifname_x", "")[3:4]
    if not _DIGIT.fullmatch(port):
        raise NotCapable(
            f"The router does not say which LAN port its {lan.name} is",
            cure="Choose both ports in the router's own page",
        )
    primary, secondary = ("lan" if chosen[index] is lan else "wan" for index in (0, 1))
    return _Tokens(primary, secondary, int(port), settings)


def _our_words(ethernet: tuple[EthernetWan, ...]) -> dict[str, EthernetWan]:
    """``wan`` is the ordinary one, ``lan2`` the other; where there are several others, the page's names are needed to
    tell them apart, and the option has none for them."""
    if not ethernet:
        return {}
    ordinary = next((port for port in ethernet if not port.lan_port), ethernet[0])
    others = [port for port in ethernet if port is not ordinary]
    if len(others) > 1:
        raise NotCapable(
            f"The router has several such ports ({', '.join(port.name for port in others)}), which {FAST} does not "
            "tell apart",
            cure="Choose the port in the router's own page, and leave primary and secondary out",
        )
    return {"wan": ordinary, **dict(zip([FAST], others, strict=False))}


def _two(primary: EthernetWan, secondary: EthernetWan) -> tuple[EthernetWan, EthernetWan, dict[str, str]]:
    """Which is ``lan``, which is ``wan``, and what is stored besides."""
    if primary.settings.get("wans_extwan") == "0":
        return secondary, primary, {"wans_extwan": "0"}
    if secondary.settings.get("wans_extwan") == "0":
        return primary, secondary, {"wans_extwan": "0"}
    lan, wan = (primary, secondary) if primary.lan_port else (secondary, primary)
    return lan, wan, _posted(wan)


def _posted(port: EthernetWan) -> dict[str, str]:
    strange = [
        f"{name}={value}"
        for name, value in port.settings.items()
        if name not in _SETTINGS or not _SETTINGS[name].fullmatch(value)
    ]
    if strange:
        raise NotCapable(
            f"The router wants {', '.join(strange)} stored for its {port.name}, which this collection does not know",
            cure="Choose the port in the router's own page, and leave primary and secondary out",
        )
    return {"wans_extwan": "0", **port.settings}
