# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tools.pictures``: the pictures of the report in ``docs/pictures``, from samples of a simulated house.

The plot is matplotlib's and the same everywhere. The others are what Chromium makes of the page with this machine's
fonts, so they are made anew when the page looks different, and not compared with anything.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

from tools import browser as browsers
from tools import report_samples as sample
from tools.checkout import ROOT, link_tree

PICTURES = ROOT / "docs" / "pictures"
TITLE = "The backup link of a simulated house"
COLOURS = 160
VIEWS = {
    "report-light": (1100, 0, "light"),
    "report-dark": (1100, 0, "dark"),
    "report-narrow": (390, 1660, "light"),
}
"""Width and height in pixels, 0 for down to the plot's end; and the reader's scheme."""


def main() -> int:
    """The exit status."""
    program = browsers.program()
    if not program:
        print("This needs Chromium (on Debian: apt install chromium)", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        page = Path(directory) / "page.html"
        make(page, PICTURES / "drill.svg")
        with browsers.chromium(program) as browser:
            for name, (width, height, scheme) in VIEWS.items():
                with browsers.opened(browser, page, width, scheme) as view:
                    end = view.locator("#drill figcaption").bounding_box()
                    whole = height or round(end["y"] + end["height"] + 24 if end else width)
                    view.set_viewport_size({"width": width, "height": whole})
                    picture = PICTURES / f"{name}.png"
                    view.screenshot(path=picture)
                    shrink(picture)
    for picture in sorted(PICTURES.iterdir()):
        print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size / 1024:.0f} KB")
    return 0


def shrink(picture: Path) -> None:
    """A page of few colours needs no more than a palette: a third of the bytes."""
    with Image.open(picture) as opened:
        few = opened.convert("RGB").quantize(colors=COLOURS, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def make(page: Path, plot: Path) -> None:
    """The page and the plot of the samples."""
    sys.path.insert(0, str(link_tree()))
    from ansible_collections.homelab.dualwan.plugins.module_utils._link._report._run import run
    from ansible_collections.homelab.dualwan.plugins.module_utils._task import Here

    given = {
        "link": sample.a_link(),
        "doctor": sample.a_diagnosis(),
        "phone": sample.a_phone(),
        "drills": sample.a_history(),
    }
    nowhere = dict.fromkeys(("router", "router_port"))
    options = {"router_tls": True, "title": TITLE, "seen_at": "2025-11-25 18:05 UTC", "mode": "0644"}
    run({**given, **nowhere, **options, "dest": str(page), "plot": str(plot), "plot_theme": "light"}, Here())


if __name__ == "__main__":
    sys.exit(main())
