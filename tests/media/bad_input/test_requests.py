"""Every bad request for users' files, public and private, to every server in whose process they are answered."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.bad_input.cases import MISS, NOT_ALLOWED, Case
from tests.bad_input.judge import exchange, parse
from tests.bad_input.servers import Running
from tests.bad_input.site import CANARY, CSS
from tests.media.bad_input.judge import complaints, cries, told
from tests.media.bad_input.requests import groups

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

PUBLIC, PRIVATE = groups(b"/media/"), groups(b"/private/alice/")


def get(server: Running, target: str, *lines: str, method: str = "GET") -> bytes:
    fields = "".join(f"{line}\r\n" for line in ("Host: 127.0.0.1", *lines, "Connection: close"))
    return exchange(server.port, f"{method} {target} HTTP/1.1\r\n{fields}\r\n".encode("latin-1"))


def as_private(made: Iterator[Case]) -> Iterator[Case]:
    """A view answers GET and HEAD; two fields of cookies are one to a server, and no user's."""
    for case in made:
        others = {NOT_ALLOWED} if case.method not in (b"GET", b"HEAD") else set()
        unknown = {MISS} if case.lines and case.lines[0].startswith(b"Cookie") else set()
        yield replace(case, want=case.want | others | unknown)


@pytest.mark.parametrize("group", PUBLIC)
def test_bad_requests_for_public_files_give_nothing_away(server: Running, group: str) -> None:
    workers = server.workers()
    assert list(complaints(server.port, server.site, b"/media/", PUBLIC[group]())) == []
    good = parse(get(server, "/media/a.css"))
    assert good is not None
    assert (good.status, good.body) == (200, CSS)
    assert server.workers() == workers, "a worker died"
    assert cries(server.log) == []


@pytest.mark.parametrize("group", PRIVATE)
def test_bad_requests_for_private_files_give_nothing_away(server: Running, group: str) -> None:
    workers = server.workers()
    cases = as_private(PRIVATE[group]())
    assert list(complaints(server.port, server.site, b"/private/alice/", cases, b"alice")) == []
    good = parse(get(server, "/private/alice/a.css", "Cookie: user=alice"))
    assert good is not None
    assert (good.status, good.body) == (200, CSS)
    assert b"no-store" in good.fields[b"cache-control"]
    assert server.workers() == workers, "a worker died"
    assert cries(server.log) == []


THERE = (
    "a.css",
    "d/b.css",
    "d",
    "fifo.css",
    "locked.css",
    "link.txt",
    ".hidden/x.css",
    "hard.css",
    "none.css",
    "d/none",
)


def test_what_is_of_another_user_cannot_be_told_from_what_is_not_there(server: Running) -> None:
    nothing = told(get(server, "/private/alice/none.css", "Cookie: user=alice"))
    for cookie in (
        "x: y",
        "Cookie: user=",
        "Cookie: user=bob",
        "Cookie: user=alice/..",
        "Cookie: user=..",
        "Cookie: user=%00",
    ):
        for name in THERE:
            raw = get(server, f"/private/alice/{name}", cookie)
            assert told(raw) == nothing, (cookie, name)
    for name in ("canary.txt", "a.css", "d/b.css", "none.css", "", "d"):
        for way in (
            "bob/",
            "alice/../bob/",
            "alice/%2e%2e/bob/",
            "alice/..%2fbob/",
            "alice//../bob/",
            "./bob/",
            "BOB/",
            "bob%00/",
        ):
            raw = get(server, f"/private/{way}{name}", "Cookie: user=alice")
            assert CANARY not in raw
            assert raw[9:12] in (b"404", b"400"), (way, name)


def test_a_mere_range_or_condition_tells_nothing_of_a_file_of_another(server: Running) -> None:
    nothing = told(get(server, "/private/bob/none.css", "Cookie: user=alice"))
    for line in (
        "Range: bytes=0-",
        "Range: bytes=99999999-",
        "If-None-Match: *",
        "If-Match: *",
        'If-Match: "x"',
        "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT",
    ):
        assert told(get(server, "/private/bob/canary.txt", "Cookie: user=alice", line)) == nothing, line
    for method in ("HEAD", "POST", "OPTIONS", "PROPFIND"):
        one, other = (
            told(get(server, f"/private/bob/{name}", "Cookie: user=alice", method=method))
            for name in ("canary.txt", "none.css")
        )
        assert one == other, method


def test_the_table_is_long() -> None:
    for table in (PUBLIC, PRIVATE):
        assert len({case for group in table.values() for case in group()}) > 1400
