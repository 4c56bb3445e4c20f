"""The real servers of the corpus: both wrappers and both kinds of Django, each as a user who may not read all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bad_input.site import Site
from tests.system.servers import eventually, free_port, stop, wait_until_listening

REPOSITORY = Path(__file__).parents[2]


def gunicorn(app: str, worker: str = "gthread") -> list[str]:
    options = [
        f"--worker-class={worker}",
        "--threads=4",
        "--no-control-socket",
        "--log-level=warning",
        "--keep-alive=5",
    ]
    return [sys.executable, "-m", "gunicorn", *options, "--bind=127.0.0.1:{port}", app]


def uvicorn(app: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "uvicorn", "--log-level=warning", "--lifespan=off", *options, "--port={port}", app]


APPS = "tests.bad_input.apps"
SERVERS: dict[str, list[str]] = {
    "gunicorn": gunicorn(f"{APPS}.wrapped:by_wsgi"),
    "uvicorn": uvicorn(f"{APPS}.wrapped:by_asgi"),
    "uvicorn h11": uvicorn(f"{APPS}.wrapped:by_asgi", "--http=h11", "--loop=asyncio"),
    "gunicorn with the lane": gunicorn(f"{APPS}.wrapped:by_wsgi", "clearway.gunicorn.ThreadWorker"),
    "uvicorn with the lane": uvicorn(f"{APPS}.wrapped:by_asgi", "--http=clearway.uvicorn:Protocol"),
    "Django, gunicorn": gunicorn(f"{APPS}.django_wsgi:application"),
    "Django, uvicorn": uvicorn(f"{APPS}.django_asgi:application"),
}


@dataclass(frozen=True)
class Running:
    name: str
    port: int
    site: Site
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def wraps(self) -> bool:
        """Whether it has the directories that only a wrapper can add."""
        return not self.name.startswith("Django")

    def workers(self) -> list[str]:
        """The ids of the processes that answer."""
        if "uvicorn" in self.name:
            return [str(self.process.pid)]
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()


def serving(name: str, site: Site) -> AbstractContextManager[Running]:
    """One of `SERVERS` over a tree, for as long as the block lasts."""
    return started(name, SERVERS[name], site, f"{APPS}.project")


@contextmanager
def started(name: str, words: list[str], site: Site, settings: str, **more: str) -> Iterator[Running]:
    """A command with `{port}` over a tree, for a module of settings and more of the environment."""
    port, log = free_port(), site.home / f"{name}.log"
    obeying = [sys.executable, "-m", f"{APPS}.obeying"]
    command = [*obeying, *(part.replace("{port}", str(port)) for part in words)]
    environ = os.environ | {
        "BAD_INPUT_HOME": str(site.home),
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "src")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "error",
        **more,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd="/",
            env=environ,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_listening(process, port, log)
        running = Running(name, port, site, process, log)
        assert eventually(running.workers)  # gunicorn listens before it has one
        yield running
    finally:
        stop(process)
