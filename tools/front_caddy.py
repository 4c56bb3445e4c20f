"""The real Caddy, in bulk: many cases in one process, each with a port of its own, as an unprivileged user."""

import fcntl
import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from clearway.fronts.worker import Worker
from tools.front_asking import Answer, ask, free_ports
from tools.front_case import Case, Line, Node, Place
from tools.front_disk import lay_out
from tools.front_upstream import Upstream
from tools.system_packages import SEARCH

UID = GID = 65534


class CaddyError(RuntimeError):
    """Caddy did not start for a reason that is not of a case's making."""


def program() -> str | None:
    """The Caddy of the distribution."""
    return shutil.which("caddy", path=SEARCH)


def worker() -> Worker:
    """As whom Caddy runs here."""
    return Worker(UID, GID) if os.geteuid() == 0 else Worker.named(str(os.geteuid()))


def written(nodes: Sequence[Node], place: Place, depth: int = 0) -> list[Line]:
    """Lines, with the directive that begins on each. `options` is the block without a name; a `file` is elsewhere."""
    lines: list[Line] = []
    for node in nodes:
        name = [] if node.name in {"options", "site"} else [node.name]
        words = " ".join([*name, *map(place.fill, node.words)]).replace("unix:/", "unix//")
        indent = "\t" * depth
        if node.block is None or node.name == "import":
            lines.append((indent + words, node))
        else:
            lines.append((f"{indent}{words} {{" if words else f"{indent}{{", node))
            lines += written(node.block, place, depth + 1)
            lines.append((f"{indent}}}", None))
    return lines


def snippets(nodes: Sequence[Node], place: Place) -> Iterator[tuple[Path, list[Line]]]:
    """The files that are imported, with their lines."""
    for each in (each for node in nodes for each in node.walk() if each.name == "imported"):
        yield place.home / place.fill(each.words[0]), written(each.block or (), place)


@dataclass
class Placed:
    """A case on the disk; `refused` is Caddy's word where it does not take the configuration."""

    case: Case
    place: Place
    refused: str = ""
    answers: list[Answer] = field(default_factory=list)
    servers: dict[str, Any] = field(default_factory=dict)

    @property
    def main(self) -> Path:
        return self.place.home / f"c{self.place.number}.caddyfile"

    @property
    def site(self) -> Path:
        return self.place.directory / "site.caddyfile"

    @property
    def start(self) -> str:
        """The main file."""
        return f"import {self.site}\n"

    def write(self) -> None:
        """The configuration of this case alone, its snippets, and its files."""
        self.place.documents.mkdir(parents=True)
        self.main.write_text(self.start)
        for path, lines in self._files():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_text(lines))
        lay_out(self.case.entries, self.place)

    def lines(self) -> dict[tuple[str, int], Node]:
        """The directive of each line that has one, by (file, line)."""
        return {
            (str(path), number): node
            for path, lines in self._files()
            for number, (_, node) in enumerate(lines, 1)
            if node is not None
        }

    def shown(self) -> list[str]:
        """The configuration for a reader."""
        return [f"# {path.name}\n{_text(lines)}" for path, lines in self._files()]

    def _files(self) -> Iterator[tuple[Path, list[Line]]]:
        yield self.site, written(self.case.nodes, self.place)
        yield from snippets(self.case.nodes, self.place)

    def ask(self) -> None:
        self.answers = [ask(request, self.place) for request in self.case.requests]

    def remove(self) -> None:
        shutil.rmtree(self.place.directory, ignore_errors=True)
        self.main.unlink(missing_ok=True)


def _text(lines: list[Line]) -> str:
    return "".join(f"{line}\n" for line, _ in lines)


@contextmanager
def _alone() -> Iterator[None]:
    """Two Caddys may listen on one port, and would answer for each other: no other run chooses ports meanwhile."""
    with Path(tempfile.gettempdir(), "clearway-front-caddy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Caddy:
    """A directory with upstreams and one Caddy, which takes batch after batch through its own interface."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.chmod(0o755)
        self._upstreams = {mark: Upstream(mark) for mark in "AB"}
        self._upstreams["S"] = Upstream("S", home / "upstream.sock")
        self.upstreams = {mark: each.address for mark, each in self._upstreams.items()}
        (self._port,) = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        own = self.home / "own"
        own.mkdir(mode=0o777)
        own.chmod(0o777)
        start = self.home / "start.json"
        start.write_text(json.dumps(self._whole({})))
        environ = {**os.environ, "HOME": str(own), "XDG_DATA_HOME": str(own), "XDG_CONFIG_HOME": str(own)}
        as_nobody: dict[str, Any] = {"user": UID, "group": GID, "extra_groups": []} if os.geteuid() == 0 else {}
        with (self.home / "said").open("wb") as said:
            words = [program() or "caddy", "run", "--config", str(start)]
            self._process = subprocess.Popen(words, cwd=self.home, env=environ, stdout=said, stderr=said, **as_nobody)
        end = time.monotonic() + 30
        while self._process.poll() is None and time.monotonic() < end:
            try:
                self._call("GET", "/config/", b"", "")
                return self
            except OSError:
                time.sleep(0.01)
        raise CaddyError((self.home / "said").read_text("utf-8", "replace")[-2000:])

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(20)
        for each in self._upstreams.values():
            each.close()

    @contextmanager
    def answered(self, cases: Sequence[Case]) -> Iterator[list[Placed]]:
        """The cases with Caddy's answers, on the disk until the block ends."""
        placed: list[Placed] = []
        try:
            with _alone():
                ports = free_ports(len(cases))
                for number, (case, port) in enumerate(zip(cases, ports, strict=True)):
                    placed.append(Placed(case, Place(self.home, number, port, self.upstreams)))
                for each in placed:
                    each.write()
                    self._adapt(each)
                self._ask([each for each in placed if not each.refused])
            yield placed
        finally:
            for each in placed:
                each.remove()

    def _adapt(self, placed: Placed) -> None:
        """Caddy's own reading. `order` would stay in the running process, so a process of its own reads that."""
        if any(node.name == "order" for each in placed.case.nodes for node in each.walk()):
            words = [program() or "caddy", "adapt", "--config", str(placed.main), "--adapter", "caddyfile"]
            done = subprocess.run(words, cwd=self.home, capture_output=True, text=True, check=False)
            told: Any = {"result": json.loads(done.stdout)} if done.returncode == 0 else {"error": done.stderr}
        else:
            told = self._call("POST", "/adapt", placed.start.encode(), "text/caddyfile")
        if "error" in told:
            placed.refused = str(told["error"]).strip()
            return
        servers = told["result"].get("apps", {}).get("http", {}).get("servers", {})
        for server in servers.values():
            server["automatic_https"] = {"disable": True}
        placed.servers = {f"c{placed.place.number}-{name}": server for name, server in servers.items()}

    def _ask(self, placed: Sequence[Placed]) -> None:
        """Cases that Caddy refuses are found by halves."""
        if not placed:
            return
        whole = self._whole({name: server for each in placed for name, server in each.servers.items()})
        told = self._call("POST", "/load", json.dumps(whole).encode(), "application/json")
        if "error" not in told:
            for each in placed:
                each.ask()
        elif len(placed) == 1:
            placed[0].refused = str(told["error"]).strip()
        else:
            self._ask(placed[: len(placed) // 2])
            self._ask(placed[len(placed) // 2 :])

    def _whole(self, servers: dict[str, Any]) -> dict[str, Any]:
        return {
            "admin": {"listen": f"127.0.0.1:{self._port}", "config": {"persist": False}},
            "logging": {"logs": {"default": {"level": "ERROR"}}},
            "apps": {"http": {"servers": servers, "grace_period": "1ms"}},
        }

    def _call(self, method: str, path: str, body: bytes, media: str) -> Any:
        """What its own interface answers; it closes connections when it takes another configuration."""
        for attempt in range(10):
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                connection.request(method, path, body, {"Content-Type": media} if media else {})
                data = connection.getresponse().read()
                return json.loads(data) if data.strip() else {}
            except (http.client.HTTPException, ConnectionError):
                if not self._process or self._process.poll() is not None:
                    raise
                if attempt == 9:
                    return {"error": "Caddy gives no answer to this configuration"}
                time.sleep(0.05)
            finally:
                connection.close()
        return None


def kind_of_refusal(text: str) -> str:
    """Without what differs from case to case."""
    return re.sub(r"\S*/c\d+/\S*|\d+", "…", text)[-90:]
