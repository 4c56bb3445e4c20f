"""Both caches before a bucket, request by request: whatever comes first, every client gets what is right for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations

import pytest
from tests.system.edge_lab import Lab, lab
from tests.system.edges import EDGES
from tests.system.raw import Answer

from clearway.http.header_rules import FOREVER
from clearway.http.negotiation import SUFFIXES, acceptable
from clearway.stores.decode import decoded

pytestmark = pytest.mark.system
LINE = b"a { color: red } /* %04d */\n"
LENGTH = 60 * len(LINE % 0)


@dataclass(frozen=True)
class Ask:
    """A request for the file of its row, and what is to come back: the status, and of a part its octets."""

    method: str = "GET"
    fields: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    status: int = 200
    octets: slice = field(default_factory=lambda: slice(None))

    @property
    def coding(self) -> str:
        """What such a client is sent: a part is always of the file itself."""
        accepted = acceptable(self.fields.get("accept_encoding", ""))
        return "" if "range" in self.fields else next((each for each in SUFFIXES if each in accepted), "")


def get(**fields: str) -> Ask:
    return Ask(fields=fields)


def part(spec: str, first: int, end: int, **fields: str) -> Ask:
    return Ask(fields={"range": f"bytes={spec}", **fields}, status=206, octets=slice(first, end))


WEIGHTS = (
    "br;q=0",
    "br;q=0, gzip",
    "br;q=0.0, zstd;q=0.001",
    "GZIP",
    "x-gzip",
    "*",
    "*;q=0",
    "gzip, *",
    "br;q=0, *",
    "br;q=0, *;q=0",
    "identity",
    "identity;q=0, gzip",
    "gzip;q=0, deflate, br;q=0, zstd;q=0",
    "brotli, gzipped",
    "br;level=1",
    "br;q=2",
    "deflate, sdch",
)
ROWS: dict[str, list[Ask]] = {
    **{f"order {order}": [get(accept_encoding=each) for each in order] for order in permutations((*SUFFIXES, ""))},
    **{f"accepts {each}": [get(accept_encoding=each), get(), get(accept_encoding=each)] for each in WEIGHTS},
    "a part, then all": [part("10-19", 10, 20), get(), part("0-0", 0, 1)],
    "all, then a part": [get(), part("-5", LENGTH - 5, LENGTH), get()],
    "a part for a client of br": [part("3-", 3, LENGTH, accept_encoding="br"), get(accept_encoding="br")],
    "br, then a part": [get(accept_encoding="br"), part("3-9", 3, 10, accept_encoding="br")],
    "no such part": [Ask(fields={"range": f"bytes={LENGTH}-"}, status=416), get(), part("1-2", 1, 3)],
    "a part if it is another": [Ask(fields={"range": "bytes=1-2", "if_range": '"other"'}), get()],
    "HEAD, then GET": [Ask("HEAD"), get(), Ask("HEAD")],
    "HEAD of br, then others": [Ask("HEAD", {"accept_encoding": "br"}), get(), get(accept_encoding="br")],
    "queries": [Ask(query="?v=1"), Ask(query="?v=2&x=..%2f"), Ask(query="?"), get()],
    "cookies": [get(cookie="sessionid=1"), get(authorization="Basic eDp5"), get()],
    "an origin, then none": [get(origin="https://shop.example"), get(), get(origin="null")],
    "none, then origins": [get(), get(origin="https://shop.example"), get(origin="https://other.example")],
    "other hosts": [get(x_forwarded_host="evil.example", forwarded="host=evil.example"), get()],
    "other paths": [Ask(fields={"x-original-url": "/other", "x-rewrite-url": "/z"}), get()],
    "a body": [Ask(fields={"content_length": "0"}), get()],
    "conditions": [get(if_none_match='"other"', if_modified_since="Thu, 01 Jan 1970 00:00:00 GMT"), get()],
}


def body_of(row: str) -> bytes:
    return LINE % list(ROWS).index(row) * 60


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab(tmp_path_factory.mktemp("lab")) as made:
        made.publish({f"rows/{row}.css": body_of(row) for row in ROWS})
        yield made


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("name", EDGES)
def test_every_client_gets_what_is_right_for_it(bucket: Lab, name: str, row: str) -> None:
    url, body = bucket.urls[f"rows/{row}.css"], body_of(row)
    asked = bucket.asked(url)
    for ask in ROWS[row]:
        answer = bucket.edges[name].ask(url + ask.query, ask.method, **ask.fields)
        assert answer.status == ask.status, ask
        check(answer, ask, body)
    more = bucket.asked(url) - asked - len({ask.coding for ask in ROWS[row]})
    assert more == 0 or (more == 1 and ROWS[row][0].status == 416)  # nginx keeps nothing of what it refused


def check(answer: Answer, ask: Ask, body: bytes) -> None:
    if answer.status == 416:
        check_refused(answer, body)
        return
    fields = answer.fields
    assert fields["access-control-allow-origin"] == "*"
    assert fields["x-content-type-options"] == "nosniff"
    assert not {"set-cookie", "x-varnish", "via"} & fields.keys()
    assert fields.get("content-encoding", "") == ask.coding, ask
    assert fields["vary"] == "Accept-Encoding"
    assert fields["content-type"] == "text/css; charset=utf-8"
    assert fields["cache-control"] == FOREVER
    if ask.method == "HEAD":
        assert int(fields["content-length"]) > 0
    elif answer.status == 206:
        first, end, _ = ask.octets.indices(len(body))
        assert fields["content-range"] == f"bytes {first}-{end - 1}/{len(body)}"
        assert answer.body == body[ask.octets]
    else:
        assert (decoded(ask.coding, answer.body) if ask.coding else answer.body) == body


def check_refused(answer: Answer, body: bytes) -> None:
    """nginx leaves the lifetime of the file on it, and adds `no-store`."""
    lines = [(name.lower(), value) for name, value in answer.lines]
    assert ("content-range", f"bytes */{len(body)}") in lines
    assert [value for name, value in lines if name == "access-control-allow-origin"] == ["*"]
