"""A small web server over a STATIC_ROOT, which can be told to answer wrongly."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

FOREVER = "public, max-age=31536000, immutable"


@dataclass
class Live:
    """`status`, `bodies` and `fields` are answers by name; `asked` is what was asked for."""

    url: str
    root: Path
    status: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    fields: dict[str, Mapping[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hidden: bool = False  # answers nothing below .clearway
    readable: str = "always"  # or "asked": by other origins only where one is named, or "never"
    hits: bool = False  # says that a cache answered what was asked for before


@contextmanager
def serving(root: Path, prefix: str = "/static/") -> Iterator[Live]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = unquote(self.path).removeprefix(prefix)
            live.asked.append(name)
            path = root / name
            known = self.path.startswith(prefix) and path.is_file() and not (live.hidden and ".clearway" in name)
            status = live.status.get(name, 200 if known or name in live.bodies else 404)
            coding = "br" if "br" in self.headers.get("Accept-Encoding", "") and Path(f"{path}.br").is_file() else ""
            data = live.bodies.get(name, Path(f"{path}.br" if coding else path).read_bytes() if known else b"")
            headers = {"Cache-Control": FOREVER if status == 200 else "no-store"}
            if live.readable == "always" or (live.readable == "asked" and "Origin" in self.headers):
                headers["Access-Control-Allow-Origin"] = "*"
            if live.hits and live.asked.count(name) > 1:
                headers["X-Cache"] = "Hit from a cache"
            headers |= {"Content-Encoding": coding, "Vary": "Accept-Encoding"} if coding and status == 200 else {}
            self.answer(status, {**headers, **live.fields.get(name, live.fields.get("*", {}))}, data)

        def answer(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Keep the tests quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    live = Live(f"http://127.0.0.1:{server.server_port}", root)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
