"""Running a server on one processor and wrk on another, and what a request costs the server."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True)
class Sample:
    """One run of wrk: CPU of the server's process tree per request (microseconds) and requests per second."""

    cpu: float
    rate: float


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


def load(server: psutil.Process, url: str, seconds: int, fields: Mapping[str, str]) -> Sample:
    """Keep 32 connections busy for some seconds."""
    _wrk(url, WARM_UP_SECONDS, fields)
    before = _cpu(server)
    requests, rate = _wrk(url, seconds, fields)
    return Sample((_cpu(server) - before) / requests * 1e6, rate)


def entity_tag(url: str) -> str:
    """The ETag of a URL, as a browser that accepts brotli gets it."""
    with urlopen(Request(url, headers={"Accept-Encoding": ACCEPT_ENCODING})) as answer:
        return str(answer.headers["ETag"])


def _wrk(url: str, seconds: int, fields: Mapping[str, str]) -> tuple[int, float]:
    headers = [word for name, value in fields.items() for word in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", CLIENT_CPU, "wrk", "-t1", "-c32", f"-d{seconds}s", *headers, url]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+) requests in", printed)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    assert found and rate, printed
    return int(found[1]), float(rate[1])


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
