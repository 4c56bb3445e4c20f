"""The pinned requirement files, compiled by uv: every file with hashes, none with a registry's address."""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.environments import REQUIREMENTS, ROOT, CannotRunError, clean_environ, say

COMPILE = ("pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate")
OLDEST = "3.11"


def compile_all(uv: Sequence[str | Path], cells: Iterable[tuple[Path, str, str]], *, upgrade: bool) -> None:
    """Cells are exact for their Python; the rest installs on every Python that we support."""
    everywhere = ["--universal", "--python-version", OLDEST]
    renew = ["--upgrade"] if upgrade else []

    def compile_one(output: Path, words: Sequence[str], django: str = "") -> None:
        say(f"lock: {output.relative_to(ROOT)} ...")
        command = [*map(str, uv), *COMPILE, *renew, *words, "--output-file", str(output)]
        wanted = f"django~={django}.0\n" if django else ""
        silence = subprocess.DEVNULL
        done = subprocess.run(
            command, cwd=ROOT, env=clean_environ(), input=wanted, text=True, stdout=silence, check=False
        )
        if done.returncode != 0:
            raise CannotRunError(f"uv could not compile {output.name}")
        refuse_addresses(output)

    for output, python, django in cells:
        compile_one(output, ["requirements/dev.in", "-", "--python-version", python], django)
    compile_one(REQUIREMENTS / "docs.txt", ["requirements/docs.in", "--python-version", OLDEST])
    compile_one(REQUIREMENTS / "demo.txt", ["pyproject.toml", "requirements/demo.in", *everywhere])
    compile_one(REQUIREMENTS / "build.txt", ["requirements/build.in", *everywhere])
    compile_one(REQUIREMENTS / "lock.txt", ["requirements/lock.in", *everywhere])


def refuse_addresses(output: Path) -> None:
    """A private mirror of the machine that compiles must not become everybody's."""
    if any("://" in line or line.startswith("--index") for line in output.read_text("utf-8").splitlines()):
        raise CannotRunError(f"{output.name} names a registry: see uv's configuration and remove it")
