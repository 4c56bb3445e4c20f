"""Projects as people have them, broken and healthy: a case is a TOML file in tests/corpus.

    about = "one sentence: what somebody did"
    cause = "not-collected"               # broken ones: the cause of the first finding
    settings = '''Python after the settings of the base project'''
    run = ["collectstatic"]               # commands of manage.py, or `clearway …`, before `after`
    arguments = ["--nginx", "nginx.conf"] # of `clearway doctor`
    environ = { NAME = "value" }          # for all commands
    serve = "live/site.py"                # a program that is started with {port} while the doctor looks
    [files]                               # below the project's directory, before `run`
    [after]                               # the same, after `run`

A key of `files` and `after` is a path, and its value the text there; or a verb before a colon: `remove:`, `mode:`
(octal), `time:` (an ISO date), `link:` and `rename:` (the value is the target), `gzip:`, `br:` and `zstd:` (the value
is encoded), `size:` (that many octets), `mkdir:`. `{root}` is the project's directory wherever it stands, `{port}` a
free port of this machine, and `{me}` the user and group of the tests, as `--worker` takes them.
"""

import gzip
import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.doctor.forks import Forks
from tests.system.servers import free_port, stop, wait_until_listening

CORPUS = Path(__file__).parents[1] / "corpus"
BASE = CORPUS / "base"


def cases(kind: str) -> list[Path]:
    """The files of all `broken` or `healthy` cases."""
    return sorted((CORPUS / kind).glob("*.toml"))


@dataclass(frozen=True)
class Examined:
    """A case, how the doctor ended, and its report."""

    case: dict[str, Any]
    code: int
    report: dict[str, Any]

    @property
    def findings(self) -> list[dict[str, Any]]:
        return list(self.report["findings"])


def examine(file: Path, root: Path, forks: Forks) -> Examined:
    """Make the project of a case in `root`, which must not be there yet, and ask the doctor."""
    port = free_port()
    text = file.read_text("utf-8").replace("{root}", str(root)).replace("{port}", str(port))
    case = tomllib.loads(text.replace("{me}", _me()))
    make(case, root, forks)
    words = ["clearway", "doctor", "--format", "json", *case.get("arguments", ())]
    with _served(root, case.get("serve"), port):
        done = forks.run(words, root, case.get("environ", {}))
    assert done.out, f"{file.name}: no report, exit {done.code}: {done.err}"
    return Examined(case, done.code, json.loads(done.out))


def make(case: Mapping[str, Any], root: Path, forks: Forks) -> None:
    """The base project with what the case changes."""
    shutil.copytree(BASE, root, ignore=shutil.ignore_patterns("__pycache__"))
    if text := case.get("settings"):
        with (root / "shop" / "settings.py").open("a", encoding="utf-8") as settings:
            settings.write(f"\n{text}")
    for key, value in case.get("files", {}).items():
        _apply(root, key, value)
    for command in case.get("run", ()):
        done = forks.run(_words(command), root, case.get("environ", {}))
        assert done.code == 0, f"{command}: {done.out}{done.err}"
    for key, value in case.get("after", {}).items():
        _apply(root, key, value)


@contextmanager
def _served(root: Path, program: str | None, port: int) -> Iterator[None]:
    if program is None:
        yield
        return
    log = root.with_suffix(".log")
    with log.open("wb") as out:
        words = [sys.executable, program, str(port)]
        process = subprocess.Popen(words, cwd=root, stdout=out, stderr=out, start_new_session=True)
    try:
        wait_until_listening(process, port, log)
        yield
    finally:
        stop(process)


def _words(command: str) -> list[str]:
    words = shlex.split(command)
    if words[0] == "clearway":
        return words
    return ["manage.py", *words, *(["--noinput", "-v0"] if words[0] == "collectstatic" else [])]


def _apply(root: Path, key: str, value: str) -> None:
    verb, colon, name = key.partition(":")
    path = root / (name if colon else key)
    if verb not in ("remove", "mode", "time", "rename"):
        path.parent.mkdir(parents=True, exist_ok=True)
    if colon:
        _VERBS[verb](path, value)
    else:
        path.write_text(value, encoding="utf-8")


def _remove(path: Path, _: str) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _mode(path: Path, octal: str) -> None:
    path.chmod(int(octal, 8))


def _time(path: Path, date: str) -> None:
    moment = datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))


def _brotli(path: Path, text: str) -> None:
    from clearway.build.encode import ENCODERS

    path.write_bytes(ENCODERS["br"](text.encode(), 1))


def _zstd(path: Path, text: str) -> None:
    from clearway.build.encode import ENCODERS

    path.write_bytes(ENCODERS["zstd"](text.encode(), 1))


_VERBS: Mapping[str, Callable[[Path, str], Any]] = {
    "remove": _remove,
    "mode": _mode,
    "time": _time,
    "rename": lambda path, target: path.rename(path.parent / target),
    "link": lambda path, target: path.symlink_to(target),
    "mkdir": lambda path, _: path.mkdir(),
    "size": lambda path, octets: path.write_bytes(b"\n" * int(octets)),
    "gzip": lambda path, text: path.write_bytes(gzip.compress(text.encode())),
    "br": _brotli,
    "zstd": _zstd,
}


def _me() -> str:
    return f"{os.getuid()}:{os.getgid()}"
