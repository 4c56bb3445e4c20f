"""Places from which records are fetched: a bucket (moto) and a web server on loopback; both note what is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.helpers.object_server import ObjectServer, obedient, refused

from clearway.catalog import layout
from clearway.stores.targets import open_target
from clearway.stores.transport import Fields

_ANY = Fields("application/octet-stream", "")


@dataclass
class BucketPlace:
    """`up` takes what lies in a directory to the store; `failing` makes the store answer 503."""

    server: ObjectServer
    url: str

    @property
    def options(self) -> dict[str, str]:
        return self.server.options

    def up(self, root: Path) -> None:
        target = open_target(self.url, self.options)
        for path in (path for path in sorted(root.rglob("*")) if path.is_file()):
            target.put(path.relative_to(root).as_posix(), path.read_bytes(), _ANY)

    def drop(self, name: str) -> None:
        open_target(self.url, self.options).delete([f"{layout.FOLDER}/{name}"])

    def fail(self) -> None:
        self.server.habit = lambda store, environ, start: refused(start, "503 Slow Down", "SlowDown")

    def recover(self) -> None:
        self.server.habit = obedient

    @property
    def asked(self) -> list[str]:
        asked = self.server.asked_of(self.url)
        return [each.path.rpartition(f"{layout.FOLDER}/")[2] for each in asked if each.method == "GET"]

    def forget(self) -> None:
        self.server.asked.clear()


@dataclass
class WebPlace:
    """The same of a directory behind a web server."""

    root: Path
    url: str = ""
    options: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    is_failing: bool = False

    def up(self, root: Path) -> None:
        for path in (path for path in sorted(root.rglob("*")) if path.is_file()):
            target = self.root / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())

    def drop(self, name: str) -> None:
        (self.root / layout.FOLDER / name).unlink()

    def fail(self) -> None:
        self.is_failing = True

    def recover(self) -> None:
        self.is_failing = False

    def forget(self) -> None:
        self.asked.clear()


@contextmanager
def web_place(root: Path) -> Iterator[WebPlace]:
    place = WebPlace(root)

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            place.asked.append(self.path.rpartition(f"{layout.FOLDER}/")[2])
            if place.is_failing:
                self.send_error(503)
            else:
                super().do_GET()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(root)))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    place.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield place
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
