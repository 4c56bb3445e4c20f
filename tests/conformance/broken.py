"""A server that is wrong in exactly one way for every row, so that no row is idle.

The prefix carries the row's id (`/inm-list/static/…`), and the fault of that id in `FAULTS` is put on the honest
server: into the request as it is heard, into the reply as it is said, or into the octets on the wire. A row is
therefore failed by a well-formed but wrong answer, never by a refused connection or a crash; only the faults of
rows about framing send wrong framing. With the id `none` there is no fault, and every row holds.
"""

from __future__ import annotations

import contextlib
import socketserver
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.conformance.faults import FAULTS, Fault
from tests.conformance.honest import FIXDATE, Reply, Request, answer
from tests.conformance.rows.row import Place
from tests.conformance.site import DECODERS, Site
from tests.conformance.wire import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.rows.row import Row

HONEST = Fault()


class Talk(socketserver.StreamRequestHandler):
    """One connection: request after request until either side closes."""

    timeout = 10.0
    server: Broken

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while self.exchange():
                pass

    def exchange(self) -> bool:
        head = self.head()
        if head is None:
            return False
        fault, prefix = self.server.fault_of(head.target)
        request = fault.hear(head if fault.deaf else replace(head, content=self.content(head)))
        reply = fault.say(request, answer(request, prefix, self.server.site.files))
        closing = wants_close(request)
        self.wfile.write(fault.wire(request, frame(request, reply, closing=closing)))
        return not closing

    def head(self) -> Request | None:
        lines: list[str] = []
        while line := self.rfile.readline(65536).rstrip(b"\r\n"):
            lines.append(line.decode("latin-1"))
        # A deaf fault leaves content unread: what looks like a request in it is taken for one.
        while lines and not lines[0].endswith(("HTTP/1.1", "HTTP/1.0")):
            del lines[0]
        if not lines:
            return None
        method, target, version = lines[0].split(" ")
        pairs = (line.partition(":") for line in lines[1:])
        return Request(method, target, version, tuple((name, value.strip()) for name, _, value in pairs))

    def content(self, head: Request) -> bytes:
        if head.get("Transfer-Encoding") is None:
            return self.rfile.read(int(head.get("Content-Length") or 0))
        data = b""
        while size := int(self.rfile.readline(), 16):
            data += self.rfile.read(size + 2)[:-2]
        self.rfile.readline()
        return data


class Broken(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, site: Site) -> None:
        super().__init__((HOST, 0), Talk)
        self.site = site

    def fault_of(self, target: str) -> tuple[Fault, str]:
        """The fault for the row named by the first path segment, and the prefix of its files."""
        path = target.partition("://")[2].partition("/")[2] if "://" in target else target[1:]
        row = path.partition("/")[0]
        return FAULTS.get(row, HONEST), f"/{row}/static/"

    def place(self, row: str) -> Place:
        port = int(self.server_address[1])
        return Place(port, f"/{row}/static/", self.site.files, DECODERS, self.site.hashed)


def wants_close(request: Request) -> bool:
    option = (request.get("Connection") or "").lower()
    return option == "close" or (request.version == "HTTP/1.0" and option != "keep-alive")


def frame(request: Request, reply: Reply, *, closing: bool) -> bytes:
    """The message; a fault may already have said Content-Length, Date or Connection."""
    own = [("Date", datetime.now(UTC).strftime(FIXDATE))]
    own += [("Content-Length", str(len(reply.body)))] if reply.status not in (204, 304) else []
    own += [("Connection", "close")] if closing else []
    said = {name.lower() for name, _ in reply.fields}
    fields = [*reply.fields, *(pair for pair in own if pair[0].lower() not in said)]
    lines = [f"HTTP/1.1 {reply.status} .", *(f"{name}: {value}" for name, value in fields if value != "-"), "", ""]
    body = b"" if request.method == "HEAD" else reply.body
    return "\r\n".join(lines).encode("latin-1") + body


@contextlib.contextmanager
def serving(site: Site) -> Iterator[Broken]:
    with Broken(site) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(5)


@contextlib.contextmanager
def place_per_row(site: Site) -> Iterator[Callable[[Row], Place]]:
    with serving(site) as server:
        yield lambda row: server.place(row.id)
