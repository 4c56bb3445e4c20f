"""Who an nginx's worker processes are: the live ones, or what the configuration says of them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clearway.fronts.directive import Directive
from clearway.fronts.known_worker import KnownWorker
from clearway.fronts.permission import UnknownWorkerError, Worker

if TYPE_CHECKING:
    from .reading import Configuration

_TITLE = b"nginx: worker process"
_PID_FILES = ("/run/nginx.pid", "/var/run/nginx.pid")
_STRANGER = Worker(65534, 65534)


def worker_of(configuration: "Configuration") -> KnownWorker:
    """The worker of a configuration, and how it was found out."""
    top = tuple(configuration.directives)
    live = next(_live(top, configuration.prefix, configuration.main), None)
    if live:
        return KnownWorker(live, f"the live process {live.pid}")
    for each in reversed([each for each in top if each.name == "user" and each.words]):
        return _named(each)
    if getattr(os, "geteuid", lambda: 0)():
        return KnownWorker(
            Worker.named(str(os.geteuid())), "whoever starts nginx without `user`; or give --worker", is_guess=True
        )
    return KnownWorker(_STRANGER, "no `user` is configured; --worker names another", is_guess=True)


def _named(user: Directive) -> KnownWorker:
    name, group = user.words[0], user.words[1] if len(user.words) > 1 else user.words[0]
    try:
        return KnownWorker(Worker.named(name, group), "by the configuration", user.location)
    except UnknownWorkerError as error:
        said = f"{error}: taken as one who owns nothing; --worker names another"
        return KnownWorker(_STRANGER, said, user.location, is_guess=True)


def _live(top: tuple[Directive, ...], prefix: str, main: str) -> Iterator[Worker]:
    """The workers of the master that the configuration's pid file names, if it runs this configuration."""
    written = [each.words[0] for each in top if each.name == "pid" and each.words]
    for file in written[-1:] or (_PID_FILES if main == "/etc/nginx/nginx.conf" else ()):
        try:
            master = int(Path(prefix, file).read_text("ascii"))
        except (OSError, ValueError):
            continue
        for pid in _children(master):
            if _title(pid).startswith(_TITLE):
                try:
                    yield Worker.of_process(pid)
                except UnknownWorkerError:
                    continue


def _children(master: int) -> list[int]:
    try:
        text = Path(f"/proc/{master}/task/{master}/children").read_text("ascii")
        return [int(each) for each in text.split()]
    except (OSError, ValueError):
        return []


def _title(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
