"""Work grows with the length of what was sent, and no faster.

Two looks at it, neither with a clock: the calls that are made for n and for 10 n, and inputs so long that work which
grew with their square would not come to an end before the suite's own limit.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.bad_input.site import CSS
from tests.helpers.asgi import asgi as call_asgi
from tests.helpers.asgi import says as asgi_says
from tests.helpers.released import publish, write
from tests.helpers.wsgi import environ, run, says

from clearway import asgi, wsgi
from clearway.http.decision import READ, decide
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Resource, StoredFile
from clearway.http.validators import strong_tag
from clearway.serve.asgi import request_fields

LONG = 2_000_000
# one value of about n octets for each way of being long
SHAPES: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "9" * n,
    "zeros": lambda n: "0" * n,
    "spaces": lambda n: " " * n + "x",
    "tabs and commas": lambda n: "\t," * (n // 2) + "x",
    "commas": lambda n: "," * n,
    "quotes": lambda n: '"' * n,
    "one tag": lambda n: '"' + "a" * n + '"',
    "an open tag": lambda n: '"' + "a" * n,
    "tags": lambda n: '"x",' * (n // 4),
    "weak tags": lambda n: 'W/"x" , ' * (n // 8),
    "almost weak tags": lambda n: "W/" * (n // 2),
    "a tag and spaces": lambda n: '"x"' + " " * n + ";",
    "ranges": lambda n: "bytes=" + "0-0," * (n // 4),
    "a range and commas": lambda n: "bytes=0-0" + "," * n + "x",
    "commas and a range": lambda n: "bytes=" + ", " * (n // 2) + "0-0x",
    "a long position": lambda n: "bytes=" + "1" * n + "-",
    "two long positions": lambda n: "bytes=" + "1" * (n // 2) + "-" + "1" * (n // 2) + "x",
    "a long suffix": lambda n: "bytes=-" + "1" * n + "x",
    "a long unit": lambda n: "b" * n + "=0-1",
    "codings": lambda n: "gzip, " * (n // 6),
    "other codings": lambda n: ",".join(f"x{number}" for number in range(n // 8)),
    "parameters": lambda n: "gzip;" + "a=b;" * (n // 4) + "q=0",
    "semicolons": lambda n: ";" * n,
    "a long weight": lambda n: "gzip;q=0." + "0" * n,
    "dates": lambda n: "Thu, 01 Jan 1970 00:00:00 GMT" * (n // 29),
    "an almost date": lambda n: "Thu, 01 Jan 1970 00:00:00" + " " * n + "GMT",
    "not ASCII": lambda n: "\xff" * n,
}


@pytest.fixture(scope="module")
def entry() -> Resource:
    rows = [
        (coding, StoredFile(f"/r/a.css:{coding}", 100), strong_tag(coding)) for coding in ("identity", "gzip", "br")
    ]
    return HeaderRules().resource("/static/a.css", rows, modified=1_700_000_000)


@contextmanager
def counting() -> Iterator[list[int]]:
    """How many functions are called, ours and those of the interpreter."""
    count = [0]

    def see(frame: object, event: str, argument: object) -> None:
        count[0] += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        yield count
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("field", READ)
def test_calls_for_a_field_grow_with_its_length(entry: Resource, field: str, shape: str) -> None:
    calls = []
    for length in (1_000, 10_000):
        fields = {field: SHAPES[shape](length)} | ({"range": "bytes=0-1"} if field == "if-range" else {})
        with counting() as count:
            decide("GET", fields, entry)
        calls.append(count[0])
    assert calls[1] <= 11 * calls[0] + 100


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("field", READ)
def test_a_very_long_field_is_read_to_its_end(entry: Resource, field: str, shape: str) -> None:
    fields = {field: SHAPES[shape](LONG)} | ({"range": "bytes=0-1"} if field == "if-range" else {})
    assert decide("GET", fields, entry).status in (200, 206, 304, 412, 416)


@pytest.mark.parametrize("name", ["range", "if-none-match", "accept-encoding", "x-other"])
def test_very_many_fields_of_one_name_are_joined_to_the_end(name: str) -> None:
    """Joined one by one, thirty megabytes would be copied a hundred thousand times."""
    value = b"x" * 300
    fields = request_fields([(name.encode(), value)] * 100_000)
    assert len(fields.get(name, "")) == (100_000 * 302 - 2 if name in READ else 0)


PATHS: dict[str, Callable[[int], str]] = {
    "one long name": lambda n: "n" * n,
    "many directories": lambda n: "a/" * (n // 2),
    "slashes": lambda n: "/" * n,
    "dots": lambda n: "../" * (n // 3),
    "a directory and itself": lambda n: "loop/" * (n // 5) + "a.css",
    "percent": lambda n: "%25" * (n // 3),
    "emoji": lambda n: "%f0%9f%92%a9" * (n // 12),
    "no UTF-8": lambda n: "%ff" * (n // 3),
    "compatibility characters": lambda n: "%ef%b7%ba" * (n // 9),
}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[[str], int]]:
    root = tmp_path_factory.mktemp("growth")
    publish(root / "released", {"a.css": CSS})
    write(root / "plain", {"d/a.css": CSS})
    if sys.platform != "win32":
        (root / "plain/loop").symlink_to(".", target_is_directory=True)
    made: dict[str, Any] = {"wsgi": wsgi.Clearway(says(b"app")), "asgi": asgi.Clearway(asgi_says(b"app"))}
    live: dict[str, Any] = {
        "wsgi": wsgi.Clearway(made["wsgi"], root / "plain", "live", autorefresh=True, index_file=True),
        "asgi": asgi.Clearway(made["asgi"], root / "plain", "live", autorefresh=True, index_file=True),
    }
    for site in made.values():
        site.add_files(root / "released", "released")
        site.add_files(root / "plain", "plain")
    return {
        "wsgi": lambda target: run(live["wsgi"], environ(target)).status,
        "asgi": lambda target: call_asgi(live["asgi"], target).status,
    }


@pytest.mark.parametrize("shape", PATHS)
@pytest.mark.parametrize("prefix", ["/released/", "/plain/", "/live/"])
@pytest.mark.parametrize("road", ["wsgi", "asgi"])
def test_work_for_a_path_grows_with_its_length(
    sites: dict[str, Callable[[str], int]], road: str, prefix: str, shape: str
) -> None:
    ask, calls = sites[road], []
    ask(prefix + "warm")
    for length in (3_000, 30_000):
        with counting() as count:
            assert ask(prefix + PATHS[shape](length)) == 404
        calls.append(count[0])
    assert calls[1] <= 11 * calls[0] + 500
    assert ask(prefix + PATHS[shape](LONG)) == 404
