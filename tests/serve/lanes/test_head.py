"""What a lane takes for a plain request, and what it leaves to the server's own parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearway.serve.lanes.head import LONGEST, MOST_FIELDS, PlainHeads

HOST = b"Host: shop.example\r\n"


def head(line: bytes = b"GET /static/a.css HTTP/1.1", fields: bytes = HOST) -> bytes:
    return line + b"\r\n" + fields + b"\r\n"


PLAIN = [
    (head(), ("GET", "/static/a.css", "", True)),
    (head(b"HEAD /static/a.css HTTP/1.1"), ("HEAD", "/static/a.css", "", True)),
    (head(b"GET /a%20b/%C3%A9.css?v=1&x=%20 HTTP/1.1"), ("GET", "/a b/é.css", "v=1&x=%20", True)),
    (head(b"GET /static/../a;b=c HTTP/1.1"), ("GET", "/static/../a;b=c", "", True)),
    (head(b"GET / HTTP/1.1"), ("GET", "/", "", True)),
    (head(b"GET /?a?b HTTP/1.1"), ("GET", "/", "a?b", True)),
    (head(fields=HOST + b"Connection: keep-alive\r\n"), ("GET", "/static/a.css", "", True)),
    (head(fields=HOST + b"connection:\tClose \r\n"), ("GET", "/static/a.css", "", False)),
    (head(fields=b""), ("GET", "/static/a.css", "", True)),
]

NOT_PLAIN = {
    "nothing": b"",
    "half a line": b"GET /static/a.c",
    "no end": b"GET /static/a.css HTTP/1.1\r\n" + HOST,
    "half an end": b"GET /static/a.css HTTP/1.1\r\n" + HOST + b"\r",
    "two requests": head() * 2,
    "a beginning of a second one": head() + b"G",
    "an empty line before": b"\r\n" + head(),
    "another method": head(b"POST /static/a.css HTTP/1.1"),
    "a lower-case method": head(b"get /static/a.css HTTP/1.1"),
    "a longer method": head(b"GETS /static/a.css HTTP/1.1"),
    "HTTP/1.0": head(b"GET /static/a.css HTTP/1.0"),
    "HTTP/0.9": b"GET /static/a.css\r\n\r\n",
    "HTTP/2": head(b"GET /static/a.css HTTP/2"),
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "two spaces": head(b"GET  /static/a.css HTTP/1.1"),
    "a tab": head(b"GET\t/static/a.css HTTP/1.1"),
    "a space at the end": head(b"GET /static/a.css HTTP/1.1 "),
    "a space in the target": head(b"GET /static/a .css HTTP/1.1"),
    "absolute form": head(b"GET http://shop.example/static/a.css HTTP/1.1"),
    "asterisk form": head(b"GET * HTTP/1.1"),
    "a network path": head(b"GET //evil.example/a.css HTTP/1.1"),
    "a fragment": head(b"GET /static/a.css#top HTTP/1.1"),
    "an octet above ASCII in the target": head("GET /é.css HTTP/1.1".encode()),
    "a path that is no UTF-8": head(b"GET /%FF.css HTTP/1.1"),
    "NUL in the target": head(b"GET /a\0.css HTTP/1.1"),
    "a long target": head(b"GET /" + b"a" * LONGEST + b" HTTP/1.1"),
    "bare LF": head().replace(b"\r\n", b"\n"),
    "bare LF between fields": head(fields=b"Host: a\nX-Y: b\r\n"),
    "bare CR in a value": head(fields=b"Host: a\rb\r\n"),
    "NUL in a value": head(fields=b"Host: a\0b\r\n"),
    "a folded field": head(fields=b"Host: a\r\n b\r\n"),
    "a field without a colon": head(fields=b"Host a\r\n"),
    "a space before the colon": head(fields=b"Host : a\r\n"),
    "a space before the name": head(fields=b" Host: a\r\n"),
    "an empty name": head(fields=b": a\r\n"),
    "an underscore in a name": head(fields=HOST + b"If_None_Match: *\r\n"),
    "a name with an unusual character": head(fields=HOST + b"X~Y: a\r\n"),
    "Host twice": head(fields=HOST * 2),
    "a field twice": head(fields=HOST + b"Range: bytes=0-1\r\nrange: bytes=2-3\r\n"),
    "Content-Length": head(fields=HOST + b"Content-Length: 0\r\n"),
    "Transfer-Encoding": head(fields=HOST + b"Transfer-Encoding: chunked\r\n"),
    "both": head(fields=HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
    "Expect": head(fields=HOST + b"Expect: 100-continue\r\n"),
    "Upgrade": head(fields=HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n"),
    "h2c": head(fields=HOST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"),
    "another Connection": head(fields=HOST + b"Connection: close, te\r\n"),
    "TE": head(fields=HOST + b"TE: trailers\r\n"),
    "many fields": head(fields=b"".join(b"X-%d: a\r\n" % each for each in range(MOST_FIELDS + 1))),
    "long fields": head(fields=HOST + b"Cookie: " + b"a" * LONGEST + b"\r\n"),
}


@pytest.mark.parametrize(("data", "expected"), PLAIN)
def test_a_plain_head_is_read(data: bytes, expected: tuple[str, str, str, bool]) -> None:
    heads = PlainHeads()
    for _ in range(2):  # the second time from memory
        read = heads.read(data)
        assert read is not None
        assert (read.method, read.path, read.query, read.keep_alive) == expected


@pytest.mark.parametrize("data", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_any_other_is_left_alone(data: bytes) -> None:
    heads = PlainHeads()
    assert heads.read(data) is None
    assert heads.read(data) is None


def test_fields_have_lower_case_names_and_values_without_space_around() -> None:
    read = PlainHeads().read(head(fields=b"HOST:  a b \t\r\nAccept-Encoding:br\r\nX-E: \r\nUser-Agent: \xe9\r\n"))
    assert read is not None
    assert read.fields == {"host": "a b", "accept-encoding": "br", "x-e": "", "user-agent": "é"}


def test_limits_are_those_of_the_server() -> None:
    heads = PlainHeads(longest_target=10, longest_block=40, most_fields=2)
    assert heads.read(head(b"GET /static/a.css HTTP/1.1")) is None
    assert heads.read(head(b"GET /a.css HTTP/1.1", b"A: b\r\nC: d\r\nE: f\r\n")) is None
    assert heads.read(head(b"GET /a.css HTTP/1.1", b"A: " + b"b" * 40 + b"\r\n")) is None
    assert heads.read(head(b"GET /a.css HTTP/1.1", b"A: b\r\nC: d\r\n")) is not None


@given(st.integers(0, len(head()) - 1))
def test_no_beginning_of_a_head_is_plain(length: int) -> None:
    assert PlainHeads().read(head()[:length]) is None


@given(st.binary(max_size=12), st.integers(0, len(head())))
def test_octets_put_in_never_make_two_requests_of_one(octets: bytes, place: int) -> None:
    whole = head()
    read = PlainHeads().read(whole[:place] + octets + whole[place:])
    assert read is None or b"\r\n\r\n" not in octets


def test_what_is_remembered_is_bounded() -> None:
    heads = PlainHeads()
    for each in range(2000):
        assert heads.read(head(b"GET /%d HTTP/1.1" % each, b"Cookie: %d\r\n" % each)) is not None
    assert len(heads._blocks) <= 256
    assert len(heads._targets) <= 256
