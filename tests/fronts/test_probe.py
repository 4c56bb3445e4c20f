"""The live server, asked and compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from clearway.fronts.probe import ask, compared, unreachable
from clearway.fronts.road import Outcome
from clearway.fronts.visits import Resolved, visit_of
from clearway.probing.answer import Answer


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("X-Asked", f"{self.headers['Host']} {self.path}")
        self.send_header("X-Many", "a")
        self.send_header("X-Many", "b")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def echo() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_target_and_the_host_go_out_as_they_are() -> None:
    with echo() as port:
        resolved = Resolved.parse([f"shop.example:{port}:127.0.0.1"])
        live = ask(visit_of(f"http://shop.example:{port}/a/../%2e?q", resolved))
    assert (live.status, live.headers["x-asked"]) == (200, f"shop.example:{port} /a/../%2e?q")
    assert live.headers["x-many"] == "a, b"


def test_nobody_there_is_an_error_of_the_system() -> None:
    with echo() as port:
        pass
    with pytest.raises(OSError) as raised:
        ask(visit_of(f"http://127.0.0.1:{port}/"))
    assert not unreachable(raised.value).ok


PREDICTED = Outcome(
    "nginx", 200, "/srv/a.css", None, "text/css", {"cache-control": "max-age=60, public", "etag": '"1"'}
)


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        (200, {"content-type": "text/css", "cache-control": "max-age=60,  public", "etag": '"2"'}, ""),
        (200, {"content-type": "Text/CSS", "cache-control": "max-age=60, public", "server": "nginx"}, ""),
        (404, {"content-type": "text/css", "cache-control": "max-age=60, public"}, "status 404, not 200"),
        (200, {"content-type": "text/plain", "cache-control": "max-age=60, public"}, "content-type is text/plain"),
        (200, {"content-type": "text/css"}, "cache-control is not there, not max-age=60, public"),
        (200, {"content-type": "text/css", "cache-control": "max-age=60, public", "location": "/x"}, "location is /x"),
    ],
)
def test_a_difference_means_another_configuration_or_hop(status: int, headers: dict[str, str], said: str) -> None:
    step = compared(Answer(status, tuple(headers.items())), PREDICTED)
    assert step.ok == (not said)
    assert said in step.decision


def test_what_was_not_worked_out_is_not_compared() -> None:
    live = Answer(404, doubt="expired")
    for outcome in (Outcome("application"), Outcome("nginx", 200, unknown="Lua decides")):
        step = compared(live, outcome)
        assert step.ok
        assert "expired" in step.decision
