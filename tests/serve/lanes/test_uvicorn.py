"""uvicorn's protocol with the lane does to every stream of octets what it does without."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.lane_differences import Pair
from tools.lane_requests import request
from tools.soak_lanes_uvicorn import Counting, compare, ways, wrapped
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from clearway.catalog import directory_files
from clearway.serve.lanes.lane import Lane
from clearway.serve.lanes.uvicorn import USED, lacking

WAYS = (*ways(Path()),)
STREAMS = {"Django": 400}  # each costs more
LENGTH = b"Host: a\r\nContent-Length: 3\r\n"
CSS, MISS, PAGE, LARGE = b"/static/a.css", b"/static/none.css", b"/page", b"/static/large.bin"


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_files, "FRESH_FOR", directory_files.FRESH_FOR)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with wrapped(tmp_path) as made:
        yield made


@pytest.mark.filterwarnings("ignore:no release record")
@pytest.mark.parametrize("way", WAYS)
def test_streams_of_requests_have_the_same_answers_with_the_lane_and_without(way: str, tmp_path: Path) -> None:
    with ways(tmp_path)[way]() as pair:
        assert compare(pair, seed=5, count=STREAMS.get(way, 1200)) == []
        assert pair.answered > 0.3 * pair.asked


@pytest.mark.parametrize(
    "parts",
    [
        (request(b"GET", CSS), request(b"GET", PAGE)),
        (
            request(b"GET", CSS),
            request(b"POST", PAGE, b"Host: a\r\nContent-Length: 3\r\n", b"abc"),
            request(b"HEAD", MISS),
        ),
        (request(b"GET", LARGE), request(b"GET", CSS, b"Connection: close\r\n")),
        (b"\r\n" + request(b"GET", CSS, b"Host: a\r\nAccept-Encoding: br\r\n"), b"GET /broken\r\n\r\n"),
        (request(b"GET", CSS), request(b"GET", MISS, b"Host: a\r\nHost: b\r\n")),
    ],
)
def test_it_does_not_matter_where_a_stream_is_split(pair: Pair, parts: tuple[bytes, ...]) -> None:
    whole = b"".join(parts)
    for place in range(len(whole)):
        assert pair.difference([whole[:place], whole[place:]] if place else [whole], seed=3) == ""
    assert pair.answered >= len(whole)


def test_fields_that_were_read_once_are_known_behind_another_line(pair: Pair) -> None:
    fields = b"Host: a\r\nAccept-Encoding: gzip\r\n"
    chunks = [request(b"GET", path, fields) for path in (CSS, b"/static/b.js", MISS, b"/static/b.js", PAGE, CSS)]
    assert pair.difference(chunks, seed=3) == ""
    assert pair.answered == 5


@pytest.mark.parametrize(
    "line",
    [
        b"GET //static/a.css HTTP/1.1",
        b"GET /static/a.css#x HTTP/1.1",
        b"GET /static/a.css HTTP/1.0",
        b"GET  /static/a.css HTTP/1.1",
        b"GET /static/\xc3\xa9 HTTP/1.1",
        b"POST /static/a.css HTTP/1.1",
        b"get /static/a.css HTTP/1.1",
        b"GET /static/a.css\x00 HTTP/1.1",
        b"GET http://a/static/a.css HTTP/1.1",
        b"GET /static/a.css HTTP/1.1\n",
        b"GET /static/a.css HTTP/1.1\nX: y",
        b"\nGET /static/a.css HTTP/1.1",
        b"",
    ],
)
def test_no_other_line_is_taken_for_a_request_because_its_fields_are_known(pair: Pair, line: bytes) -> None:
    first = request(b"GET", CSS)
    block = first.partition(b"\r\n")[2]
    assert pair.difference([first, line + b"\r\n" + block, first], seed=3) == ""


def test_the_only_request_of_a_connection_needs_nothing_of_uvicorns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = b"Host: a\r\nAccept-Encoding: br\r\nConnection: close\r\n"
    chunks = [request(b"GET", path, closing) for path in (CSS, MISS)]
    with wrapped(tmp_path, access_log=False) as pair:
        for _ in range(2):
            assert [pair.difference([chunk], seed=3) for chunk in chunks] == ["", ""]
        monkeypatch.setattr(Counting, "_send", None)
        assert [pair.difference([chunk], seed=3) for chunk in chunks] == ["", ""]
        assert pair.answered == 6


@pytest.mark.parametrize("more", [b"", b"GET", request(b"GET", PAGE), b"\x00"])
@pytest.mark.parametrize("limits", [{}, {"limit_concurrency": 1}, {"limit_concurrency": 2}])
def test_more_than_one_request_is_uvicorns(tmp_path: Path, more: bytes, limits: dict[str, int]) -> None:
    first = request(b"GET", CSS, b"Host: a\r\nConnection: close\r\n")
    with wrapped(tmp_path, access_log=False, **limits) as pair:
        for chunks in ([first], [first], [first + more], [first, more], [first[:9], first[9:] + more]):
            assert pair.difference(chunks, seed=3) == ""


def test_what_uvicorn_adds_may_change_every_second(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = [request(b"GET", CSS)] * 3
    for value in (b"one", b"two", b"two"):
        monkeypatch.setattr("tools.lane_differences.FIXED", [(b"date", value), (b"server", b"uvicorn"), (b"X-A", b"b")])
        assert pair.difference(chunks, seed=3) == ""
    assert pair.answered == 9


def test_added_fields_about_framing_are_left_to_uvicorn(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.lane_differences.FIXED", [(b"Connection", b"close")])
    assert pair.difference([request(b"GET", CSS), request(b"GET", LARGE)], seed=3) == ""
    assert pair.answered == 0


def test_a_lane_that_fails_leaves_the_request_to_the_application(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("a setting")

    monkeypatch.setattr(Lane, "answer", fail)
    assert pair.difference([request(b"GET", CSS, b"Host: unseen\r\n")], seed=3) == ""
    assert pair.answered == 0
    assert "a setting" in caplog.text


def test_a_file_that_changes_is_answered_as_it_is(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_files, "FRESH_FOR", 0)
    for text in (b"one", b"other", b""):
        (tmp_path / "deep" / "c.css").write_bytes(text)
        for _ in range(3):
            assert pair.difference([request(b"GET", b"/static/deep/c.css")], seed=3) == ""
            assert pair.with_lane.run([request(b"GET", b"/static/deep/c.css")], 3)["sent"].endswith(b"\r\n\r\n" + text)


# --- what is used of uvicorn


def test_uvicorn_has_what_is_used() -> None:
    assert lacking(HttpToolsProtocol) == []


def test_what_a_later_uvicorn_no_longer_has_is_named() -> None:
    class Later:
        def __init__(self) -> None:
            self.parser = self.flow = None

        def data_received(self) -> None: ...

    assert lacking(Later) == [name for name in USED if name not in ("parser", "flow", "data_received")]


LATER = """
import uvicorn.protocols.http.httptools_impl as module
class Later(module.HttpToolsProtocol.__base__):
    def data_received(self, data): ...
module.HttpToolsProtocol = Later
"""
OLDER = "import uvicorn; uvicorn.__version__ = '0.29.0'"
WITHOUT_HTTPTOOLS = "import sys; sys.modules['httptools'] = None"
RENAMED = "import uvicorn.protocols.http.httptools_impl as module; del module.STATUS_LINE"


@pytest.mark.parametrize(
    ("before", "expected", "said"),
    [
        (LATER, "uvicorn.protocols.http", "has no on_message_begin"),
        (WITHOUT_HTTPTOOLS, "H11Protocol", "httptools is not installed"),
        (OLDER, "HttpToolsProtocol", "uvicorn 0.29.0 is older than 0.30"),
        (RENAMED, "HttpToolsProtocol", "cannot import name 'STATUS_LINE'"),
    ],
)
def test_where_a_lane_cannot_be_uvicorns_own_class_serves_and_one_line_says_so(
    before: str, expected: str, said: str
) -> None:
    code = f"{before}\nfrom clearway.uvicorn import Protocol\nprint(Protocol)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert expected in ended.stdout or "Later" in ended.stdout
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
