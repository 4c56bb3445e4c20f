"""The Pythons of this machine: on PATH, under pyenv, under uv. Only one that really runs counts."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# A virtual environment answers with the Python below it, which outlives it.
PROBE = """
import sys
print(*sys.version_info[:3], sys.implementation.name, getattr(sys, "_base_executable", "") or sys.executable)
"""


@dataclass(frozen=True)
class Interpreter:
    path: Path
    version: str

    @property
    def minor(self) -> str:
        return self.version.rpartition(".")[0]


def running() -> Interpreter:
    """The Python that runs this script."""
    found = probe(Path(sys.executable))
    if found is None:
        raise RuntimeError(f"{sys.executable} does not start a second time")
    return found


def find(minor: str, environ: Mapping[str, str] = os.environ) -> Interpreter | None:
    """The first Python of that minor version that starts: what runs us, PATH, pyenv, uv."""
    for path in candidates(minor, environ):
        found = probe(path)
        if found and found.minor == minor:
            return found
    return None


def candidates(minor: str, environ: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environ.get("HOME") or Path.home())
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv")
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    uv = Path(environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    yield Path(sys.executable)
    for directory in filter(None, environ.get("PATH", "").split(os.pathsep)):
        yield Path(directory, f"python{minor}")
    for version in newest_first(pyenv / "versions", rf"({re.escape(minor)}\.\d+)"):
        yield version / "bin" / "python"
    for version in newest_first(uv, rf"cpython-({re.escape(minor)}\.\d+)-.*"):
        yield version / "bin" / f"python{minor}"


def newest_first(directory: Path, pattern: str) -> list[Path]:
    """Sub-directories named by a final version: no pre-releases, no free-threaded builds."""
    if not directory.is_dir():
        return []
    found = [(match[1], path) for path in directory.iterdir() if (match := re.fullmatch(pattern, path.name))]
    return [path for _, path in sorted(found, key=lambda pair: version_key(pair[0]), reverse=True)]


def version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def probe(path: Path) -> Interpreter | None:
    """Start it: a pyenv shim lies on PATH also for versions that are not active."""
    if not path.is_file():
        return None
    try:
        command = [str(path), "-I", "-c", PROBE]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return parse(answer.stdout)


def parse(answer: str) -> Interpreter | None:
    words = answer.strip().split(" ", 4)
    if len(words) != 5 or words[3] != "cpython":
        return None
    return Interpreter(Path(words[4]), ".".join(words[:3]))
