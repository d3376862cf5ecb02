# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The classes that httpd sorts clients into by their User-Agent (web API facts 1.1)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import Enum

from .refusal import NotSimulated


class Kind(Enum):
    """Who is asking. A token is good for its own kind only."""

    BROWSER = "browser"
    DUT_UTIL = "DUTUtil"
    ASSIA = "ASSIA"
    IFTTT = "IFTTT"
    ALEXA = "Alexa"
    WEB_VIEW = "WebView"
    MY_ASUS = "MyASUS"
    UNKNOWN_APP = "unknown"

    @property
    def is_app(self) -> bool:
        return self is not Kind.BROWSER


def classify(user_agent: str, app_words: AbstractSet[str]) -> Kind:
    """Split at ``-`` with empty parts kept: the first says app, the third says which (382 httpd.c).

    ``app_words`` are the thirds that this generation knows.
    """
    parts = user_agent.split("-")
    if parts[0] != "asusrouter":
        if "asusrouter" in user_agent:
            raise NotSimulated("a User-Agent with asusrouter elsewhere than in front: sources disagree about it")
        return Kind.BROWSER
    third = parts[2] if len(parts) > 2 else ""
    return Kind(third) if third in app_words else Kind.UNKNOWN_APP
