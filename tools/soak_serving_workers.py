"""The servers of the serving soak, and what their workers hold: memory and descriptors (Linux: /proc)."""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.soak_serving_site import logical_names

GROWTH = 4_000  # KB between the second and the last tenth that are no leak
SETTLED = 900  # seconds; in a shorter run a process is still filling what it keeps
FILLING = 32_000  # KB that it may take meanwhile, with what the allocator keeps for each of its threads
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024 if hasattr(os, "sysconf") else 4
SIGNS = ("Traceback", "ERROR", "CRITICAL", "Exception", "Internal Server Error")


@dataclass(frozen=True)
class Kind:
    """A server: its command, by which road Clearway answers, and whether it is ever told to reload."""

    name: str
    command: list[str]
    road: str
    is_reloaded: bool = False


def _gunicorn(workers: int) -> list[str]:
    options = ["--worker-class=gthread", "--threads=6", f"--workers={workers}", "--no-control-socket", "--keep-alive=3"]
    return [sys.executable, "-m", "gunicorn", *options, "--bind=127.0.0.1:{port}", "soak_wsgi:application"]


def _uvicorn(workers: int) -> list[str]:
    options = ["--lifespan=off", "--no-access-log", "--timeout-keep-alive=3", f"--workers={workers}"]
    return [sys.executable, "-m", "uvicorn", *options, "--port={port}", "soak_asgi:application"]


KINDS = (
    Kind("gunicorn, middleware", _gunicorn(1), "middleware"),
    Kind("gunicorn, wrapper", _gunicorn(1), "wrapper"),
    Kind("uvicorn, middleware", _uvicorn(1), "middleware"),
    Kind("uvicorn, wrapper", _uvicorn(1), "wrapper"),
    Kind("gunicorn, wrapper, reloaded", _gunicorn(2), "wrapper", is_reloaded=True),
    Kind("uvicorn, wrapper, reloaded", _uvicorn(2), "wrapper", is_reloaded=True),
)


def environment(home: Path) -> dict[str, str]:
    """For servers and commands of the site under `home`."""
    names = [name for name in logical_names(0) if name.startswith(("css/", "js/", "img/"))]
    own = {"DJANGO_SETTINGS_MODULE": "soak_settings", "SOAK_NAMES": json.dumps(names), "SOAK_ROAD": ""}
    paths = [str(home), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **own, "PYTHONPATH": os.pathsep.join(paths)}


@dataclass(frozen=True)
class Running:
    kind: Kind
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def complaints(self) -> Iterator[str]:
        """Lines of the log that no healthy server writes."""
        lines = self.log.read_text(errors="replace").splitlines()
        yield from (f"{self.kind.name} logs: {line}" for line in lines if any(sign in line for sign in SIGNS))
        if self.process.poll() is not None:
            yield f"{self.kind.name} ended with {self.process.returncode}"

    def workers(self) -> list[int]:
        """The processes that answer: the children of a master, or the one process."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        named = [int(child) for child in children if b"resource_tracker" not in _file(f"/proc/{child}/cmdline")]
        return named or [pid]


@contextmanager
def running(home: Path) -> Iterator[list[Running]]:
    """All servers, until the block ends."""
    with ExitStack() as stack:
        servers = [_start(kind, home, stack) for kind in KINDS]
        for server in servers:
            _wait(server)
        yield servers


def _start(kind: Kind, home: Path, stack: ExitStack) -> Running:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [part.replace("{port}", str(port)) for part in kind.command]
    log = home / f"{kind.name.replace(', ', '-')}.log"
    environ = environment(home) | {"SOAK_ROAD": kind.road}
    output = stack.enter_context(log.open("wb"))
    process = subprocess.Popen(command, cwd=home, env=environ, stdout=output, stderr=output, start_new_session=True)
    stack.callback(_stop, process)
    return Running(kind, port, process, log)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()


def _wait(server: Running) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{server.kind.name} did not start:\n{server.log.read_text(errors='replace')}")


# --- what they hold

Worker = tuple[str, int]  # the server's name, the process id


@dataclass(frozen=True)
class Held:
    when: float
    memory: int  # KB
    descriptors: int


@dataclass
class Watch:
    """Samples by worker, taken all the time."""

    servers: list[Running]
    samples: dict[Worker, list[Held]] = field(default_factory=dict)

    async def run(self, until: float, every: float) -> None:
        while time.monotonic() < until:
            self.look()
            await asyncio.sleep(every)

    def look(self) -> None:
        for server in self.servers:
            for pid in server.workers():
                if held := _held(pid):
                    self.samples.setdefault((server.kind.name, pid), []).append(held)

    def lived_through(self, begun: float, until: float) -> dict[Worker, list[Held]]:
        """Of the workers that were there all the time: medians of each tenth."""
        tenth = (until - begun) / 10
        found = {}
        for worker, samples in self.samples.items():
            parts = [[each for each in samples if n <= (each.when - begun) / tenth < n + 1] for n in range(10)]
            if all(parts):
                found[worker] = [_median(part) for part in parts]
        return found

    def descriptors(self) -> dict[Worker, int]:
        """Of every worker, now."""
        pids = [(server.kind.name, pid) for server in self.servers for pid in server.workers()]
        return {(name, pid): held.descriptors for name, pid in pids if (held := _held(pid))}


def growth(lived: Mapping[Worker, list[Held]], seconds: float) -> Iterator[str]:
    """Workers that hold more memory in the last tenth than in the second; servers of which none was measured."""
    allowed = GROWTH if seconds >= SETTLED else FILLING
    measured = {name for name, _ in lived}
    yield from (f"{kind.name}: not measured" for kind in KINDS if not kind.is_reloaded and kind.name not in measured)
    for (name, pid), tenths in lived.items():
        if tenths[9].memory - tenths[1].memory > allowed:
            yield f"{name}, process {pid}: {tenths[1].memory} KB became {tenths[9].memory} KB"


def leaks(before: Mapping[Worker, int], after: Mapping[Worker, int]) -> Iterator[str]:
    """Workers that have more descriptors open without any connection than before."""
    for worker, number in after.items():
        if number > before.get(worker, number):
            yield f"{worker[0]}, process {worker[1]}: {before[worker]} descriptors became {number}"


def described(lived: Mapping[Worker, list[Held]], before: Mapping[Worker, int], after: Mapping[Worker, int]) -> str:
    """What each worker held, by tenths of the time."""
    return "\n".join(
        f"{name}, process {pid}: KB {', '.join(f'{each.memory:,}' for each in tenths)}; "
        f"descriptors {', '.join(str(each.descriptors) for each in tenths)}, "
        f"idle {before.get((name, pid))} before and {after.get((name, pid))} after"
        for (name, pid), tenths in lived.items()
    )


async def idle_descriptors(watch: Watch, at_most: Mapping[Worker, int] | None = None) -> dict[Worker, int]:
    """Descriptors once no connection is open any more: when they stay the same, or are back at what they were."""
    deadline, last = time.monotonic() + 12, watch.descriptors()
    while time.monotonic() < deadline:
        await asyncio.sleep(1 if at_most else 4)
        now = watch.descriptors()
        if at_most is None and now == last:
            break
        if at_most and all(number <= at_most.get(worker, number) for worker, number in now.items()):
            return now
        last = now
    return last


def _median(samples: list[Held]) -> Held:
    return Held(
        samples[-1].when,
        int(statistics.median(each.memory for each in samples)),
        int(statistics.median(each.descriptors for each in samples)),
    )


def _held(pid: int) -> Held | None:
    """None when the process has just ended."""
    try:
        memory = int(_file(f"/proc/{pid}/statm").split()[1]) * PAGE_KB
        return Held(time.monotonic(), memory, len(list(Path(f"/proc/{pid}/fd").iterdir())))
    except (OSError, IndexError):
        return None


def _file(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""
