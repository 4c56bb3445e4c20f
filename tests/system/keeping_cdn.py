"""A stand-in for a CDN that keeps what it is answered by the whole URL, and says so as CDNs do.

No CDN can be had in a test. What it does wrong is what some do unless they are told otherwise: it keeps a 404.
"""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

_PASSED = ("Accept", "Accept-Encoding", "Origin")
_DROPPED = frozenset({"connection", "transfer-encoding", "content-length", "date", "server"})


@dataclass
class Cdn:
    """`origin_port` is of the server behind it, `kept` are its answers, `asked` the methods that came.

    `dropped` are lower-case names of fields that it loses.
    """

    url: str
    origin_port: int = 0
    kept: dict[str, tuple[int, list[tuple[str, str]], bytes]] = field(default_factory=dict)
    keeps_errors: bool = False
    dropped: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)


@contextmanager
def keeping() -> Iterator[Cdn]:
    """Before the server of `origin_port`, which is asked when the first request comes, until the block ends."""
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def parse_request(self) -> bool:
            is_whole = super().parse_request()
            cdn.asked.append(self.command)
            return is_whole

        def do_GET(self) -> None:
            with lock:
                key = f"{self.path} {self.headers.get('Accept-Encoding', '')}"
                is_hit = key in cdn.kept
                status, fields, body = cdn.kept[key] if is_hit else self.fetched()
                if status < 400 or cdn.keeps_errors:
                    cdn.kept[key] = status, fields, body
            self.send_response(status)
            for name, value in fields:
                if name.lower() not in cdn.dropped:
                    self.send_header(name, value)
            self.send_header("X-Cache", "HIT" if is_hit else "MISS")
            self.send_header("Via", "1.1 stand-in")
            if is_hit:
                self.send_header("Age", "7")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def fetched(self) -> tuple[int, list[tuple[str, str]], bytes]:
            asking = http.client.HTTPConnection("127.0.0.1", cdn.origin_port, timeout=20)
            passed = {name: self.headers[name] for name in _PASSED if name in self.headers}
            asking.request("GET", self.path, headers=passed)
            reply = asking.getresponse()
            fields = [(name, value) for name, value in reply.getheaders() if name.lower() not in _DROPPED]
            try:
                return reply.status, fields, reply.read()
            finally:
                asking.close()

        def log_message(self, *_: object) -> None:
            """Keep the tests quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    cdn = Cdn(f"http://localhost:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield cdn
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
