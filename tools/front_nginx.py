"""The real nginx, in bulk: many cases in one process, each with a port of its own, its workers an unprivileged user."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Self

from clearway.fronts.nginx.versions import Version, parsed
from clearway.fronts.worker import Worker
from tools.front_asking import Answer, ask, free_ports
from tools.front_case import Case, Line, Node, Place, Request, rebuilt, snippets, text, written
from tools.front_disk import lay_out
from tools.front_upstream import Upstream
from tools.system_packages import SEARCH

USER, GROUP = "nobody", "nogroup"
_BLAMED = re.compile(r" in \S*/c(\d+)(?:\.conf|/\S*):\d+")
# Where a location without any root looks for its files.
_DEFAULT_ROOT = ("html/index.html", "html/50x.html", "html/static/a.css", "html/static/b.js", "html/a.css")
_ATTEMPTS = 5


class NginxError(RuntimeError):
    """nginx did not start for a reason that is not of a case's making."""


class PortTakenError(NginxError):
    """Another process was quicker."""


def program() -> str | None:
    """The nginx of the distribution."""
    return shutil.which("nginx", path=SEARCH)


def version(program: str) -> Version:
    """Of a program."""
    told = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stderr
    return parsed(told.partition("/")[2].split()[0])


def worker() -> Worker:
    """As whom nginx's workers run here."""
    return Worker.named(USER, GROUP) if os.geteuid() == 0 else Worker.named(str(os.geteuid()))


def main_lines(home: Path, frame: Sequence[Node], includes: Sequence[str], place: Place) -> list[Line]:
    """The main file; what keeps the house comes first, then the frame, then the cases."""
    user = [f"user {USER} {GROUP};"] if os.geteuid() == 0 else []
    spool = [f"    {name}_temp_path {home}/spool;" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    before = [
        *user,
        "daemon off;",
        "worker_processes 1;",
        f"pid {home}/nginx.pid;",
        f"error_log {home}/error.log error;",
        "events { worker_connections 512; }",
        "http {",
        "    access_log off;",
        "    server_names_hash_bucket_size 256;",
        "    server_names_hash_max_size 4096;",
        "    variables_hash_max_size 8192;",
        "    map_hash_bucket_size 256;",
        "    keepalive_timeout 0;",
        *spool,
    ]
    lines: list[Line] = [(line, None) for line in before]
    lines += written(tuple(frame), place, 1)
    lines += [(f"    include {each};", None) for each in includes]
    return [*lines, ("}", None)]


@dataclass
class Placed:
    """A case on the disk; `refused` is nginx's word where it does not take the configuration."""

    case: Case
    place: Place
    refused: str = ""
    answers: list[Answer] = field(default_factory=list)

    @property
    def main(self) -> Path:
        return self.place.home / f"c{self.place.number}.conf"

    @property
    def site(self) -> str:
        return f"c{self.place.number}/site.conf"

    def write(self) -> None:
        """The configuration of this case alone, its snippets, and its files."""
        place, case = self.place, self.case
        place.documents.mkdir(parents=True)
        (place.home / self.site).write_text(text(written(case.nodes, place)))
        self.main.write_text(text(main_lines(place.home, case.frame, [self.site], place)))
        for path, lines in snippets(case.nodes, place):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(lines))
        lay_out(case.entries, place)

    def lines(self) -> dict[tuple[str, int], Node]:
        """The directive of each line that has one, by (file, line)."""
        place = self.place
        files = {
            self.main: main_lines(place.home, self.case.frame, [self.site], place),
            place.home / self.site: written(self.case.nodes, place),
            **dict(snippets(self.case.nodes, place)),
        }
        return {
            (str(path), number): node
            for path, lines in files.items()
            for number, (_, node) in enumerate(lines, 1)
            if node is not None
        }

    def ask(self) -> None:
        self.answers = [ask(request, self.place) for request in self.case.requests]

    def remove(self) -> None:
        shutil.rmtree(self.place.directory, ignore_errors=True)
        self.main.unlink(missing_ok=True)


class Nginx:
    """A directory with upstreams, in which batches of cases are run one after the other."""

    def __init__(self, home: Path, server: str) -> None:
        self.home = home
        home.chmod(0o755)
        (home / "spool").mkdir()
        for number, path in enumerate(_DEFAULT_ROOT, 1_000_000):
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_bytes(f"{number}:{path}\n".encode())
        self._upstreams = {mark: Upstream(mark) for mark in "AB"}
        self._upstreams["S"] = Upstream("S", home / "upstream.sock")
        self.upstreams = {mark: each.address for mark, each in self._upstreams.items()}
        self._program = server
        self._control, self._token = 0, token_hex(8)
        self._has_ipv6 = _has_ipv6()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._upstreams.values():
            each.close()

    @contextmanager
    def answered(self, cases: Sequence[Case]) -> Iterator[list[Placed]]:
        """The cases with nginx's answers, on the disk until the block ends. All have the frame of the first."""
        placed: list[Placed] = []
        try:
            for _ in range(_ATTEMPTS):
                placed = self._placed(cases)
                try:
                    self._ask(placed)
                    break
                except PortTakenError:
                    for each in placed:
                        each.remove()
            else:
                raise NginxError("others take the ports again and again")
            yield placed
        finally:
            for each in placed:
                each.remove()

    def _placed(self, cases: Sequence[Case]) -> list[Placed]:
        self._control, *ports = free_ports(len(cases) + 1)
        placed = [
            Placed(self._fitting(case), Place(self.home, number, port, self.upstreams))
            for number, (case, port) in enumerate(zip(cases, ports, strict=True))
        ]
        for each in placed:
            each.write()
        return placed

    def _is_up(self) -> bool:
        """Whether it is this nginx that answers: another process may have taken the port."""
        try:
            answer = ask(Request(target="/up"), Place(self.home, 0, self._control, self.upstreams))
        except OSError:
            return False
        return answer.body == self._token.encode()

    def _fitting(self, case: Case) -> Case:
        """Without IPv6 where the machine has none."""
        if self._has_ipv6:
            return case
        return replace(case, nodes=rebuilt(case.nodes, lambda node: () if _is_of_ipv6(node) else (node,)))

    def _ask(self, placed: Sequence[Placed]) -> None:
        """Cases that nginx refuses are left out, one after the other; where it names none, by halves."""
        taken = [each for each in placed if not each.refused]
        while taken:
            process, trouble = self._start(taken)
            if process is not None:
                try:
                    for each in taken:
                        each.ask()
                    if process.poll() is not None:
                        raise NginxError("nginx ended while it was asked")
                finally:
                    process.terminate()
                    process.wait(20)
                return
            blamed = {int(number) for number in _BLAMED.findall(trouble)}
            if "bind()" in trouble:
                raise PortTakenError(trouble)
            if not blamed and len(taken) > 1:
                self._ask(taken[: len(taken) // 2])
                self._ask(taken[len(taken) // 2 :])
                return
            for each in taken:
                if each.place.number in blamed or len(taken) == 1:
                    each.refused = trouble.strip()
            taken = [each for each in taken if not each.refused]

    def _start(self, placed: Sequence[Placed]) -> tuple[subprocess.Popen[str] | None, str]:
        main = self.home / "all.conf"
        first = placed[0]
        sites = [each.site for each in placed]
        control = self.home / "control.conf"
        control.write_text(f"server {{ listen 127.0.0.1:{self._control}; return 200 {self._token}; }}\n")
        main.write_text(text(main_lines(self.home, first.case.frame, [*sites, control.name], first.place)))
        (self.home / "error.log").unlink(missing_ok=True)
        said = self.home / "said"
        with said.open("w") as sink:
            words = [self._program, "-p", f"{self.home}/", "-c", str(main)]
            process = subprocess.Popen(words, stdout=sink, stderr=sink, text=True)
        end = time.monotonic() + 30
        while process.poll() is None:
            if self._is_up():
                return process, ""
            if time.monotonic() > end:
                process.kill()
                raise NginxError("nginx does not listen")
            time.sleep(0.002)
        return None, "\n".join(line for line in said.read_text().splitlines() if "[emerg]" in line)


def _is_of_ipv6(node: Node) -> bool:
    return node.name == "listen" and node.words[0].startswith("[")


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as each:
            each.bind(("::1", 0))
    except OSError:
        return False
    return True
