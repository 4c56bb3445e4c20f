"""The live site as the doctor gathers it, over real sockets."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from tests.doctor.fake_facts import Fake, collected

from clearway.doctor_facts.live import failing, live
from clearway.fronts.described import Described

PAGES = {
    "/": ("text/html", b'<link rel="stylesheet" href="/static/a.css"><img src="/static/gone.png">'),
    "/static/a.css": ("text/css", b'@import "b.css";'),
    "/static/b.css": ("text/css", b"b{}"),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        media, body = PAGES.get(self.path.partition("?")[0], ("text/plain", b"gone"))
        self.server.asked.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        self.send_response(200 if body != b"gone" else 404)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the tests quiet."""


@contextmanager
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def options(server: ThreadingHTTPServer, url: str = "http://shop.example:{port}/") -> Namespace:
    port = server.server_port
    return Namespace(url=[url.format(port=port)], resolve=[f"shop.example:{port}:127.0.0.1"], verbosity=1)


def test_a_page_and_all_it_needs() -> None:
    with site() as server:
        found = live(Fake(settings={}), None, options(server), pytest.fail)
        asked = [path for path, _ in server.asked]  # type: ignore[attr-defined]
        again = found.ask(f"http://shop.example:{server.server_port}/static/b.css", {})
    assert [each.wanted.url.rpartition("/")[2] for each in found.assets] == ["a.css", "gone.png", "b.css"]
    assert asked[0] == "/"
    assert set(asked[1:4]) == {"/static/a.css", "/static/gone.png", "/static/b.css"}
    assert [each.status for each in found.assets[1].repeated] == [404, 404]
    assert [each.answers[0].status for each in found.absent] == [404]
    assert (again.status, again.is_here) == (200, True)


def test_a_path_is_asked_of_the_first_host_of_the_project() -> None:
    with site() as server:
        given = options(server, "/")
        given.resolve = ["shop.example:80:127.0.0.1"]
        found = live(Fake(settings={}), None, given, pytest.fail)
    assert found.pages[0].wanted.url == "http://shop.example/"


def test_what_describes_the_request_goes_with_the_page() -> None:
    described = Described.of("GET", [("authorization", "Basic x"), ("host", "other.example")], None, ())
    with site() as server:
        live(Fake(settings={}, described=described), None, options(server), pytest.fail)
        asked = dict(server.asked)  # type: ignore[attr-defined]
    assert (asked["/"]["authorization"], asked["/"]["Host"]) == ("Basic x", "other.example")
    assert "authorization" not in asked["/static/a.css"]
    assert asked["/static/a.css"]["Host"].startswith("shop.example")


def test_collected_files_that_fail_are_looked_for_in_the_configuration() -> None:
    with site() as server:
        found = live(Fake(settings={}), None, options(server), pytest.fail)
    facts = Fake(settings={}, collected=collected("/srv", ["gone.png", "a.css"]))
    assert [each.rpartition("/")[2] for each in failing(facts, found)] == ["gone.png"]
    assert list(failing(Fake(settings={}), found)) == []


def test_a_terminal_is_told_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        written = ""

        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> None:
            self.written += text

        def flush(self) -> None:
            """Nothing is kept back."""

    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with site() as server:
        live(Fake(settings={}), None, options(server), pytest.fail)
    assert "files asked for 1" in terminal.written
    assert terminal.written.endswith("\r")
