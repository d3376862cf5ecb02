# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``/upload.cgi``: a settings file comes back, and is merged into what is there (web API facts 5)."""

from __future__ import annotations

import re

from .journal import Entry
from .nvram import Nvram
from .profiles import Profile
from .rc import Rc
from .settings_file import PLAIN, NotASettingsFile, entries
from .wire import Reply, Request

_ALWAYS_TAKEN = ("wl", "wan", "lan")
_BEHIND_THE_BAR = 5

# Both pages in short: those calls to their parent are how the genuine ones tell a browser (merlin www).
_UPLOADING = (
    "<html><head><title>ASUS Wireless Router Web Manager</title></head><body><script>\n"
    'parent.showLoadingBar({seconds});\nsetTimeout("parent.detect_httpd();", {seconds}*1000);\n'
    "</script></body></html>\n"
)
_UPLOAD_ERROR = (
    "<html><head><title>ASUS Wireless Router Web Manager</title></head><body><script>\n"
    'alert("The settings could not be uploaded.");\n</script></body></html>\n'
)


_HEAD_OF_FILE = re.compile(rb'content-disposition:[^\n]*name="file"[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n', re.IGNORECASE)


class Restoring:
    """Taken, committed, and a reboot asked of rc; or nothing at all."""

    def __init__(self, nvram: Nvram, profile: Profile, rc: Rc) -> None:
        self._nvram = nvram
        self._profile = profile
        self._rc = rc

    async def upload(self, request: Request, entry: Entry) -> Reply:
        """The reply to a posted form with the field ``file``."""
        try:
            data = _file_of(request)
            found = entries(data)
        except NotASettingsFile as wrong:
            entry.answer = f"refused: {wrong}"
            return Reply(_UPLOAD_ERROR)
        entry.changed = self._merge(found)
        if data.startswith(PLAIN):
            self._nvram.set("x_Setting", 1)
        self._nvram.commit()
        # That it is asked of rc like any other, and can get lost there like any other, is a guess.
        entry.service = "reboot"
        await self._rc.notify("reboot", "httpd")
        seconds = (self._nvram.number("reboot_time") or 70) + _BEHIND_THE_BAR
        return Reply(_UPLOADING.format(seconds=seconds))

    def _merge(self, found: list[tuple[str, str | None]]) -> list[str]:
        """What the file doesn't name stays as it is. Returns the names whose values changed."""
        changed = []
        for name, value in found:
            if value is None:
                self._nvram.unset(name)
            elif self._takes(name):
                if self._nvram.get(name) != value:
                    changed.append(name)
                self._nvram.set(name, value)
        return changed

    def _takes(self, name: str) -> bool:
        """The utility looks for these words, and for names of ``router_defaults``, anywhere in the name."""
        return any(word in name for word in (*_ALWAYS_TAKEN, *self._profile.settings))


def _file_of(request: Request) -> bytes:
    """Behind the head of the part named file, up to the boundary (382 web.c, do_upload_post)."""
    boundary = re.search(r'boundary="?([^";]+)', request.headers.get("content-type", ""))
    head = _HEAD_OF_FILE.search(request.upload)
    if boundary is None or head is None:
        raise NotASettingsFile("no part named file")
    data, end, _rest = request.upload[head.end() :].partition(b"\r\n--" + boundary.group(1).encode("latin-1"))
    if not end:
        raise NotASettingsFile("the upload ends before its boundary")
    return data
