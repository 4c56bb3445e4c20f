"""`clearway.wsgi.Clearway`: every kind of answer by the letter of PEP 3333."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from wsgiref.util import FileWrapper
from wsgiref.validate import validator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.released import ENCODE, publish, write
from tests.helpers.replies import Reply
from tests.helpers.wsgi import environ, run, says, wsgi

from clearway.serve import wsgi as adapter
from clearway.wsgi import Clearway

CSS = b"body { color: teal }\n" * 60
LARGE = bytes(range(256)) * 2048  # 512 KiB
FILES = {
    "site.css": CSS,
    "site.css.gz": ENCODE["gzip"](CSS),
    "large.bin": LARGE,
    "empty.txt": b"",
    "d/index.html": b"<p>",
}
PAGE = b"the application"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "files"
    write(root, FILES)
    return root


@pytest.fixture
def site(root: Path) -> Clearway:
    return Clearway(says(PAGE), root=root, prefix="static", index_file=True)


def tag(site: Clearway, target: str) -> str:
    value = wsgi(site, target)["ETag"]
    assert value
    return value


# (method, target, headers) → status, content
ANSWERS: list[tuple[str, str, dict[str, str], int, bytes]] = [
    ("GET", "/static/site.css", {}, 200, CSS),
    ("HEAD", "/static/site.css", {}, 200, b""),
    ("GET", "/static/site.css", {"Accept-Encoding": "gzip"}, 200, FILES["site.css.gz"]),
    ("HEAD", "/static/site.css", {"Accept-Encoding": "gzip"}, 200, b""),
    ("GET", "/static/site.css", {"Range": "bytes=3-9"}, 206, CSS[3:10]),
    ("GET", "/static/site.css", {"Range": "bytes=-5"}, 206, CSS[-5:]),
    ("GET", "/static/site.css", {"Range": "bytes=9999-"}, 416, b"Range Not Satisfiable\n"),
    ("GET", "/static/site.css", {"Range": "bytes=0-1,4-5"}, 200, CSS),
    ("GET", "/static/site.css", {"If-None-Match": "*"}, 304, b""),
    ("HEAD", "/static/site.css", {"If-None-Match": "*"}, 304, b""),
    ("GET", "/static/site.css", {"If-Match": '"other"'}, 412, b"Precondition Failed\n"),
    ("OPTIONS", "/static/site.css", {}, 204, b""),
    ("POST", "/static/site.css", {}, 405, b"Method Not Allowed\n"),
    ("DELETE", "/static/site.css", {}, 405, b"Method Not Allowed\n"),
    ("GET", "/static/empty.txt", {}, 200, b""),
    ("GET", "/static/empty.txt", {"Range": "bytes=0-"}, 416, b"Range Not Satisfiable\n"),
    ("GET", "/static/large.bin", {}, 200, LARGE),
    ("HEAD", "/static/large.bin", {}, 200, b""),
    ("GET", "/static/large.bin", {"Range": "bytes=300000-400000"}, 206, LARGE[300000:400001]),
    ("GET", "/static/large.bin", {"Range": "bytes=-300001"}, 206, LARGE[-300001:]),
    ("GET", "/static/d", {}, 302, b""),
    ("GET", "/static/d/index.html", {}, 302, b""),
    ("GET", "/static/d/", {}, 200, b"<p>"),
    ("GET", "/static/missing.css", {}, 404, b"Not Found\n"),
    ("HEAD", "/static/missing.css", {}, 404, b""),
    ("GET", "/static/", {}, 404, b"Not Found\n"),
    ("GET", "/static", {}, 200, PAGE),
    ("GET", "/page", {}, 200, PAGE),
    ("POST", "/page", {}, 200, PAGE),
]


@pytest.mark.parametrize(("method", "target", "headers", "status", "body"), ANSWERS)
def test_every_kind_of_answer_is_valid_wsgi(
    site: Clearway, method: str, target: str, headers: dict[str, str], status: int, body: bytes
) -> None:
    for _ in range(2):  # from disk, then from memory
        reply = wsgi(site, target, method, headers)
        assert (reply.status, reply.body) == (status, body)


@pytest.mark.parametrize(("method", "target", "headers", "status"), [row[:4] for row in ANSWERS if row[4] != PAGE])
def test_every_answer_of_ours_forbids_sniffing(
    site: Clearway, method: str, target: str, headers: dict[str, str], status: int
) -> None:
    reply = wsgi(site, target, method, headers)
    assert (reply["X-Content-Type-Options"], reply["Access-Control-Allow-Origin"]) == ("nosniff", "*")
    assert status < 400 or reply["Cache-Control"] == "no-store"


def test_a_client_that_holds_the_file_gets_304(site: Clearway) -> None:
    current = tag(site, "/static/site.css")
    assert wsgi(site, "/static/site.css", headers={"If-None-Match": f'"a", W/{current}'}).status == 304
    partial = {"Range": "bytes=0-1", "If-Range": current}
    assert wsgi(site, "/static/site.css", headers=partial).body == CSS[:2]
    assert wsgi(site, "/static/site.css", headers=partial | {"If-Range": '"old"'}).body == CSS


class Wrapper(FileWrapper):
    """A `wsgi.file_wrapper` that can be recognised, and closed."""

    made: list["Wrapper"]

    def __init__(self, file: Any, block: int = 8192) -> None:
        super().__init__(file, block)
        assert hasattr(file, "fileno"), "sendfile needs a real file"
        self.closed = False
        Wrapper.made.append(self)
        real = self.close

        def close() -> None:
            self.closed = True
            real()

        self.close = close


@pytest.fixture
def wrapper() -> type[Wrapper]:
    Wrapper.made = []
    return Wrapper


def with_wrapper(site: Clearway, wrapper: Any, target: str, method: str = "GET", **headers: str) -> Reply:
    made = environ(target, method, headers)
    return run(validator(site), made | {"wsgi.file_wrapper": wrapper})


def test_a_whole_large_file_is_given_to_the_file_wrapper_of_the_server(site: Clearway, wrapper: type[Wrapper]) -> None:
    assert with_wrapper(site, wrapper, "/static/large.bin").body == LARGE
    [made] = wrapper.made
    assert made.closed
    assert made.filelike.closed


@pytest.mark.parametrize(
    ("target", "method", "headers"),
    [
        ("/static/site.css", "GET", {}),
        ("/static/empty.txt", "GET", {}),
        ("/static/large.bin", "HEAD", {}),
        ("/static/large.bin", "GET", {"Range": "bytes=1-400000"}),
        ("/static/large.bin", "GET", {"If-None-Match": "*"}),
        ("/static/missing", "GET", {}),
        ("/page", "GET", {}),
    ],
)
def test_nothing_else_is_given_to_the_file_wrapper(
    site: Clearway, wrapper: type[Wrapper], target: str, method: str, headers: dict[str, str]
) -> None:
    with_wrapper(site, wrapper, target, method, **headers)
    assert wrapper.made == []


@pytest.mark.parametrize("range_", [None, "bytes=5-300005"])
def test_a_large_file_is_closed_when_the_client_leaves_early(
    site: Clearway, monkeypatch: pytest.MonkeyPatch, range_: str | None
) -> None:
    opened = []
    real = adapter.Blocks

    def noting(file: Any) -> Any:
        opened.append(file)
        return real(file)

    monkeypatch.setattr(adapter, "Blocks", noting)
    body = site(environ("/static/large.bin", headers={"Range": range_} if range_ else {}), lambda *_: None)
    assert len(next(iter(body))) <= 256 * 1024
    body.close()  # type: ignore[attr-defined]
    assert opened[0].file.closed


def test_what_is_not_ours_reaches_the_application_untouched(root: Path) -> None:
    seen: list[Any] = []

    def app(given: Any, start_response: Any) -> Any:
        seen.append((given, dict(given), start_response))
        return ["the body object"]

    made = environ("/page?x=1", "POST", {"Range": "bytes=0-1"})
    before = dict(made)

    def start_response(*_: Any) -> Any:
        raise AssertionError

    body = Clearway(app, root=root, prefix="static")(made, start_response)
    assert body == ["the body object"]
    assert seen[0][0] is made
    assert seen[0][1] == before
    assert seen[0][2] is start_response


@pytest.mark.parametrize(
    ("prefix", "script_name", "target", "ours"),
    [
        ("/static/", "", "/static/site.css", True),
        ("/static/", "/app", "/static/site.css", True),  # STATIC_URL without the script name
        ("/app/static/", "/app", "/static/site.css", True),  # STATIC_URL with it
        ("/app/static/", "", "/static/site.css", False),
        ("/app/static/", "/other", "/static/site.css", False),
        ("/static/", "/static", "/site.css", True),  # the application is mounted at STATIC_URL
        ("/static/", "/app", "/app/static/site.css", False),
        ("/app/static/", "/app/", "/static/site.css", True),  # a script name with a slash at its end
    ],
)
def test_the_script_name_may_stand_in_the_prefix_or_not(
    root: Path, prefix: str, script_name: str, target: str, ours: bool
) -> None:
    reply = wsgi(Clearway(says(PAGE), root=root, prefix=prefix), target, script_name=script_name)
    assert reply.body == (CSS if ours else PAGE)


def test_a_miss_below_a_prefix_with_the_script_name_is_ours(root: Path) -> None:
    site = Clearway(says(PAGE), root=root, prefix="/app/static/")
    assert wsgi(site, "/static/nope.css", script_name="/app").status == 404


def test_a_path_in_utf_8_names_the_file(root: Path) -> None:
    write(root, {"größe ü.css": b"utf-8", "日本.txt": b"nihon"})
    site = Clearway(root=root, prefix="s")
    assert wsgi(site, "/s/gr%C3%B6%C3%9Fe%20%C3%BC.css").body == b"utf-8"
    assert wsgi(site, "/s/%E6%97%A5%E6%9C%AC.txt").body == b"nihon"


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="file names are octets on Linux only")
def test_a_path_that_is_not_utf_8_names_the_file_of_these_octets(root: Path) -> None:
    write(root, {os.fsdecode(b"caf\xe9.css"): b"latin"})
    site = Clearway(root=root, prefix="s")
    assert wsgi(site, "/s/caf%E9.css").body == b"latin"
    assert wsgi(site, "/s/caf%C3%A9.css").status == 404


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="file names are octets on Linux only")
@pytest.mark.parametrize("autorefresh", [False, True])
def test_a_directory_whose_name_is_not_utf_8_can_have_an_index_file(root: Path, autorefresh: bool) -> None:
    write(root, {os.fsdecode(b"caf\xe9/index.html"): b"latin"})
    site = Clearway(root=root, prefix="s", index_file=True, autorefresh=autorefresh)
    assert wsgi(site, "/s/site.css").body == CSS
    assert wsgi(site, "/s/caf%E9/").body == b"latin"
    assert wsgi(site, "/s/caf%E9")["Location"] == "./caf%E9/"


@pytest.mark.parametrize(
    "path",
    ["/s/a\0b", "/s/%FF%FE", "/s/../files/site.css", "/s//site.css", "/s/./site.css", "/s/site.css/", "/s/d/..//x"],
)
@pytest.mark.parametrize("autorefresh", [False, True])
def test_an_odd_path_is_a_miss(root: Path, path: str, autorefresh: bool) -> None:
    site = Clearway(says(PAGE), root=root, prefix="s", autorefresh=autorefresh)
    assert wsgi(site, path).status == 404


@given(
    path=st.text(st.characters(max_codepoint=255), max_size=20),
    script_name=st.sampled_from(["", "/app", "/é".encode().decode("latin-1")]),
    accept=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
)
def test_no_request_raises(path: str, script_name: str, accept: str) -> None:
    made = environ(
        headers={"Accept-Encoding": accept, "Range": accept, "If-None-Match": accept}, script_name=script_name
    )
    made["PATH_INFO"] = "/s/" + path
    assert run(SITE_OF_TESTS, made).status in (200, 206, 302, 304, 404, 416)


SITE_OF_TESTS = Clearway(root=Path(__file__).parent, prefix="s", index_file="__init__.py")


def test_an_environ_without_the_optional_keys_is_served(root: Path) -> None:
    made = environ("/s/site.css")
    for optional in ("SCRIPT_NAME", "QUERY_STRING"):
        made.pop(optional, None)
    assert run(Clearway(root=root, prefix="s"), made).body == CSS


def test_without_an_application_the_rest_is_not_found(root: Path) -> None:
    site = Clearway(root=root, prefix="static")
    reply = wsgi(site, "/page")
    assert (reply.status, reply.body, reply["Cache-Control"]) == (404, b"Not Found\n", "no-store")
    assert wsgi(site, "/static/site.css").body == CSS
    assert wsgi(site, "/page", "HEAD").status == 404


def test_a_directory_with_release_records_is_served_from_them(tmp_path: Path) -> None:
    release = publish(tmp_path, {"site.css": CSS})
    name = release.assets["site.css"].name
    site = Clearway(says(PAGE))
    site.add_files(tmp_path, "assets/")
    reply = wsgi(site, f"/assets/{name}", headers={"Accept-Encoding": "br"})
    assert (reply["Cache-Control"], reply["Content-Encoding"]) == ("public, max-age=31536000, immutable", "br")
    alias = wsgi(site, "/assets/site.css", headers={"Accept-Encoding": "br"})  # no such file on disk
    assert (alias["ETag"], alias["Cache-Control"]) == (reply["ETag"], "max-age=60, public")
    assert wsgi(site, "/assets/.clearway/current").status == 404


def test_the_first_requests_of_many_threads_make_one_catalog(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Clearway(says(PAGE), root=root, prefix="static")
    lazy = site._wrapper.lazy
    made, gate = [], threading.Barrier(8)
    real = lazy._catalog
    monkeypatch.setattr(lazy, "_catalog", lambda: made.append(1) or real())
    replies: list[Reply] = []

    def ask() -> None:
        gate.wait()
        replies.append(wsgi(site, "/static/site.css"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.body for reply in replies] == [CSS] * 8
    assert len(made) == 1


SETTINGS_LATER = """
import os, sys
from clearway.{kind} import Clearway
assert "django.conf" not in sys.modules, "import reads Django"
site = Clearway(lambda *a: None)
assert "django.conf" not in sys.modules, "construction reads Django"
os.environ["DJANGO_SETTINGS_MODULE"] = "no_such_settings"
try:
    {call}
except ModuleNotFoundError as error:
    assert error.name == "no_such_settings", error
    print("read at first use")
"""
CALLS = {
    "wsgi": "from tests.helpers.wsgi import wsgi; wsgi(site, '/static/x')",
    "asgi": "from tests.helpers.asgi import asgi; asgi(site, '/static/x')",
}


@pytest.mark.parametrize("kind", CALLS)
def test_settings_are_read_at_first_use_and_not_before(kind: str) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    code = SETTINGS_LATER.format(kind=kind, call=CALLS[kind])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "read at first use\n", done.stderr


def test_without_settings_everything_is_the_application_s() -> None:
    code = (
        "from clearway.wsgi import Clearway\nfrom tests.helpers.wsgi import says, wsgi\n"
        "print(wsgi(Clearway(says(b'app')), '/static/x.css').body.decode())"
    )
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "app\n", done.stderr
