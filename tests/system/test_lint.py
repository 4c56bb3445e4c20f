"""Every kind of answer before a linter that knows nothing of us; what it may say is argued in the reference."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from httplint import HttpRequestLinter, HttpResponseLinter, levels
from tests.bad_input.judge import exchange, parse
from tests.bad_input.servers import Running, serving
from tests.bad_input.site import make_site

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(90),
    pytest.mark.skipif(sys.platform != "linux", reason="only on Linux"),
]

PAGE = Path(__file__).parents[2] / "docs/reference/http.md"
# kind: method, target, fields, the status that is linted
KINDS: dict[str, tuple[str, str, list[str], int]] = {
    "identity": ("GET", "/static/@css@", [], 200),
    "br": ("GET", "/static/@css@", ["Accept-Encoding: br"], 200),
    "gzip": ("GET", "/static/@css@", ["Accept-Encoding: gzip"], 200),
    "zstd": ("GET", "/static/@css@", ["Accept-Encoding: zstd"], 200),
    "unhashed": ("GET", "/static/site.css", ["Accept-Encoding: br"], 200),
    "large": ("GET", "/static/@large@", [], 200),
    "of a directory": ("GET", "/static/plain/a.css", ["Accept-Encoding: gzip"], 200),
    "without variants": ("GET", "/static/plain/d/b.css", [], 200),
    "empty": ("GET", "/static/plain/empty.css", [], 200),
    "from the site's root": ("GET", "/robots.txt", [], 200),
    "from the future": ("GET", "/static/plain/far.css", [], 200),
    "HEAD": ("HEAD", "/static/@css@", ["Accept-Encoding: br"], 200),
    "a part": ("GET", "/static/@css@", ["Range: bytes=0-9"], 206),
    "a part of a large one": ("GET", "/static/@large@", ["Range: bytes=-9"], 206),
    "not modified, by tag": ("GET", "/static/@css@", ["If-None-Match: *"], 304),
    "not modified, by date": ("GET", "/static/@css@", ["If-Modified-Since: Fri, 20 Nov 2026 00:00:00 GMT"], 304),
    "not modified, encoded": ("GET", "/static/@css@", ["Accept-Encoding: br", "If-None-Match: *"], 304),
    "not modified, HEAD": ("HEAD", "/static/@css@", ["If-None-Match: *"], 304),
    "a miss": ("GET", "/static/none.css", [], 404),
    "a miss, HEAD": ("HEAD", "/static/none.css", [], 404),
    "a miss, POST": ("POST", "/static/none.css", ["Content-Length: 0"], 404),
    "another method": ("POST", "/static/@css@", ["Content-Length: 0"], 405),
    "a failed precondition": ("GET", "/static/@css@", ['If-Match: "x"'], 412),
    "beyond the end": ("GET", "/static/@css@", ["Range: bytes=99999-"], 416),
    "OPTIONS": ("OPTIONS", "/static/@css@", [], 204),
    "a preflight": (
        "OPTIONS",
        "/static/@css@",
        ["Origin: https://a.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: range"],
        204,
    ),
}
OF_WRAPPERS: dict[str, tuple[str, str, list[str], int]] = {
    "a redirect": ("GET", "/docs/d", [], 302),
    "a redirect, HEAD": ("HEAD", "/docs/d?x=1", [], 302),
    "a redirect from the file": ("GET", "/docs/d/index.html", [], 302),
    "a directory": ("GET", "/docs/d/", [], 200),
}


def lint(method: str, target: str, fields: list[str], raw: bytes) -> HttpResponseLinter:
    """A whole exchange, as the linter wants it."""
    answer = parse(raw)
    assert answer is not None, raw[:200]
    request, response = HttpRequestLinter(), HttpResponseLinter()
    request.process_request_topline(method.encode(), f"http://127.0.0.1{target}".encode(), b"1.1")
    request.process_headers([split(line.encode()) for line in ["Host: 127.0.0.1", *fields]])
    request.finish_content(True)
    response.request, response.is_head_response = request, method == "HEAD"
    start, *lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    version, status, phrase = start.split(b" ", 2)
    response.process_response_topline(version.removeprefix(b"HTTP/"), status, phrase)
    response.process_headers([split(line) for line in lines])
    if answer.body:
        response.feed_content(answer.body)
    response.finish_content(True)
    return response


def split(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name, value.strip()


def warnings(response: HttpResponseLinter) -> set[str]:
    """The names of the notes that are more than information."""
    return {type(note).__name__ for note in response.notes if note.level in (levels.WARN, levels.BAD)}


def argued() -> set[str]:
    """The notes in the reference's table."""
    section = PAGE.read_text(encoding="utf-8").partition("## What a linter says")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE))


@pytest.fixture(scope="module", params=["gunicorn", "uvicorn", "uvicorn h11", "Django, gunicorn", "Django, uvicorn"])
def server(request: pytest.FixtureRequest) -> Iterator[Running]:
    with TemporaryDirectory() as home, serving(request.param, make_site(Path(home))) as running:
        yield running


def test_a_linter_warns_of_nothing_but_what_is_argued(server: Running) -> None:
    found: dict[str, set[str]] = {}
    for kind, (method, target, fields, status) in (KINDS | (OF_WRAPPERS if server.wraps else {})).items():
        path = target.replace("@css@", server.site.css).replace("@large@", server.site.large)
        lines = "".join(f"{line}\r\n" for line in ["Host: 127.0.0.1", *fields, "Connection: close"])
        raw = exchange(server.port, f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode())
        response = lint(method, path, fields, raw)
        assert response.status_code == status, kind
        found[kind] = warnings(response)
    assert {kind: names - argued() for kind, names in found.items() if names - argued()} == {}
    assert argued() == set.union(*found.values()), "what is argued is said, too"


@pytest.mark.parametrize(
    ("lines", "note"),
    [
        (b"Content-Length: 5\r\nCache-Control: max-age=60\r\n", "CL_INCORRECT"),
        (
            b"Content-Length: 2\r\nVary: *\r\nCache-Control: max-age=60\r\nLast-Modified: yesterday\r\n",
            "BAD_DATE_SYNTAX",
        ),
        (b"Content-Length: 2\r\nAccess-Control-Allow-Methods: GET\r\n", "CORS_PREFLIGHT_ONLY"),
    ],
)
def test_the_linter_sees_what_is_wrong(lines: bytes, note: str) -> None:
    raw = b"HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\n%s\r\nab" % lines
    assert note in warnings(lint("GET", "/a.txt", [], raw))
