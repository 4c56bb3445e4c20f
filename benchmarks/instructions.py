"""What a dynamic request pays, in instructions of the server: the same on a machine that does other things besides.

valgrind counts them. A request costs what a longer run takes more than a short one, over the requests it has more;
they come one after another on one connection.
"""

import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from .dynamic import GROUPS, VIEWS
from .measure import ACCEPT_ENCODING, REPOSITORY, free_port, wait_for
from .stacks import Server, collect

FEW, MANY = 30, 130  # requests
SETTLED_SECONDS = 8
COUNTED = re.compile(r"I\s+refs:\s+([\d,]+)")
Row = tuple[str, str, str]  # group, server, view


def measure(folder: Path, only: str = "") -> dict[Row, float]:
    """Instructions per request. Raises `RuntimeError` without valgrind."""
    if not shutil.which("valgrind"):
        raise RuntimeError("instructions are counted by valgrind, which is not installed")
    roots = collect(folder)
    counted = {}
    for group, servers in GROUPS.items():
        wanted = [server for server in servers if only in f"{group}, {server.name}" or server.name == "nothing"]
        for view, server in product(VIEWS[group], wanted):
            counted[group, server.name, view] = number = _per_request(server, roots, view)
            print(f"{group}, {server.name}, {view}: {number:,.0f}", file=sys.stderr, flush=True)
    return counted


def _per_request(server: Server, roots: Mapping[str, Path], view: str) -> float:
    few, many = (_instructions(server, roots, view, requests) for requests in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _instructions(server: Server, roots: Mapping[str, Path], view: str, requests: int) -> int:
    """Of a whole life: start, requests, end; all processes."""
    port = free_port()
    root = roots[server.stack]
    env = {"BENCH_STACK": server.stack, "BENCH_ROOT": str(root), "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": "0"}
    with TemporaryDirectory() as logs:
        flags = ["--cache-sim=no", "--cachegrind-out-file=/dev/null", f"--log-file={logs}/%p"]
        command = ["valgrind", "--tool=cachegrind", *flags, sys.executable, *server.command(port, root)]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **env}, stdout=quiet, stderr=quiet)
        try:
            wait_for(port, process, 120)
            _ask(port, view, requests)
        finally:
            process.terminate()
            process.wait(120)
        found = (COUNTED.search(log.read_text()) for log in Path(logs).iterdir())
        return sum(int(each[1].replace(",", "")) for each in found if each)


def _ask(port: int, view: str, requests: int) -> None:
    """One request, time for what the server then still does in the background, and the rest on another connection."""
    _ask_on_one_connection(port, view, 1)
    time.sleep(SETTLED_SECONDS)
    _ask_on_one_connection(port, view, requests - 1)


def _ask_on_one_connection(port: int, view: str, requests: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for _ in range(requests):
        connection.request("GET", f"/{view}", headers={"Accept-Encoding": ACCEPT_ENCODING})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"/{view} was answered with {answer.status}")
    connection.close()


def table(counted: Mapping[Row, float]) -> str:
    """Instructions per request and their ratio to the server's without middleware, as a Markdown table."""
    lines = ["| server | view | instructions, millions | times that without |", "|---|---|---|---|"]
    for (group, name, view), number in counted.items():
        ratio = number / counted[group, "nothing", view]
        lines.append(f"| {group}, {name} | {view} | {number / 1e6:.3f} | {ratio:.3f} |")
    return "\n".join(lines)
