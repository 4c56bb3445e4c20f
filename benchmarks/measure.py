"""Running a server on one processor and wrk on another, and what a request costs the server."""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import psutil

REPOSITORY = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
ACCEPT_ENCODING = "gzip, deflate, br"
SERVER_CPU, CLIENT_CPU = "0", "1"
WARM_UP_SECONDS = 1


UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}  # as wrk prints them


@dataclass(frozen=True)
class Sample:
    """One run of wrk: seconds of CPU of the server's process tree, requests, octets received, seconds."""

    used: float
    requests: int
    octets: float
    seconds: float

    @property
    def cpu(self) -> float:
        """Microseconds of CPU per request."""
        return self.used / self.requests * 1e6 if self.requests else float("inf")

    @property
    def speed(self) -> float:
        """Megabytes per second."""
        return self.octets / self.seconds / 1e6

    def cpu_for(self, octets: int) -> float:
        """Microseconds of CPU for so many octets: also right when the last downloads were not at their end."""
        return self.used / self.octets * octets * 1e6 if self.octets else float("inf")


@contextmanager
def running(argv: list[str], env: Mapping[str, str], port: int) -> Iterator[psutil.Process]:
    """A server on `port` until the block ends, then stopped by its process id."""
    process = subprocess.Popen(
        ["taskset", "-c", SERVER_CPU, *argv],
        cwd=REPOSITORY,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def load(server: psutil.Process, url: str, seconds: int, fields: Mapping[str, str], *, failing: bool = False) -> Sample:
    """Warm up, then keep 32 connections busy for some seconds."""
    sample(server, url, WARM_UP_SECONDS, fields, failing=failing)
    return sample(server, url, seconds, fields, failing=failing)


def sample(
    server: psutil.Process, url: str, seconds: int, fields: Mapping[str, str], *, failing: bool = False
) -> Sample:
    """Keep 32 connections busy for some seconds. Raises `RuntimeError` for an error status, unless it is `failing`."""
    before, start = _cpu(server), time.monotonic()
    requests, octets = _wrk(url, seconds, fields, failing=failing)
    return Sample(_cpu(server) - before, requests, octets, time.monotonic() - start)


@contextmanager
def peak_memory(server: psutil.Process) -> Iterator[list[float]]:
    """Resident megabytes of the process tree while the block ran; the list has the start and the peak afterwards."""
    seen, over = [_memory(server)], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            seen.append(_memory(server))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
        seen[:] = [seen[0], max(seen)]


def _memory(server: psutil.Process) -> float:
    processes = (server, *server.children(recursive=True))
    return float(sum(process.memory_info().rss for process in processes)) / 1e6


def cell(values: Sequence[float], digits: int = 0) -> str:
    """Median (minimum–maximum) for a table."""
    if not values:
        return "–"
    middle, least, most = (f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({least}–{most})"


def machine() -> str:
    """How busy the machine is, to be printed beside a table."""
    return f"load average of the machine: {', '.join(f'{each:.1f}' for each in os.getloadavg())}"


def entity_tag(url: str) -> str:
    """The ETag of a URL, as a browser that accepts brotli gets it."""
    with urlopen(Request(url, headers={"Accept-Encoding": ACCEPT_ENCODING})) as answer:
        return str(answer.headers["ETag"])


def _wrk(url: str, seconds: int, fields: Mapping[str, str], *, failing: bool) -> tuple[int, float]:
    """Requests that were answered, and octets that were received."""
    headers = [word for name, value in fields.items() for word in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", CLIENT_CPU, "wrk", "-t1", "-c32", f"-d{seconds}s", *headers, url]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+) requests in [\d.]+\w+, ([\d.]+)([KMGT]?B) read", printed)
    assert found, printed
    if "Non-2xx or 3xx" in printed and not failing:
        raise RuntimeError(f"not every answer of {url} was a success")
    return int(found[1]), float(found[2]) * UNITS[found[3]]


def _cpu(server: psutil.Process) -> float:
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return time.sleep(0.5)
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def run_json(code: str, env: Mapping[str, str]) -> dict[str, float]:
    """Run a program in a fresh interpreter; the last line that it prints is JSON."""
    command = [sys.executable, "-c", code]
    printed = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **env}, capture_output=True, text=True, check=True
    ).stdout
    result: dict[str, float] = json.loads(printed.strip().splitlines()[-1])
    return result
