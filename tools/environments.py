"""Virtual environments under .cells/, each rebuilt when its requirements change, and the wheel they get.

The wheel, not src/, is what demo and tests see: what is missing in it is missing for users.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import interpreters, system_packages
from tools.interpreters import Interpreter

ROOT = Path(__file__).resolve().parents[1]
CELLS = ROOT / ".cells"
REQUIREMENTS = ROOT / "requirements"
PACKAGE = ROOT / "src" / "clearway"
# What decides the bytes of the wheel.
WHEEL_INPUTS = ("pyproject.toml", "README.md", "LICENSE", ".gitignore", "requirements/build.txt")

INSTALLED = """
import clearway, pathlib, sys, sysconfig
home = pathlib.Path(sysconfig.get_path("purelib"))
here = pathlib.Path(clearway.__file__)
sys.exit(None if home in here.parents else f"clearway was imported from {here}")
"""


class CannotRunError(Exception):
    """A preparation that did not work; the message says what to do."""


@dataclass(frozen=True)
class Environment:
    name: str
    interpreter: Interpreter
    requirements: Path
    label: str

    @property
    def home(self) -> Path:
        return CELLS / self.name

    @property
    def python(self) -> Path:
        return self.home / "bin" / "python"

    def fingerprint(self) -> str:
        words = [str(self.home), str(self.interpreter.path), self.interpreter.version]
        return digest([self.requirements], words)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def clean_environ(**extra: str) -> dict[str, str]:
    """Ours without what would let another tree or another project in."""
    outside = {"PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in outside} | extra


def run(command: Iterable[str | Path], *, trouble: str) -> None:
    """Preparation: its chatter belongs to stderr, stdout carries results."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, env=clean_environ(), stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise CannotRunError(f"{trouble} (exit code {done.returncode}: {' '.join(words)})")


def digest(paths: Iterable[Path], words: Iterable[str] = ()) -> str:
    """Over names and contents; times do not count."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in sorted(paths):
        content = path.read_bytes()
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
        total.update(f"{name} {len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


@contextlib.contextmanager
def one_builder() -> Iterator[None]:
    """Two make runs side by side share .cells/: the second waits."""
    CELLS.mkdir(exist_ok=True)
    with (CELLS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ready(environment: Environment, *, with_wheel: bool) -> Path:
    """The environment's Python, with the pinned requirements and, if asked, this tree's wheel in it."""
    with one_builder():
        build(environment)
        if with_wheel:
            install_wheel(environment, wheel())
    return environment.python


def build(environment: Environment) -> None:
    stamp = environment.home / "requirements.stamp"
    if read(stamp) == environment.fingerprint():
        return
    say(f"{environment.label}: installing {environment.requirements.relative_to(ROOT)} ...")
    shutil.rmtree(environment.home, ignore_errors=True)
    create(environment)
    words = ["install", "--require-hashes", "--requirement", str(environment.requirements)]
    pip(environment, *words, trouble=f"{environment.label}: the pinned requirements do not install")
    stamp.write_text(environment.fingerprint(), encoding="utf-8")


def pip(environment: Environment, verb: str, *words: str, trouble: str) -> None:
    # Twice: a machine with local indexes warns of each package that one of them lacks. Errors are told.
    options = ["-qq", "--disable-pip-version-check"]
    run([environment.python, "-m", "pip", verb, *options, *words], trouble=trouble)


def create(environment: Environment) -> None:
    interpreter = environment.interpreter
    if not has_ensurepip(interpreter):
        install_venv_support(interpreter)
    trouble = f"{environment.label}: {interpreter.path} makes no virtual environment"
    run([interpreter.path, "-m", "venv", environment.home], trouble=trouble)


def has_ensurepip(interpreter: Interpreter) -> bool:
    command = [str(interpreter.path), "-I", "-c", "import ensurepip"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def install_venv_support(interpreter: Interpreter) -> None:
    """Debian splits ensurepip from Python."""
    names = [f"python{interpreter.minor}-venv"]
    prefix = system_packages.privilege()
    if prefix is not None and os.environ.get("INSTALL") != "no":
        say(f"installing {names[0]}, which {interpreter.path} lacks")
        system_packages.apt(prefix, names)
    if not has_ensurepip(interpreter):
        raise CannotRunError(f"{interpreter.path} has no ensurepip: install {names[0]}, or use PYTHON=...")


def wheel() -> Path:
    """This tree's wheel, built once per content."""
    sources = list(source_files())
    key = digest([*sources, *(path for name in WHEEL_INPUTS if (path := ROOT / name).exists())])
    home = CELLS / "wheels" / key[:16]
    if not home.is_dir():
        builder = Environment("build", interpreters.running(), REQUIREMENTS / "build.txt", "wheel")
        build(builder)
        say("wheel: building ...")
        shutil.rmtree(home.parent, ignore_errors=True)
        made = home.with_suffix(".part")
        words = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(made), str(ROOT)]
        pip(builder, *words, trouble="the wheel does not build")
        check_complete(next(made.glob("*.whl")), sources)
        made.rename(home)
    return next(home.glob("*.whl"))


def source_files() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".pyo"}:
            yield path


def check_complete(built: Path, sources: Iterable[Path]) -> None:
    with zipfile.ZipFile(built) as archive:
        inside = set(archive.namelist())
    lost = [path for path in sources if path.relative_to(PACKAGE.parent).as_posix() not in inside]
    if lost:
        names = ", ".join(str(path.relative_to(ROOT)) for path in lost[:3])
        raise CannotRunError(f"the wheel lacks {len(lost)} files ({names} ...): does .gitignore match them?")


def install_wheel(environment: Environment, built: Path) -> None:
    stamp = environment.home / "wheel.stamp"
    if read(stamp) != built.parent.name:
        say(f"{environment.label}: installing {built.name} ...")
        stamp.unlink(missing_ok=True)
        words = ["install", "--no-index", "--no-deps", "--force-reinstall", str(built)]
        pip(environment, *words, trouble=f"{environment.label}: the wheel does not install")
        check = [str(environment.python), "-m", "pip", "--quiet", "--disable-pip-version-check", "check"]
        run(check, trouble=f"{environment.label}: the pinned requirements are not what the wheel asks for")
        stamp.write_text(built.parent.name, encoding="utf-8")
    run(
        [environment.python, "-c", INSTALLED],
        trouble=f"{environment.label}: the tests would not see the wheel",
    )


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
