# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A JUnit report, which every CI shows: a ``testsuites`` with one ``testsuite`` of ``testcase``. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0 has no way to write these."""


@dataclass(frozen=True)
class Case:
    """One thing that was looked at."""

    name: str
    classname: str
    seconds: float = 0.0
    failure: str | None = None
    """What was wrong; its first line is the message."""
    skipped: str | None = None
    """Why it was not looked at."""
    output: str | None = None
    """What is worth knowing of one that did not fail."""


def suite(name: str, cases: Sequence[Case]) -> str:
    """The document."""
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.failure is not None for case in cases)),
        "errors": "0",
        "skipped": str(sum(case.skipped is not None for case in cases)),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }
    root = ET.Element("testsuites", counts)
    within = ET.SubElement(root, "testsuite", {"name": _clean(name), **counts})
    for case in cases:
        _add(within, case)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add(within: ET.Element, case: Case) -> None:
    told = {"name": _clean(case.name), "classname": _clean(case.classname), "time": f"{case.seconds:.3f}"}
    element = ET.SubElement(within, "testcase", told)
    for tag, text in (("failure", case.failure), ("skipped", case.skipped)):
        if text is not None:
            words = _clean(text)
            ET.SubElement(element, tag, {"message": words.partition("\n")[0]}).text = words
    if case.output is not None:
        ET.SubElement(element, "system-out").text = _clean(case.output)


def _clean(text: str) -> str:
    return _NOT_XML.sub("?", text)
