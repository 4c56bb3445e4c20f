"""Acorn and es-module-lexer as a running process; packages installed from npm once for each lock file."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / ".cells" / "oracles"
FILES = ("package.json", "package-lock.json", ".npmrc")

Found = set[tuple[int, int, str]]
"""(start, end, kind) of references, in octets."""


class NodeMissingError(Exception):
    """There is no Node, or npm cannot install. The message is the reason to skip a test."""


class Answer(NamedTuple):
    """None for a parser that refuses the text."""

    acorn: Found | None
    lexer: Found | None


class Oracle:
    """One process that answers line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, **question: str) -> Answer:
        """About `source`, a text, or `path`, a file."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Answer(_found(answer["acorn"]), _found(answer["lexer"]))


def _found(rows: list[list[Any]] | None) -> Found | None:
    return None if rows is None else {(start, end, kind) for start, end, kind in rows}


def packages(source: Path = HERE) -> Path:
    """The folder with the installed `node_modules` that the lock file of `source` names. Raises `NodeMissingError`."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise NodeMissingError("needs node")
    lock = sha256(b"".join((source / name).read_bytes() for name in FILES)).hexdigest()[:16]
    target = INSTALLED / lock
    if not (target / "node_modules").exists():
        install(target, ["ci"], source)
    return target


def install(target: Path, words: list[str], source: Path = HERE) -> None:
    """Run npm in a new folder, and move it to its place when that went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        folder = Path(made, "new")
        folder.mkdir()
        for name in FILES:
            shutil.copy(source / name, folder)
        done = subprocess.run(["npm", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            raise NodeMissingError(f"needs node: npm failed: {done.stderr.strip()[-300:]}")
        try:
            folder.rename(target)
        except OSError:  # another process was faster
            if not target.exists():
                raise


@contextmanager
def running() -> Iterator[Oracle]:
    """An oracle, for as long as it is needed."""
    folder = packages()
    # Node looks for packages beside the script.
    with tempfile.NamedTemporaryFile("wb", dir=folder, suffix=".mjs", delete=False) as script:
        script.write((HERE / "references.mjs").read_bytes())
    # A deep expression needs a deep stack in Acorn; the rest of the environment is not Node's business.
    environment = {"PATH": os.environ.get("PATH", os.defpath)}
    process = subprocess.Popen(
        ["node", "--stack-size=3900", script.name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    try:
        with process:
            yield Oracle(process)
    finally:
        Path(script.name).unlink(missing_ok=True)
