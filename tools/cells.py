"""The one script behind the Makefile: `python -m tools.cells VERB`, with the verbs of COMMANDS.

A cell is a Python and a Django that are tested together. Results go to stdout, progress to stderr.
Exit codes: 0 clean, 1 something failed, 2 could not run.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import environments, interpreters, locking, results, system_packages
from tools.environments import CELLS, REQUIREMENTS, ROOT, CannotRunError, Environment, say
from tools.results import Results


@dataclass(frozen=True)
class Cell:
    python: str
    django: str
    required: bool = True

    @property
    def name(self) -> str:
        return f"py{self.python}-django{self.django}".replace(".", "")

    @property
    def label(self) -> str:
        return f"cell {self.python} / Django {self.django}"

    @property
    def requirements(self) -> Path:
        return REQUIREMENTS / f"{self.name}.txt"

    def environment(self) -> Environment | None:
        """None where this machine has no such Python."""
        interpreter = interpreters.find(self.python)
        if interpreter is None:
            return None
        return Environment(self.name, interpreter, self.requirements, self.label)


MATRIX = (
    Cell("3.11", "5.2"),
    Cell("3.12", "6.0"),
    Cell("3.13", "6.1"),
    # Declared, and tested wherever it is found; too young to be asked of every machine.
    Cell("3.14", "6.1", required=False),
)


def on_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}


def first_cell() -> Environment:
    for cell in MATRIX:
        if found := cell.environment():
            return found
    raise CannotRunError("no cell can run here: install one of Python " + ", ".join(c.python for c in MATRIX))


def call(command: Sequence[str | Path], **extra: str) -> int:
    """Run in the repository; the result is the caller's business."""
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=ROOT, env=environments.clean_environ(**extra), check=False).returncode


def static_checks(python: Path) -> list[str]:
    """Lint, format and types; the names of those that found something."""
    steps = {
        "ruff check": ["ruff", "check", "--quiet", "."],
        "ruff format": ["ruff", "format", "--quiet", "--check", "."],
        # The demo's script lives in Django's world, in an environment without mypy.
        "mypy": ["mypy", "--strict", "--no-error-summary", "--exclude", r"^tools/demo\.py$", "src", "tools"],
    }
    found = []
    for name, words in steps.items():
        say(f"{name} ...")
        if call([python, "-m", *words]) != 0:
            found.append(name)
    return found


# Servers, browsers and a disk's limits are one machine's; the other tests share nothing.
UNIT = ("-m", "not system", "-n", "2")
SYSTEM = ("-m", "system", "-n", "2", "--dist", "loadfile")  # the tests of a file may share servers
# The rules alone, which take seconds; the other unit tests take minutes.
RULES = (*UNIT, "tests/http", "tests/catalog", "tests/fronts", "tests/test_house.py")


def run_tests(environment: Environment, selection: Sequence[str]) -> tuple[int, Results]:
    report = environment.home / "junit.xml"
    report.unlink(missing_ok=True)
    words = ["pytest", "-o", f"cache_dir={environment.home / 'pytest-cache'}", f"--junitxml={report}"]
    say(f"{environment.label}: testing, {' '.join(selection)} ...")
    # -P: neither the working directory nor src/ may stand in for the installed wheel.
    code = call([environment.python, "-P", "-m", *words, *selection], PYTHONDEVMODE="1")
    return code, results.read(report)


def build_docs() -> int:
    if not (ROOT / "docs" / "conf.py").exists():
        return 0
    interpreter = first_cell().interpreter
    environment = Environment("docs", interpreter, REQUIREMENTS / "docs.txt", "documentation")
    python = environments.ready(environment, with_wheel=False)
    say("documentation: building ...")
    out = str(ROOT / "docs" / "_build" / "html")
    # A fresh environment: a page that is not read again does not repeat its warnings.
    words = ["sphinx", "--fresh-env", "--fail-on-warning", "--quiet", "-d", str(CELLS / "doctrees")]
    return call([python, "-m", *words, "docs", out])


def check() -> int:
    environment = first_cell()
    python = environments.ready(environment, with_wheel=True)
    found = static_checks(python)
    code, _ = run_tests(environment, RULES)
    if found:
        say("not clean: " + ", ".join(found))
    return 1 if found or code else 0


def test() -> int:
    system_packages.ensure()
    here = {cell: environment for cell in MATRIX if (environment := cell.environment())}
    absent = [cell for cell in MATRIX if cell not in here]
    first = first_cell()
    problems = static_checks(environments.ready(first, with_wheel=True))
    problems += ["documentation"] if build_docs() else []
    outcomes: dict[str, Results] = {}
    for cell, environment in here.items():
        environments.ready(environment, with_wheel=True)
        outcomes[cell.label] = Results()
        for selection in (UNIT, SYSTEM) if environment == first else (UNIT,):
            code, outcome = run_tests(environment, selection)
            outcomes[cell.label] += outcome
            problems += [f"{cell.label} (pytest {' '.join(selection)} ended with {code})"] if code else []
    if on_ci():
        problems += [f"{cell.label} was not found" for cell in absent if cell.required]
        problems += [f"{label}: tests were not run" for label, outcome in outcomes.items() if outcome.not_run]
    print("\n".join(summary(outcomes, absent, problems)), flush=True)
    return 1 if problems else 0


def summary(outcomes: dict[str, Results], absent: Sequence[Cell], problems: Sequence[str]) -> list[str]:
    """Ends with the one line of totals that tools read."""
    lines = [""]
    for label, outcome in outcomes.items():
        lines += [f"failed, {label}: {failure.test}: {failure.message}" for failure in outcome.failures]
        lines += [f"not run, {label}: {skip.test}: {skip.reason}" for skip in outcome.not_run]
    lines += [f"{label}: {outcome.line()}" for label, outcome in outcomes.items()]
    lines += [f"{cell.label}: not run, no Python {cell.python} here" for cell in absent]
    lines += [f"problem: {problem}" for problem in problems]
    return [*lines, sum(outcomes.values(), Results()).line()]


def demo() -> int:
    environment = Environment("demo", interpreters.running(), REQUIREMENTS / "demo.txt", "demo")
    python = environments.ready(environment, with_wheel=True)
    os.chdir(ROOT)
    # exec: the terminal's Ctrl-C reaches the server and nobody else.
    os.execve(python, [str(python), str(ROOT / "tools" / "demo.py")], environments.clean_environ())


def in_first_cell(module: str) -> int:
    system_packages.ensure()
    python = environments.ready(first_cell(), with_wheel=True)
    return call([python, "-m", module])


def soak() -> int:
    """SEED and SECONDS in the environment, for each part; a full disk is made only where that is possible."""
    python = environments.ready(first_cell(), with_wheel=True)
    parts = [["tools.soak", "kills"], ["tools.soak_serving"]] if sys.platform == "linux" else [["tools.soak", "kills"]]
    parts += [["tests.bad_input.fuzz"], ["tests.media.bad_input.fuzz"], ["tools.soak_lanes_uvicorn"]]
    if sys.platform == "linux":
        parts += [["tools.soak_lanes_gunicorn"], ["tools.lane_traffic", "gunicorn"], ["tools.lane_traffic", "uvicorn"]]
        parts += [["tools.differ_fronts", "nginx"], ["tools.soak_media"], ["tests.system.release_live.soak"]]
        has_ceph = shutil.which("ceph-mon", path=system_packages.SEARCH)
        parts += [["tools.soak_publish", each] for each in ("moto", "directory", *(["ceph"] if has_ceph else []))]
    if sys.platform == "linux" and os.geteuid() == 0:
        parts += [["tools.differ_permissions"], ["tools.soak", "full"], ["tools.soak_publish", "full"]]
    return max(call([python, "-m", *part]) for part in parts)


def lock() -> int:
    environment = Environment("lock", interpreters.running(), REQUIREMENTS / "lock.txt", "lock")
    python = environments.ready(environment, with_wheel=False)
    pairs = [(cell.requirements, cell.python, cell.django) for cell in MATRIX]
    locking.compile_all([python, "-m", "uv"], pairs, upgrade=bool(os.environ.get("UPGRADE")))
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "check": check,
    "test": test,
    "demo": demo,
    "docs": build_docs,
    "lock": lock,
    "bench": lambda: in_first_cell("benchmarks"),
    "conformance": lambda: in_first_cell("tests.conformance"),
    "soak": soak,
    "projects": lambda: in_first_cell("tools.real_projects"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.cells", description=__doc__, allow_abbrev=False)
    parser.add_argument("command", choices=COMMANDS)
    try:
        return COMMANDS[parser.parse_args(arguments).command]()
    except CannotRunError as trouble:
        say(f"could not run: {trouble}")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
