"""A Caddy that runs on this machine: where it stands, as whom, and with which environment."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

USUAL = "/etc/caddy/Caddyfile"


@dataclass(frozen=True)
class Process:
    """Its number, working directory and environment."""

    pid: int
    directory: str
    environ: Mapping[str, str]


@lru_cache(8)
def running(main: str) -> Process | None:
    """The process that was started with a Caddyfile; None where none is seen."""
    return next(_found(main), None)


def _found(main: str) -> Iterator[Process]:
    for entry in Path("/proc").glob("[0-9]*"):
        words = _words(entry / "cmdline")
        if len(words) < 2 or Path(words[0]).name != "caddy" or words[1] not in {"run", "start"}:
            continue
        try:
            directory = os.readlink(entry / "cwd")  # noqa: PTH115 - of another process: the text counts
        except OSError:
            continue
        if _configuration(words, directory) == main:
            pairs = (word.partition("=") for word in _words(entry / "environ"))
            yield Process(int(entry.name), directory, {name: value for name, _, value in pairs})


def _configuration(words: list[str], directory: str) -> str:
    named = [after for word, after in pairwise(words) if word in {"--config", "-config", "-c"}]
    named += [word.partition("=")[2] for word in words if word.startswith(("--config=", "-config="))]
    return str(Path(directory, named[-1] if named else "Caddyfile"))


def _words(file: Path) -> list[str]:
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape").split("\0")
    except OSError:
        return []
