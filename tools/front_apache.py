"""The real httpd, in bulk: many cases in one process, each with a port of its own, its workers an unprivileged user."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from clearway.fronts.worker import Worker
from tools.front_asking import NOT_ASKED, Answer, ask, free_ports
from tools.front_case import Case, Line, Node, Place, Request, text
from tools.front_disk import lay_out
from tools.front_upstream import Upstream
from tools.system_packages import SEARCH

MODULES = Path("/usr/lib/apache2/modules")
LOADED = (
    "mpm_event", "authn_core", "authn_file", "authz_core", "authz_host", "authz_user", "auth_basic", "access_compat",
    "alias", "allowmethods", "autoindex", "deflate", "dir", "env", "expires", "filter", "headers", "macro", "mime",
    "negotiation", "proxy", "proxy_http", "rewrite", "setenvif", "wsgi",
)  # fmt: skip
ID = 65534
_MOMENT = 1_600_000_000
_PORT = re.compile(r"could not bind to address \S+:(\d+)")
_BLAMED = re.compile(r"/c(\d+)/")
_WARNED = re.compile(r"^.*(?:AH00112|warn\]).*\n", re.MULTILINE)
_APPLICATION = """def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Upstream", "W"), ("X-Protocol", "wsgi"),
                              ("X-Received", environ["SCRIPT_FILENAME"])])
    return [b"from an application"]
"""


class ApacheError(RuntimeError):
    """httpd did not start for a reason that is not of a case's making."""


def program() -> str | None:
    """The httpd of the distribution, with its modules."""
    found = shutil.which("apache2", path=SEARCH)
    return found if found and all((MODULES / f"mod_{name}.so").exists() for name in LOADED) else None


def worker() -> Worker:
    """As whom its workers run here."""
    return Worker(ID, ID)


def lines_of(nodes: Sequence[Node], place: Place, depth: int = 0) -> list[Line]:
    """Lines, with the directive that begins on each; an .htaccess is no part of it."""
    found: list[Line] = []
    for node in nodes:
        if node.name == "override":
            continue
        words = " ".join([node.name, *map(place.fill, node.words)])
        indent = "    " * depth
        if node.block is None:
            found.append((indent + words, node))
        else:
            found.append((f"{indent}<{words}>", node))
            found += lines_of(node.block, place, depth + 1)
            found.append((f"{indent}</{node.name}>", None))
    return found


def main_lines(home: Path, frame: Sequence[Node], includes: Sequence[str], place: Place) -> list[Line]:
    """The main file; what keeps the house comes first, then the frame, then the cases."""
    before = [
        f'ServerRoot "{home}"',
        "ServerName main.test",
        f"User #{ID}",
        f"Group #{ID}",
        f"PidFile {home}/apache.pid",
        f"DefaultRuntimeDir {home}",
        f"ErrorLog {home}/error.log",
        "LogLevel warn",
        *(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in LOADED),
        "StartServers 1",
        "ServerLimit 1",
        "ThreadsPerChild 16",
        "MaxRequestWorkers 16",
        "KeepAlive Off",
        "ProxyTimeout 5",
        "TypesConfig /etc/mime.types",
        f"DocumentRoot {home}/html",
    ]
    rows: list[Line] = [(line, None) for line in before]
    rows += lines_of(tuple(frame), place)
    return rows + [(f"Include {home}/{each}", None) for each in includes]


@dataclass
class Placed:
    """A case on the disk; `refused` is httpd's word where it does not take the configuration."""

    case: Case
    place: Place
    refused: str = ""
    answers: list[Answer] = field(default_factory=list)

    @property
    def main(self) -> Path:
        return self.place.home / f"c{self.place.number}" / "main.conf"

    @property
    def site(self) -> str:
        return f"c{self.place.number}/site.conf"

    @property
    def _rows(self) -> list[Line]:
        port = Node("Listen", (f"{self.place.port}",))
        return lines_of((port, *self.case.nodes), self.place)

    def write(self) -> None:
        """The configuration of this case alone, its .htaccess files, and its files."""
        place, case = self.place, self.case
        place.documents.mkdir(parents=True)
        (place.home / self.site).write_text(text(self._rows))
        self.main.write_text(text(main_lines(place.home, case.frame, [self.site], place)))
        lay_out(case.entries, place)
        self._overrides()
        script = place.documents / "app" / "wsgi.py"
        if any(each.name == "WSGIScriptAlias" for node in case.nodes for each in node.walk()) and not script.exists():
            with suppress(OSError):
                script.parent.mkdir(exist_ok=True)
                script.write_text(_APPLICATION)

    def _overrides(self) -> None:
        for each in self.case.nodes:
            if each.name == "override":
                path = self.place.documents / each.words[0]
                # A file may lie where its directory would.
                with suppress(OSError):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text(lines_of(each.block or (), self.place)))
                    os.utime(path, (_MOMENT, _MOMENT))  # a fresh file would have a weak tag

    def lines(self) -> dict[tuple[str, int], Node]:
        """The directive of each line that has one, by (file, line)."""
        files = {self.place.home / self.site: self._rows}
        for each in self.case.nodes:
            if each.name == "override":
                files[self.place.documents / each.words[0]] = lines_of(each.block or (), self.place)
        return {
            (str(path), number): node
            for path, rows in files.items()
            for number, (_, node) in enumerate(rows, 1)
            if node is not None
        }

    def ask(self) -> None:
        self.answers = [self._answer(request) for request in self.case.requests]

    def _answer(self, request: Request) -> Answer:
        """httpd never keeps silent: a connection that was lost under load is made again."""
        for _ in range(3):
            answer = ask(request, self.place)
            if answer.status not in {NOT_ASKED, 444}:
                break
            time.sleep(0.05)
        return answer

    def remove(self) -> None:
        shutil.rmtree(self.place.directory, ignore_errors=True)


class Apache:
    """A directory with upstreams, in which batches of cases are run one after the other."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.chmod(0o755)
        (home / "html").mkdir()
        self._upstreams = {mark: Upstream(mark) for mark in "ABS"}
        self._upstreams["U"] = Upstream("U", home / "upstream.sock")
        self.upstreams = {mark: each.address for mark, each in self._upstreams.items()}
        self.upstreams["W"] = "wsgi"
        self._program = program() or "apache2"
        self._control = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._upstreams.values():
            each.close()

    @contextmanager
    def answered(self, cases: Sequence[Case]) -> Iterator[list[Placed]]:
        """The cases with httpd's answers, on the disk until the block ends. All have the frame of the first."""
        self._control, *ports = free_ports(len(cases) + 1)
        placed = [
            Placed(case, Place(self.home, number, port, self.upstreams))
            for number, (case, port) in enumerate(zip(cases, ports, strict=True))
        ]
        try:
            for each in placed:
                each.write()
            self._ask(placed)
            yield placed
        finally:
            for each in placed:
                each.remove()

    def _ask(self, placed: Sequence[Placed]) -> None:
        """Cases that httpd refuses are left out, one after the other; where it names none, by halves."""
        taken = [each for each in placed if not each.refused]
        while taken:
            process, trouble = self._start(taken)
            if process is not None:
                try:
                    for each in taken:
                        each.ask()
                finally:
                    # A child that runs an interpreter takes seconds to end by itself.
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait(20)
                return
            ports = {int(port) for port in _PORT.findall(trouble)}
            if self._control in ports:
                (self._control,) = free_ports(1)  # somebody was faster
                continue
            blamed = {int(number) for number in _BLAMED.findall(_WARNED.sub("", trouble))}
            blamed |= {each.place.number for each in taken if each.place.port in ports}
            if not blamed and len(taken) > 1:
                self._ask(taken[: len(taken) // 2])
                self._ask(taken[len(taken) // 2 :])
                return
            for each in taken:
                if each.place.number in blamed or len(taken) == 1:
                    each.refused = trouble.strip()
            taken = [each for each in taken if not each.refused]

    def _start(self, placed: Sequence[Placed]) -> tuple[subprocess.Popen[bytes] | None, str]:
        main, control = self.home / "all.conf", self.home / "control.conf"
        control.write_text(f"Listen 127.0.0.1:{self._control}\n")
        sites = [*(each.site for each in placed), control.name]
        main.write_text(text(main_lines(self.home, placed[0].case.frame, sites, placed[0].place)))
        (self.home / "error.log").unlink(missing_ok=True)
        said = self.home / "said"
        with said.open("w") as sink:
            words = [self._program, "-f", str(main), "-D", "FOREGROUND"]
            process = subprocess.Popen(words, stdout=sink, stderr=sink, start_new_session=True)
        end = time.monotonic() + 30
        while process.poll() is None:
            # It binds its ports one after the other.
            if all(map(_listens, (self._control, *(each.place.port for each in placed)))):
                return process, ""
            if time.monotonic() > end:
                os.killpg(process.pid, signal.SIGKILL)
                raise ApacheError("httpd does not listen")
            time.sleep(0.005)
        return None, said.read_text("utf-8", "replace")


def _listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


def is_root() -> bool:
    """Its workers get another user only from root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
