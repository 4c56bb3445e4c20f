"""As whom a Caddy reads files: the live process, else the user of the packaged service."""

import os
from typing import TYPE_CHECKING

from clearway.fronts.known_worker import KnownWorker
from clearway.fronts.permission import UnknownWorkerError, Worker

from . import processes

if TYPE_CHECKING:
    from .reading import Configuration

_USER = "caddy"
_STRANGER = Worker(65534, 65534)


def worker_of(configuration: "Configuration") -> KnownWorker:
    """The worker of a configuration, and how it was found out."""
    process = processes.running(configuration.main)
    if process:
        try:
            return KnownWorker(Worker.of_process(process.pid), f"the live process {process.pid}")
        except UnknownWorkerError:
            pass
    is_packaged = configuration.main.startswith("/etc/")
    if os.geteuid() and not is_packaged:
        return KnownWorker(Worker.named(str(os.geteuid())), "whoever starts caddy; or give --worker", is_guess=True)
    said = "the user of the packaged service; --worker names another"
    try:
        return KnownWorker(Worker.named(_USER), said, is_guess=not is_packaged)
    except UnknownWorkerError as error:
        said = f"{error}: taken as one who owns nothing; --worker names another"
        return KnownWorker(_STRANGER, said, is_guess=True)
