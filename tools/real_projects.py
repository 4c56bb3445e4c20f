"""`python -m tools.real_projects [NAME…] [--in DIR]`: projects of PyPI and project templates under `clearway doctor`.

Each is installed, configured without DEBUG, and examined three times: before collectstatic, after it, and with
settings that fail to import. Exit codes: 0 the doctor said what is true, 1 it did not, 2 a project could not be made.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tools import environments, interpreters
from tools.environments import REQUIREMENTS, CannotRunError, Environment, say
from tools.real_projects_table import PROJECTS, Project

NEEDED = ("brotli", "backports.zstd; python_version < '3.14'")  # what Clearway's wheel asks for beside Django
BROKEN = "from {settings} import *\nfrom no_such_package import anything\n"
CLEARWAY = "import sys; from clearway.cli import main; sys.exit(main())"
LONGEST = 240  # seconds of one command


@dataclass(frozen=True)
class Examined:
    """How the doctor ended, and its report."""

    code: int
    report: Mapping[str, Any]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Without advice."""
        return [each for each in self.report["findings"] if each["level"] != "note"]

    @property
    def crashed(self) -> list[str]:
        return [f"{each['id']}: {each['reason']}" for each in self.report["checks"] if each["status"] == "crashed"]

    def told(self) -> list[str]:
        """What was found, for whoever reads a failure."""
        return [f"{each['id']} {each['cause']}: {each['message']} {each['evidence']}" for each in self.findings]


@dataclass(frozen=True)
class Home:
    """A project in a directory of its own: `site` has its files, `venv` what it is installed with."""

    folder: Path
    project: Project

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def venv(self) -> Path:
        return self.folder / "venv"

    @property
    def start(self) -> Path:
        """Where its commands run."""
        return self.site / self.project.folder

    @property
    def packages(self) -> Path:
        return next(self.venv.glob("lib/python*/site-packages"))

    def make(self, uv: Path, python: Path) -> None:
        """Install and configure it. Raises `CannotRunError`."""
        self.site.mkdir(parents=True)
        self._install(uv, python)
        self.take()
        for name in self.project.checkout:
            shutil.move(self.packages / name, self.site / name)
        for words in self.project.runs:
            self._ran(words, self.site)
        for edit in self.project.edits:
            self._write(edit.to, _edited(self._find(edit.of).read_text("utf-8"), edit.texts))
        for name, text in self.project.files.items():
            self._write(name, text)
        self._write("broken_settings.py", BROKEN.replace("{settings}", self.project.settings))

    def _install(self, uv: Path, python: Path) -> None:
        overrides = self.folder / "instead.txt"
        overrides.write_text("\n".join(self.project.instead), encoding="utf-8")
        self._call(uv, "venv", "--quiet", "--python", python, self.venv)
        words = ("pip", "install", "--quiet", "--python", self.venv / "bin" / "python", "--overrides", overrides)
        self._call(uv, *words, *self.project.requires, *NEEDED)

    def take(self) -> None:
        """Take the Clearway that is importable here: the wheel's in a cell, else the tree's."""
        own = find_spec("clearway")
        assert own and own.origin
        shutil.rmtree(self.folder / "here", ignore_errors=True)
        shutil.copytree(Path(own.origin).parent, self.folder / "here" / "clearway")

    def _find(self, name: str) -> Path:
        return next(each for each in (self.site / name, self.packages / name) if each.exists())

    def _write(self, name: str, text: str) -> None:
        (self.site / name).parent.mkdir(parents=True, exist_ok=True)
        (self.site / name).write_text(self._filled(text), encoding="utf-8")

    def _filled(self, text: str) -> str:
        return text.replace("{site}", str(self.site)).replace("{python}", str(self.venv / "bin" / "python"))

    def collect(self) -> None:
        """Run collectstatic. Raises `CannotRunError`."""
        self._ran(("python", "-m", "django", "collectstatic", "--noinput", "-v0"), self.start)

    def doctor(self, **environ: str) -> Examined:
        """What the doctor says. Raises `CannotRunError` where it says nothing."""
        done = self._asked(environ)
        if not done.stdout:
            raise CannotRunError(f"no report (exit {done.returncode}): {done.stderr[-2000:]}")
        return Examined(done.returncode, json.loads(done.stdout))

    def refusal(self) -> str:
        """Why the doctor cannot look; empty where it can."""
        done = self._asked({})
        return done.stderr if done.returncode == 2 and not done.stdout else ""

    def _asked(self, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        words = ["python", "-c", CLEARWAY, "doctor", "--format", "json", *self.project.arguments]
        return self._ended(words, environ, self.start)

    def _ran(self, words: Sequence[str], folder: Path) -> None:
        done = self._ended(words, {}, folder)
        if done.returncode:
            raise CannotRunError(f"{' '.join(words)}: exit {done.returncode}: {done.stderr[-2000:]}")

    def _ended(
        self, words: Sequence[str], environ: Mapping[str, str], folder: Path
    ) -> "subprocess.CompletedProcess[str]":
        first, *others = (self._filled(word) for word in words)
        command = [str(self.venv / "bin" / first), *others]
        return subprocess.run(
            command,
            cwd=folder,
            env=self.environ(environ),
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )

    def environ(self, more: Mapping[str, str]) -> dict[str, str]:
        """What every command sees: the project's directory and Clearway are importable, and HOME is nobody's."""
        given = {name: self._filled(value) for name, value in self.project.environ.items()}
        path = os.pathsep.join((str(self.start), str(self.site), str(self.folder / "here")))
        own = {"PYTHONPATH": path, "HOME": str(self.folder), "DJANGO_SETTINGS_MODULE": self.project.settings}
        return environments.clean_environ(**own, NO_COLOR="1") | given | dict(more)

    def _call(self, *words: str | Path) -> None:
        command = [str(word) for word in words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
        if done.returncode:
            raise CannotRunError(f"{' '.join(command)}: {done.stderr[-2000:]}")


def _edited(text: str, texts: Mapping[str, str]) -> str:
    for old, new in texts.items():
        if old not in text:
            raise CannotRunError(f"{old!r} does not stand there any more")
        text = text.replace(old, new)
    return text


def problems(home: Home) -> Iterator[str]:
    """What the doctor says that is not true, or does not say that is. Collects, so that it goes once only."""
    if refused := home.project.refused:
        if refused not in (said := home.refusal()):
            yield f"not refused: {said}"
        return
    yield from _before(home)
    home.collect()
    after = home.doctor()
    yield from (f"after collectstatic: {each}" for each in after.crashed)
    told = {each["id"] for each in after.findings}
    if told != set(home.project.true):
        yield f"after collectstatic: expected {sorted(home.project.true)}: {after.told()}"
    yield from _wrong("broken settings", home.doctor(DJANGO_SETTINGS_MODULE="broken_settings"), None)


def _before(home: Home) -> Iterator[str]:
    """That nothing was collected comes first, unless an image has what was."""
    examined = home.doctor()
    if not home.project.image:
        yield from _wrong("before collectstatic", examined, "not-collected")
        return
    reasons = [str(each["reason"]) for each in examined.report["checks"] if each["id"] == "CW230"]
    if examined.crashed or not any(home.project.image in each for each in reasons):
        yield f"before collectstatic: CW230 was not skipped for {home.project.image}: {reasons} {examined.told()}"


def _wrong(when: str, examined: Examined, cause: str | None) -> Iterator[str]:
    """Whether the first finding has this cause; None for settings that cannot be imported."""
    yield from (f"{when}: {each}" for each in examined.crashed)
    first = examined.findings[:1]
    if [each["cause"] for each in first] != [cause] or (cause is None and first[0]["id"] != "CW110"):
        yield f"{when}: {examined.told()}"


def installer() -> tuple[Path, Path]:
    """uv, and the Python that runs this. Raises `CannotRunError`."""
    interpreter = interpreters.running()
    python = environments.ready(
        Environment("installer", interpreter, REQUIREMENTS / "lock.txt", "installer"), with_wheel=False
    )
    return python.parent / "uv", interpreter.path


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.real_projects", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*PROJECTS, []], metavar="NAME")
    parser.add_argument(
        "--in", dest="folder", type=Path, help="make the projects in this directory, and leave them there"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        names = options.names or list(PROJECTS)
        try:
            uv, python = installer()
            with ThreadPoolExecutor(2) as pool:
                ended = list(pool.map(lambda name: _examined(name, folder / name, uv, python), names))
        except CannotRunError as trouble:
            say(f"could not run: {trouble}")
            return 2
    return max(ended, default=0)


def _examined(name: str, folder: Path, uv: Path, python: Path) -> int:
    home = Home(folder, PROJECTS[name])
    try:
        shutil.rmtree(folder, ignore_errors=True)
        home.make(uv, python)
        found = list(problems(home))
    except CannotRunError as trouble:
        print(f"{name}: could not run: {trouble}", flush=True)
        return 2
    print(f"{name}: {'as it is' if not found else ''}", *found, sep="\n  ", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
