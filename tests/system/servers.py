"""Real servers on a free loopback port, each in a process group of its own, stopped by pid."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

STARTUP_SECONDS = 30
REQUEST_LINE = re.compile(r'"([A-Z]+) (\S+) HTTP/[\d.]+" (\d{3})')


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    status: int


@dataclass(frozen=True)
class Server:
    url: str
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def processes(self) -> list[psutil.Process]:
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def memory(self) -> int:
        """Octets that are of one process alone: one more of them that a server forks has few."""
        found = 0
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                found += process.memory_full_info().uss
        return found

    def requests(self) -> list[Request]:
        """What the server's own access log says it answered."""
        rows = REQUEST_LINE.findall(self.log.read_text(errors="replace"))
        return [Request(method, target, int(status)) for method, target, status in rows]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gunicorn(app: str, *options: str) -> list[str]:
    threads = ["--worker-class=gthread", "--threads=4", "--no-control-socket", "--access-logfile=-"]
    return [sys.executable, "-m", "gunicorn", *threads, "--bind=127.0.0.1:{port}", *options, app]


def uvicorn(app: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "uvicorn", "--lifespan=off", "--port={port}", *options, app]


def environment_for(folder: Path) -> dict[str, str]:
    """For a server whose application is a module in `folder`."""
    paths = os.pathsep.join([str(folder), str(Path(__file__).parents[2])])
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return kept | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}


@contextmanager
def running(command: list[str], *, cwd: Path, environ: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Start the command with a free port for its `{port}`, wait until it listens, and stop it at the end."""
    port = free_port()
    line = [part.replace("{port}", str(port)) for part in command]
    with log.open("wb") as output:
        process = subprocess.Popen(
            line, cwd=cwd, env=dict(environ), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_until_listening(process, port, log)
        yield Server(f"http://127.0.0.1:{port}", log, process)
    finally:
        stop(process)


def wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server did not start:\n{log.read_text(errors='replace')}")


def eventually(holds: Callable[[], object], seconds: float = 20) -> bool:
    """Whether it comes to hold."""
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(held)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
