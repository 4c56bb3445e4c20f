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
    if os.geteuid() and not configuration.main.startswith("/etc/"):
        return KnownWorker(Worker.named(str(os.geteuid())), "whoever starts caddy; or give --worker")
    try:
        return KnownWorker(Worker.named(_USER), "the user of the packaged service; --worker names another")
    except UnknownWorkerError as error:
        return KnownWorker(_STRANGER, f"{error}: taken as one who owns nothing; --worker names another")
