"""nginx and Varnish as caches of one's own, with what `clearway front` prints, before an origin on loopback."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.daemons import Daemon, free_ports, program
from tests.system.fronts import opened
from tests.system.raw import Answer, Connection
from tests.system.real_nginx import complaints, nginx, placed

from clearway.cli import main

EDGES = ("varnish", "nginx-edge")


@dataclass(frozen=True)
class Edge:
    """A running cache."""

    name: str
    port: int

    def ask(self, target: str, method: str = "GET", **fields: str) -> Answer:
        """One request on a connection of its own."""
        with Connection(self.port) as connection:
            return connection.ask(target, method, **fields)


def printed(server: str, *words: str) -> str:
    """What the command prints, with the settings of the moment."""
    out = StringIO()
    with redirect_stdout(out):
        assert main(["front", server, *words, "--format", "json"]) == 0
    read: dict[str, Any] = json.loads(out.getvalue())
    return str(read["configuration"])


@contextmanager
def running(server: str, *words: str) -> Iterator[Edge]:
    """The cache with its printed configuration, on a free port, until the block ends."""
    with opened() as home:
        yield from _RUNS[server](home, printed(server, *words))


def _varnish(home: Path, text: str) -> Iterator[Edge]:
    if program("varnishd") is None or shutil.which("gcc") is None:
        pytest.skip("needs varnish")
    (home / "edge.vcl").write_text(text, encoding="utf-8")
    (port,) = free_ports(1)
    words = ["varnishd", "-F", "-j", "none", "-n", str(home / "work"), "-s", "malloc,64m", "-f", str(home / "edge.vcl")]
    process = Daemon([*words, "-a", f"127.0.0.1:{port}"], home / "log")
    try:
        process.await_port(port)
        yield Edge("varnish", port)
    finally:
        process.stop()


def _nginx(home: Path, text: str) -> Iterator[Edge]:
    port, fetching = free_ports(2)
    text = text.replace("127.0.0.1:8181", f"127.0.0.1:{fetching}")
    main_file = placed(home, re.sub(r"/var/cache/[\w-]+", str(home / "cache"), text), port)
    assert complaints(main_file) == ""
    with nginx(main_file, port):
        yield Edge("nginx-edge", port)


_RUNS: dict[str, Callable[[Path, str], Iterator[Edge]]] = {"varnish": _varnish, "nginx-edge": _nginx}
