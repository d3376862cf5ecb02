# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ``ansible-test sanity`` on a fresh copy of the checkout, with the Python this runs under.

ansible-test keeps its environments in ``~/.ansible/test``; the caller sets ``HOME`` to where that may be.
Arguments are handed on: ``python -m tools.sanity --test validate-modules``.
"""

from __future__ import annotations

import ast
import configparser
import importlib.util
import os
import pwd
import re
import subprocess
import sys
from pathlib import Path

from tools.checkout import BUILD, copy_tree

# ansible-test loads pip for its environments from a file host of its own, unless it finds the script in its cache.
# Python brings a pip along, and that one fetches the wanted version from where all other packages come from.
PIP_BOOTSTRAP = """\
import re, subprocess, sys
version = ".".join(re.findall(r"\\d+", __file__.rsplit("/", 1)[-1]))
subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL)
subprocess.check_call([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "pip==" + version])
"""


def write_pip_bootstrap() -> None:
    """Put the script above where ansible-test looks for the pip versions that it knows of."""
    package = importlib.util.find_spec("ansible_test")
    if package is None or package.origin is None:
        raise SystemExit("ansible-test is not installed here; it is part of ansible-core")
    source = Path(package.origin).with_name("_internal") / "python_requirements.py"
    cache = Path.home() / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip='([\d.]+)'", source.read_text(encoding="utf-8")):
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text(PIP_BOOTSTRAP, encoding="utf-8")


def write_pip_configuration() -> None:
    """Hand pip's settings on: ansible-test drops the environment's, and ``HOME`` isn't the person's own."""
    home = pwd.getpwuid(os.getuid()).pw_dir
    command = [sys.executable, "-m", "pip", "config", "list"]
    listing = subprocess.run(command, env={**os.environ, "HOME": home}, check=True, stdout=subprocess.PIPE, text=True)
    settings = configparser.RawConfigParser()
    # Lines such as ``global.cert='/x'`` and ``:env:.cert='/x'``; what stands in the environment goes first.
    for line in sorted(listing.stdout.splitlines(), key=lambda line: line.startswith(":env:")):
        where, value = line.split("=", maxsplit=1)
        section, name = where.rsplit(".", maxsplit=1)
        settings.read_dict({"global" if section == ":env:" else section: {name: ast.literal_eval(value)}})
    # "no" is how pip is told yes here: its documentation says so. What is imported Python compiles then.
    settings.read_dict({"global": {"quiet": "2"}, "install": {"no-compile": "no"}})
    file = Path.home() / ".config/pip/pip.conf"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        settings.write(stream)


def python_version() -> str:
    """The running Python as ansible-test names it, for example 3.12."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


if __name__ == "__main__":
    write_pip_bootstrap()
    write_pip_configuration()
    os.chdir(copy_tree(BUILD / f"sanity-{python_version()}"))
    # Our own modules on the path are none of ansible-test's business.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = ["ansible-test", "sanity", "--color", "no", "--python", python_version(), *sys.argv[1:]]
    os.execvpe(command[0], command, environment)
