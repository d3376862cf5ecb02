# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the checks of the table below, three at a time and one more that mostly waits, each in its environment.

``python -m tools.run_checks`` runs all. With names of groups (``lint unit``) it runs those, with the Python at hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tools import interpreters
from tools.checkout import BUILD, ROOT, link_tree

STEP_TIMEOUT_SECONDS = 1800
AT_A_TIME = 3
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@dataclass(frozen=True)
class Step:
    """One check: a shell command, run in the checkout with the environment's programs first on PATH."""

    name: str
    group: str
    command: str
    everywhere: bool = False
    """Run in each environment, not only in that of the Python at hand."""
    elsewhere: str = ""
    """What is run instead in the environments that are not that of the Python at hand: of the same kind, and less."""
    alone: bool = False
    """With nothing beside it, after all others: it compares times that it measures with times that were."""
    waits: bool = False
    """For what keeps to the wall's pace, and leaves the processors alone: one such runs beside the others."""
    apart: bool = False
    """Not in two environments at the same time: it keeps something in the checkout while it runs."""
    program: str = ""
    """A program that no Python package brings: without it the step is skipped, and fails in CI."""
    tables: tuple[str, ...] = ()
    """Files in ``build/`` that it writes for people to read, and that are printed when it is over."""


PLAYS = tuple(
    f"tests/integration/test_{name}.py"
    for name in (
        "conversation",
        "demo",
        "doors",
        "ethernet",
        "examples",
        "interrupted",
        "nothing_private",
        "site",
    )
)
"""Where ansible-playbook itself takes the time."""
GUIDE = "tests/integration/test_guide.py"
RECOVERY = "tests/integration/test_recovery.py"
TIMING = "tests/integration/test_timing.py"
HOST_LAYER = tuple(f"tests/integration/test_{name}.py" for name in ("host_layer_by_systemd", "host_role", "host_layer"))
HOST_WATCH = "tests/integration/test_host_watch.py"
PAGE = "tests/integration/test_report_page.py"
WATCHED = tuple(
    f"{HOST_WATCH}::test_{name}"
    for name in ("a_drop_is_mended_in_the_same_run", "after_adbd_was_restarted_it_watches_again")
)
"""What adbd has a part in."""

# The longest first: the short ones then fill the gaps. More processes than processors where tests mostly wait for what
# they started.
STEPS = (
    # Its runs, one for each environment, follow one another, so the first of them begins at once.
    Step("molecule", "molecule", "molecule test --all", everywhere=True, apart=True),
    Step(
        "plays",
        "integration",
        f"python -m pytest -n 2 {' '.join(PLAYS)}",
        everywhere=True,
        elsewhere="python -m pytest -n 2 tests/integration/test_doors.py tests/integration/test_examples.py"
        " tests/integration/test_conversation.py"
        " 'tests/integration/test_site.py::"
        "test_teardown_leaves_the_phone_of_a_router_that_was_not_asked_and_no_other[its own]'",
    ),
    # What users run differs by core and by Python; style, tests and tools do not.
    Step(
        "sanity",
        "sanity",
        "python -m tools.sanity",
        everywhere=True,
        elsewhere="python -m tools.sanity --test compile --test import --test validate-modules --test ansible-doc"
        " --test action-plugin-docs --test runtime-metadata plugins/ meta/",
    ),
    Step("host layer", "integration", f"python -m pytest {' '.join(HOST_LAYER)} -n 2"),
    Step(
        "drill",
        "integration",
        # What happens in the router while ansible-playbook starts has twice the time.
        "python -m pytest --lab-speed 10 tests/integration/test_drill*.py -n 3",
    ),
    Step(
        "real adbd",
        "integration",
        "python -m pytest --real-adbd -n 2 tests/integration/test_layers.py tests/integration/test_keepalive_at_work.py"
        " tests/integration/test_tether_on_phones.py tests/integration/test_backup_phone.py"
        " tests/integration/test_automate_layer.py tests/integration/test_host_layer.py"
        f" {' '.join(WATCHED)}",
        program="dpkg-deb",
    ),
    Step(
        "unit",
        "unit",
        "python -m pytest tests/unit -n 2",
        everywhere=True,
        # What a shell makes of the scripts is the same with every Python.
        elsewhere="python -m pytest tests/unit --ignore=tests/unit/android/test_keepalive.py"
        " --ignore=tests/unit/android/test_watch.py",
    ),
    Step(
        "integration",
        "integration",
        "python -m pytest tests/integration -n 3 --ignore-glob='*fault_matrix' --ignore-glob='*test_drill*'"
        f" {' '.join(f'--ignore={each}' for each in (*PLAYS, *HOST_LAYER, HOST_WATCH, RECOVERY, TIMING, GUIDE, PAGE))}",
    ),
    Step(
        "fault matrix",
        "integration",
        "python -m pytest tests/integration/fault_matrix tests/integration/phone_fault_matrix -n 3",
        waits=True,
        tables=("fault-matrix.txt", "phone-fault-matrix.txt"),
    ),
    Step("host watch", "integration", f"python -m pytest {HOST_WATCH} -n 3", waits=True),
    Step("recovery", "integration", f"python -m pytest {RECOVERY}", waits=True),
    Step("timing", "integration", f"python -m pytest {TIMING} -n 4", waits=True),
    Step("lab tests", "lab-tests", "python -m pytest tests/lab_tests -n 2"),
    Step("page", "integration", f"python -m pytest {PAGE} -n 2"),
    Step("guide", "integration", f"python -m pytest {GUIDE}"),
    Step("conformance", "conformance", "python -m pytest tests/conformance"),
    Step("ansible-lint", "lint", "ansible-lint --profile production --offline"),
    Step("mypy", "lint", "mypy"),
    Step("docs", "lint", "antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self ."),
    Step("changelog", "lint", "antsibull-changelog lint"),
    Step("package", "lint", "ansible-galaxy collection build --force --output-path build/package"),
    Step("ruff check", "lint", "ruff check"),
    Step("ruff format", "lint", "ruff format --check --diff"),
    Step(
        "shellcheck",
        "lint",
        "shellcheck .ci/run $(git ls-files --cached --others --exclude-standard '*.sh')",
        program="shellcheck",
    ),
    Step("rig", "rig", "python -m pytest tests/rig_tests -n 2 --dist loadfile", alone=True, program="nft"),
)


@dataclass(frozen=True)
class Environment:
    """A Python with an ansible-core, for which the collection is checked."""

    title: str
    pythons: tuple[str, ...]
    core: str


ENVIRONMENTS = (
    Environment("the oldest supported, Python 3.11 with ansible-core 2.19", ("3.11",), "ansible-core~=2.19.0"),
    Environment("the newest, Python 3.12+ with ansible-core 2.21+", ("3.12", "3.13", "3.14"), "ansible-core>=2.21"),
)


@dataclass
class Outcome:
    """How a step went: ``ok``, ``failed`` or ``skipped``, and why."""

    state: str
    seconds: float = 0.0
    why: str = ""
    log: Path | None = None
    step: str = ""
    where: str = ""
    tables: tuple[str, ...] = ()

    def show(self) -> None:
        """Print one line; for a failure all that the step printed as well."""
        print(f"{self.state:8}{self.step:13}{self.where:13}{self.seconds:6.1f} s  {self.why}".rstrip(), flush=True)
        for table in self.tables:
            if (BUILD / table).exists():
                print((BUILD / table).read_text(encoding="utf-8").rstrip(), flush=True)
        if self.state == "failed" and self.log:
            print(self.log.read_text(encoding="utf-8", errors="replace").rstrip())
            print(f"-------- end of {self.step}, {self.where}", flush=True)


class Venv:
    """The virtual environment of an `Environment`, under ``build/`` and kept between runs."""

    def __init__(self, environment: Environment, version: str, interpreter: Path) -> None:
        self.environment = environment
        self.where = f"Python {version}"
        self.path = BUILD / f"venv-{version}"
        self.home = BUILD / f"home-{version}"
        self.state = self.home / "state"
        self.ready = False
        self._interpreter = interpreter

    async def prepare(self) -> Outcome:
        """Make it, unless it is there with these requirements."""
        # What the last run remembered of its labs' ports is of no use to the next one's.
        shutil.rmtree(self.state, ignore_errors=True)
        files = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
        wanted = "\n".join([self.environment.core, *(file.read_text(encoding="utf-8") for file in files)])
        stamp = self.path / "requirements.stamp"
        self.ready = stamp.exists() and stamp.read_text(encoding="utf-8") == wanted
        if self.ready:
            return Outcome("ok", why="as it was")
        python = f"'{self.path}/bin/python'"
        requirements = f"'{self.environment.core}' " + " ".join(f"-r '{file}'" for file in files)
        outcome = await run(
            f"'{self._interpreter}' -m venv --clear '{self.path}'"
            # Most of what comes along is never imported; what is, Python compiles then.
            f" && {python} -m pip install -qq --no-compile --disable-pip-version-check {requirements}",
            self._log("environment"),
        )
        self.ready = outcome.state == "ok"
        if self.ready:
            stamp.write_text(wanted, encoding="utf-8")
        return outcome

    async def check(self, step: Step, *, at_hand: bool) -> Outcome:
        """Run one step in it. ``at_hand`` is for the environment of the running Python."""
        if step.program and not shutil.which(step.program):
            return Outcome("failed" if IN_CI else "skipped", why=f"{step.program} is not installed")
        self.home.mkdir(parents=True, exist_ok=True)
        command = step.command if at_hand else step.elsewhere or step.command
        # pytest clears the leftovers of others away, who do so at the same time.
        with tempfile.TemporaryDirectory(prefix="dualwan-", ignore_cleanup_errors=True) as own:
            variables = self._variables() | {"PYTEST_DEBUG_TEMPROOT": own}
            return await run(command, self._log(step.name), variables)

    def _log(self, step: str) -> Path:
        return BUILD / "log" / self.path.name / f"{step.replace(' ', '-')}.txt"

    def _variables(self) -> dict[str, str]:
        """The user's own ``~/.ansible`` and ``~/.android`` stay out of it, so do other collections."""
        safe_directory = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": str(ROOT),
        }
        # What is set for the person's own Ansible would otherwise decide here.
        foreign = ("ANSIBLE_", "MOLECULE_", "ASUSWRT_", "PYTEST_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {
            **inherited,
            **safe_directory,
            "PATH": f"{self.path}/bin{os.pathsep}{os.environ['PATH']}",
            "VIRTUAL_ENV": str(self.path),
            "HOME": str(self.home),
            "XDG_STATE_HOME": str(self.state),
            "PYTHONPATH": str(ROOT / "tests"),
            "ANSIBLE_COLLECTIONS_PATH": str(link_tree()),
            "NO_COLOR": "1",
        }


async def run(command: str, log: Path, variables: dict[str, str] | None = None) -> Outcome:
    """Run a shell command; what it prints goes to ``log``. End it and its children if it takes too long."""
    started = time.monotonic()
    log.parent.mkdir(parents=True, exist_ok=True)
    why = ""
    # Not a pipe: a server that a test left behind would keep it open, and us waiting.
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_shell(
            command,
            cwd=ROOT,
            env=variables,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            await asyncio.wait_for(process.wait(), STEP_TIMEOUT_SECONDS)
        except TimeoutError:
            why = f"not done after {STEP_TIMEOUT_SECONDS} s"
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
    if process.returncode and not why:
        why = f"exit code {process.returncode}"
    return Outcome("failed" if why else "ok", time.monotonic() - started, why, log)


def find_environments() -> tuple[list[Venv], list[Environment]]:
    """The environments that this machine can have, that of the running Python first, and those it can't."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    found: list[Venv] = []
    missing: list[Environment] = []
    for environment in ENVIRONMENTS:
        # The Python at hand before any other of the same environment.
        versions = sorted(environment.pythons, key=lambda version: version != here)
        usable = ((version, interpreters.find(version)) for version in versions)
        version, interpreter = next(((v, path) for v, path in usable if path), ("", None))
        if interpreter:
            found.append(Venv(environment, version, interpreter))
        else:
            missing.append(environment)
    found.sort(key=lambda venv: here not in venv.environment.pythons)
    return found, missing


async def check_all(venvs: list[Venv], groups: set[str]) -> list[Outcome]:
    """Make the environments, then run the steps in them, never more than three things at a time and one that waits."""
    turn, waiting = asyncio.Semaphore(AT_A_TIME), asyncio.Semaphore(1)
    apart = {step.name: asyncio.Lock() for step in STEPS if step.apart}
    outcomes: list[Outcome] = []

    async def one(venv: Venv, step: Step) -> None:
        async with apart.get(step.name, contextlib.nullcontext()), waiting if step.waits else turn:
            outcome = Outcome("failed", why="no environment")
            if venv.ready:
                outcome = await venv.check(step, at_hand=venv is venvs[0])
        outcome.step, outcome.where, outcome.tables = step.name, venv.where, step.tables
        outcome.show()
        outcomes.append(outcome)

    async def prepare(venv: Venv) -> None:
        outcome = await venv.prepare()
        outcome.step, outcome.where = "environment", venv.where
        outcome.show()
        outcomes.append(outcome)

    link_tree()
    wanted = [step for step in STEPS if not groups or step.group in groups]
    await asyncio.gather(*(prepare(venv) for venv in venvs))
    runs = [(venv, step) for step in wanted for venv in venvs if venv is venvs[0] or step.everywhere]
    await asyncio.gather(*(one(venv, step) for venv, step in runs if not step.alone))
    for venv, step in runs:
        if step.alone:
            await one(venv, step)
    return outcomes


def show_table(outcomes: list[Outcome], venvs: list[Venv], missing: list[Environment]) -> None:
    """Print what ran where, and what was not covered."""
    print("\n" + " " * 14 + "".join(f"{venv.where:20}" for venv in venvs).rstrip())
    cells = {(outcome.step, outcome.where): outcome for outcome in outcomes}
    for name in dict.fromkeys(["environment", *(step.name for step in STEPS)]):
        row = [cells.get((name, venv.where)) for venv in venvs]
        if any(row):
            texts = [f"{cell.state} ({cell.seconds:.0f} s)" if cell else "-" for cell in row]
            print(f"{name:14}" + "".join(f"{text:20}" for text in texts).rstrip())
    for environment in missing:
        print(f"\nNOT COVERED: {environment.title}.")
        print(f"  No usable Python {' or '.join(environment.pythons)} (with venv) on PATH or in pyenv.")


def main(groups: set[str]) -> int:
    """Run the checks, print how they went, and return the exit code."""
    unknown = groups - {step.group for step in STEPS}
    if unknown:
        raise SystemExit(f"no such group: {', '.join(sorted(unknown))}")
    venvs, missing = find_environments()
    if not venvs:
        raise SystemExit("No Python 3.11 or newer that can make a venv was found. On Debian: apt install python3-venv")
    if groups:
        venvs, missing = venvs[:1], []
    for venv in venvs:
        print(f"{venv.where}: {venv.environment.title}", flush=True)
    outcomes = asyncio.run(check_all(venvs, groups))
    if not groups:
        skipped = [step for step in STEPS if step.everywhere] * len(missing)
        outcomes += [Outcome("skipped", step=step.name, where="nowhere") for step in skipped]
        show_table(outcomes, venvs, missing)
    count = {state: sum(outcome.state == state for outcome in outcomes) for state in ("ok", "failed", "skipped")}
    print(f"\n{count['ok']} passed, {count['failed']} failed, {count['skipped']} skipped", flush=True)
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
