"""Running a server on one processor and wrk on another, and what a request costs the server."""

import json
import math
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
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil

REPOSITORY = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
ACCEPT_ENCODING = "gzip, deflate, br"
SERVER_CPU, CLIENT_CPU = "0", "1"
WARM_UP_SECONDS = 1


UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}  # as wrk prints them
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Sample:
    """One run of wrk: seconds of CPU of the server's process tree, what wrk counted, seconds."""

    used: float
    counted: "Counted"
    seconds: float

    @property
    def cpu(self) -> float:
        """Microseconds of CPU per request."""
        return self.used / self.counted.requests * 1e6 if self.counted.requests else float("inf")

    @property
    def speed(self) -> float:
        """Megabytes per second."""
        return self.counted.octets / self.seconds / 1e6

    def cpu_for(self, octets: int) -> float:
        """Microseconds of CPU for so many octets: also right when the last downloads were not at their end."""
        return self.used / self.counted.octets * octets * 1e6 if self.counted.octets else float("inf")


@dataclass(frozen=True)
class Counted:
    """What wrk prints: requests answered, per second, octets received, latencies in milliseconds."""

    requests: int
    rate: float
    octets: float
    median: float
    p99: float


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
        wait_for(port, process)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:  # some wait for clients that will take nothing any more
            process.kill()
            process.wait()


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
    server: psutil.Process,
    url: str,
    seconds: int,
    fields: Mapping[str, str],
    connections: int = 32,
    *,
    failing: bool = False,
) -> Sample:
    """Keep connections busy for some seconds. Raises `RuntimeError` for an error status, unless it is `failing`."""
    before, start = _cpu(server), time.monotonic()
    counted = wrk(url, seconds, fields, connections, failing=failing)
    return Sample(_cpu(server) - before, counted, time.monotonic() - start)


@contextmanager
def peak_memory(server: psutil.Process, every: float = 0.05) -> Iterator[list[float]]:
    """Resident megabytes of the process tree while the block ran; the list has the start and the peak afterwards."""
    processes = (server, *server.children(recursive=True))
    seen, over = [_memory(processes)], threading.Event()

    def watch() -> None:
        while not over.wait(every):
            seen.append(_memory(processes))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
        seen[:] = [seen[0], max(seen)]


def _memory(processes: Sequence[psutil.Process]) -> float:
    return float(sum(process.memory_info().rss for process in processes)) / 1e6


def cell(values: Sequence[float], digits: int = 0) -> str:
    """Median (minimum–maximum) for a table; what has no value is left out."""
    values = [value for value in values if math.isfinite(value)]
    if not values:
        return "–"
    middle, least, most = (f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({least}–{most})"


def machine() -> str:
    """How busy the machine is, to be printed beside a table."""
    return f"load average of the machine: {', '.join(f'{each:.1f}' for each in os.getloadavg())}"


def ask(url: str, fields: Mapping[str, str]) -> tuple[int, Message]:
    """Status and header fields of one answer."""
    try:
        with urlopen(Request(url, headers=dict(fields))) as answer:
            answer.read()
            return answer.status, answer.headers
    except HTTPError as error:
        with error:
            return error.code, error.headers


def wrk(url: str, seconds: int, fields: Mapping[str, str], connections: int = 32, *, failing: bool = False) -> Counted:
    """Keep connections busy for some seconds. Raises `RuntimeError` for an error status, unless it is `failing`."""
    printed = subprocess.run(
        wrk_command(url, seconds, fields, connections), capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx or 3xx" in printed and not failing:
        raise RuntimeError(f"not every answer of {url} was a success")
    return read_wrk(printed)


def wrk_command(url: str, seconds: int, fields: Mapping[str, str], connections: int) -> list[str]:
    headers = [word for name, value in fields.items() for word in ("-H", f"{name}: {value}")]
    return ["taskset", "-c", CLIENT_CPU, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", *headers, url]


def read_wrk(printed: str) -> Counted:
    """Out of what wrk prints with `--latency`."""
    found = re.search(r"(\d+) requests in [\d.]+\w+, ([\d.]+)([KMGT]?B) read", printed)
    rate = re.search(r"Requests/sec: +([\d.]+)", printed)
    latencies = {share: float(value) * MILLISECONDS[unit] for share, value, unit in _LATENCY.findall(printed)}
    assert found and rate, printed
    requests, octets = int(found[1]), float(found[2]) * UNITS[found[3]]
    median, p99 = (latencies[share] if requests else math.nan for share in ("50", "99"))
    return Counted(requests, float(rate[1]), octets, median, p99)


_LATENCY = re.compile(r"^ +(\d+)% +([\d.]+)(us|ms|s|m) *$", re.MULTILINE)


def _cpu(server: psutil.Process) -> float:
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: int = 30) -> None:
    """Wait until a server listens. Raises `RuntimeError` when it does not in so many seconds."""
    deadline = time.monotonic() + seconds
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


@dataclass(frozen=True)
class Used:
    """What a command took: seconds of wall and of CPU, peak memory in MB, and its exit code."""

    wall: float
    cpu: float
    memory: float
    code: int


_USED = """
import json, os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
wall, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
print(json.dumps([wall, cpu, usage.ru_maxrss / 1000, os.waitstatus_to_exitcode(status)]))
"""


def used(command: Sequence[str], env: Mapping[str, str]) -> Used:
    """Run a command, from a small process: a child counts the memory of who started it as its own peak."""
    runner = [sys.executable, "-I", "-S", "-c", _USED, *command]
    printed = subprocess.run(runner, cwd=REPOSITORY, env=dict(env), stdout=subprocess.PIPE, check=True).stdout
    return Used(*json.loads(printed))
