"""Who httpd's worker processes are: the live ones, or what the configuration says of them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from clearway.fronts.directive import Directive
from clearway.fronts.known_worker import KnownWorker
from clearway.fronts.permission import UnknownWorkerError, Worker

if TYPE_CHECKING:
    from .reading import Configuration

_STRANGER = Worker(65534, 65534)
_PID_FILES = ("/run/apache2/apache2.pid", "/var/run/apache2/apache2.pid", "/run/httpd/httpd.pid")
_USUAL = ("/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf")


def worker_of(configuration: "Configuration") -> KnownWorker:
    """The worker of a configuration, and how it was found out."""
    top = configuration.directives
    live = next(_live(configuration), None)
    if live:
        return KnownWorker(live, f"the live process {live.pid}")
    user, group = (
        next((each for each in reversed(top) if each.name == name and each.words), None) for name in ("user", "group")
    )
    if user:
        return _named(user, group)
    if os.geteuid():
        return KnownWorker(
            Worker.named(str(os.geteuid())), "whoever starts httpd without `User`; or give --worker", is_guess=True
        )
    return KnownWorker(_STRANGER, "no `User` is configured; --worker names another", is_guess=True)


def _named(user: Directive, group: Directive | None) -> KnownWorker:
    names = [each.words[0].removeprefix("#") if each else None for each in (user, group)]
    try:
        return KnownWorker(Worker.named(names[0] or "", names[1]), "by the configuration", user.location)
    except UnknownWorkerError as error:
        said = f"{error}: taken as one who owns nothing; --worker names another"
        return KnownWorker(_STRANGER, said, user.location, is_guess=True)


def _live(configuration: "Configuration") -> Iterator[Worker]:
    """The children of the process that the configuration's pid file names, as far as they are not its own user's."""
    written = [each.words[0] for each in configuration.directives if each.name == "pidfile" and each.words]
    for file in written[-1:] or (_PID_FILES if configuration.main in _USUAL else ()):
        try:
            master = int(Path(configuration.paths.here(configuration.full(file))).read_text("ascii"))
            pids = [int(each) for each in Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split()]
        except (OSError, ValueError):
            continue
        for pid in pids:
            try:
                if b"wsgi:" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                    yield Worker.of_process(pid)
            except (OSError, UnknownWorkerError):
                continue
