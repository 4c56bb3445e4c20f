"""`clearway.asgi.Clearway`: every message by the letter of the ASGI specification."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers.asgi import App, Exchange, asgi, exchange, says, scope
from tests.helpers.released import publish, write
from tests.helpers.replies import Reply
from tests.test_wsgi import ANSWERS, CSS, FILES, LARGE, PAGE

from clearway.asgi import Clearway
from clearway.serve.asgi import read_request
from clearway.serve.bodies import BLOCK, OpenFile

HUGE = bytes(range(256)) * 8192  # 2 MiB


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "files"
    write(root, FILES | {"huge.bin": HUGE})
    return root


@pytest.fixture
def site(root: Path) -> Clearway:
    return Clearway(says(PAGE), root=root, prefix="static", index_file=True)


@pytest.mark.parametrize("pathsend", [False, True])
@pytest.mark.parametrize(("method", "target", "headers", "status", "body"), ANSWERS)
def test_every_kind_of_answer_is_valid_asgi(
    site: Clearway, method: str, target: str, headers: dict[str, str], status: int, body: bytes, pathsend: bool
) -> None:
    for _ in range(2):  # from disk, then from memory
        reply = asgi(site, target, method, headers, pathsend=pathsend)
        assert (reply.status, reply.body) == (status, body)


def test_what_is_not_ours_reaches_the_application_untouched(root: Path) -> None:
    seen: list[Any] = []

    async def app(*given: Any) -> None:
        seen.append(given)

    made = scope("/page?x=1", "POST", {"Range": "bytes=0-1"})
    before = dict(made)
    talk = Exchange(made)
    asyncio.run(Clearway(app, root=root, prefix="static")(made, talk.receive, talk.send))
    [(given_scope, receive, send)] = seen
    assert given_scope is made
    assert made == before
    assert (receive, send) == (talk.receive, talk.send)


@pytest.mark.parametrize("kind", ["lifespan", "websocket", "of the future"])
def test_other_protocols_pass_through(root: Path, kind: str) -> None:
    seen: list[Any] = []

    async def app(*given: Any) -> None:
        seen.append(given)

    async def receive() -> Any: ...
    async def send(message: Any) -> None: ...

    made = {"type": kind, "path": "/static/site.css", "headers": []}
    asyncio.run(Clearway(app, root=root, prefix="static")(made, receive, send))
    assert seen == [(made, receive, send)]


def talk_lifespan(app: App, *told: str) -> list[Any]:
    messages, sent = iter([{"type": f"lifespan.{each}"} for each in told]), []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send))
    return sent


def test_without_an_application_the_lifespan_is_confirmed(root: Path) -> None:
    sent = talk_lifespan(Clearway(root=root, prefix="static"), "startup", "shutdown")
    assert sent == [{"type": "lifespan.startup.complete"}, {"type": "lifespan.shutdown.complete"}]


def test_the_catalog_is_made_at_startup_and_not_by_the_first_visitor(root: Path) -> None:
    site = Clearway(root=root, prefix="static")
    assert site._wrapper.lazy.made is None
    talk_lifespan(site, "startup", "shutdown")
    assert site._wrapper.lazy.made is not None


def test_without_an_application_the_rest_is_not_found_and_a_websocket_is_closed(root: Path) -> None:
    site = Clearway(root=root, prefix="static")
    reply = asgi(site, "/page")
    assert (reply.status, reply.body, reply["Cache-Control"]) == (404, b"Not Found\n", "no-store")
    assert asgi(site, "/page", "HEAD").status == 404
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(site({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize(
    ("prefix", "root_path", "target", "ours"),
    [
        ("/static/", "", "/static/site.css", True),
        ("/static/", "/app", "/static/site.css", True),  # STATIC_URL without the script name
        ("/app/static/", "/app", "/static/site.css", True),  # STATIC_URL with it
        ("/app/static/", "", "/static/site.css", False),
        ("/app/static/", "/other", "/static/site.css", False),
        ("/static/", "/static", "/site.css", True),  # the application is mounted at STATIC_URL
        ("/static/", "/app/", "/static/site.css", True),  # a script name with a slash at its end
        ("/app/static/", "/app/", "/static/site.css", True),
    ],
)
def test_the_root_path_may_stand_in_the_prefix_or_not(
    root: Path, prefix: str, root_path: str, target: str, ours: bool
) -> None:
    reply = asgi(Clearway(says(PAGE), root=root, prefix=prefix), target, root_path=root_path)
    assert reply.body == (CSS if ours else PAGE)


@pytest.mark.parametrize(
    ("path", "root_path", "below", "script_name"),
    [
        ("/app/x", "/app", "/x", "/app"),
        ("/app", "/app", "", "/app"),
        ("/x", "/app", "/x", "/app"),  # a server that leaves the root path out of the path
        ("/apple/x", "/app", "/apple/x", "/app"),
        ("/app//x", "/app/", "/x", "/app"),  # uvicorn joins without a look at slashes
        ("/app/x", "/app/", "/x", "/app"),
        ("/x", "/app/", "/x", "/app"),
        ("//x", "/", "/x", ""),
        ("/x", "/", "/x", ""),
        ("/app//x", "/app", "//x", "/app"),
        ("/é/x", "/é", "/x", "/é"),
    ],
)
def test_the_path_is_that_below_the_root_path_whatever_the_server_does(
    path: str, root_path: str, below: str, script_name: str
) -> None:
    request = read_request(scope(path=path, root_path=root_path))
    assert (request.path, request.script_name) == (below, script_name)


def test_a_scope_without_the_optional_keys_is_served(site: Clearway) -> None:
    made = scope("/static/large.bin")
    for optional in ("root_path", "query_string", "extensions", "raw_path", "client", "server", "scheme"):
        del made[optional]
    assert asyncio.run(exchange(site, made)).reply().body == LARGE
    assert asgi(site, "/static/large.bin", extensions=None).body == LARGE


def test_repeated_header_fields_are_read_as_one_list(site: Clearway) -> None:
    lines = [("accept-encoding", "br"), ("if-none-match", '"a"'), ("accept-encoding", "gzip;q=0.5")]
    reply = asgi(site, "/static/site.css", headers=lines)
    assert reply["Content-Encoding"] == "gzip"
    assert reply["ETag"]
    unmodified = asgi(site, "/static/site.css", headers=[*lines, ("if-none-match", reply["ETag"])])
    assert unmodified.status == 304


# --- pathsend


def talk(app: App, target: str, method: str = "GET", headers: Any = (), **more: Any) -> Exchange:
    disconnect_after = more.pop("disconnect_after", None)
    return asyncio.run(exchange(app, scope(target, method, headers, **more), disconnect_after=disconnect_after))


def test_a_whole_large_file_is_sent_by_its_path_where_the_server_offers_it(site: Clearway, root: Path) -> None:
    done = talk(site, "/static/large.bin", pathsend=True)
    assert done.paths == [str((root / "large.bin").resolve())]
    assert done.reply().body == LARGE


@pytest.mark.parametrize(
    ("target", "method", "headers"),
    [
        ("/static/site.css", "GET", {}),
        ("/static/empty.txt", "GET", {}),
        ("/static/large.bin", "HEAD", {}),
        ("/static/large.bin", "GET", {"Range": "bytes=1-400000"}),
        ("/static/large.bin", "GET", {"If-None-Match": "*"}),
        ("/static/missing", "GET", {}),
    ],
)
def test_nothing_else_is_sent_by_its_path(site: Clearway, target: str, method: str, headers: dict[str, str]) -> None:
    assert talk(site, target, method, headers, pathsend=True).paths == []


def test_the_path_of_a_variant_is_the_variant_s(tmp_path: Path) -> None:
    data = b"".join(b"%x;" % (n * n * 7919) for n in range(200_000))
    name = publish(tmp_path, {"app.js": data}, codings=["gzip"]).assets["app.js"].name
    done = talk(Clearway(root=tmp_path, prefix="s"), f"/s/{name}", headers={"Accept-Encoding": "gzip"}, pathsend=True)
    assert done.paths == [str(tmp_path / f"{name}.gz")]
    assert done.reply()["Content-Encoding"] == "gzip"


def test_the_path_is_absolute_for_a_release_in_a_relative_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = publish(tmp_path / "out", {"large.bin": LARGE}).assets["large.bin"].name
    monkeypatch.chdir(tmp_path)
    done = talk(Clearway(root="out", prefix="s"), f"/s/{name}", pathsend=True)
    assert done.paths == [str(tmp_path / "out" / name)]


# --- streaming


@pytest.mark.parametrize(
    ("headers", "body"),
    [({}, HUGE), ({"Range": "bytes=1000-"}, HUGE[1000:]), ({"Range": "bytes=0-999999"}, HUGE[:1_000_000])],
)
def test_a_large_file_is_streamed_in_bounded_blocks(site: Clearway, headers: dict[str, str], body: bytes) -> None:
    done = talk(site, "/static/huge.bin", headers=headers)
    assert done.reply().body == body
    assert max(map(len, done.blocks)) <= BLOCK == 256 * 1024


class Counter:
    """Counts the blocks that are read, and remembers the files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.blocks = self.octets = 0
        self.files: set[OpenFile] = set()
        for name in ("read", "read_cached"):
            monkeypatch.setattr(OpenFile, name, self._counting(getattr(OpenFile, name)))

    def _counting(self, real: Callable[[OpenFile], bytes | None]) -> Callable[[OpenFile], bytes | None]:
        def read(file: OpenFile) -> bytes | None:
            self.files.add(file)
            block = real(file)
            self.blocks += bool(block)
            self.octets += len(block or b"")
            return block

        return read


def test_a_file_is_read_to_the_end_and_closed(site: Clearway, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter(monkeypatch)
    talk(site, "/static/huge.bin")
    assert counter.octets == len(HUGE)
    assert all(file.file.closed for file in counter.files)


@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_client_that_is_gone_ends_the_reading(site: Clearway, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    counter = Counter(monkeypatch)
    talk(site, "/static/huge.bin", disconnect_after=after)
    assert counter.blocks <= after + 1  # the start counts as a message, and one block may be under way
    assert all(file.file.closed for file in counter.files)


@pytest.mark.parametrize("error", [OSError("the client has gone"), asyncio.CancelledError()])
def test_a_send_that_fails_closes_the_file(
    site: Clearway, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    counter = Counter(monkeypatch)
    made = scope("/static/huge.bin")
    done = Exchange(made)

    async def send(message: Any) -> None:
        if done.messages and done.messages[-1].get("body"):
            raise error
        await done.send(message)

    with pytest.raises(type(error)):
        asyncio.run(site(made, done.receive, send))
    assert [file.file.closed for file in counter.files] == [True]
    assert counter.blocks <= 2


def test_a_file_that_becomes_shorter_while_it_is_sent_never_ends_as_if_it_were_whole(
    site: Clearway, root: Path
) -> None:
    made = scope("/static/huge.bin")
    done = Exchange(made)

    async def send(message: Any) -> None:
        await done.send(message)
        (root / "huge.bin").write_bytes(HUGE[:1000])

    with pytest.raises(Exception, match="became shorter"):
        asyncio.run(site(made, done.receive, send))
    assert not done.ended  # so the server breaks the connection, and the client sees that octets are missing


def test_no_task_is_left_behind(site: Clearway) -> None:
    async def run() -> int:
        for target in ("/static/huge.bin", "/static/site.css", "/static/none", "/page"):
            (await exchange(site, scope(target))).reply()
        await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


def test_many_requests_at_once_are_answered_each_with_its_own(site: Clearway) -> None:
    wanted = {
        "/static/huge.bin": HUGE,
        "/static/site.css": CSS,
        "/static/large.bin": LARGE,
        "/static/none": b"Not Found\n",
    }

    async def run() -> list[Reply]:
        done = await asyncio.gather(*(exchange(site, scope(target)) for _ in range(8) for target in wanted))
        return [each.reply() for each in done]

    assert [reply.body for reply in asyncio.run(run())] == [*wanted.values()] * 8


def test_a_path_in_utf_8_names_the_file(root: Path) -> None:
    write(root, {"größe ü.css": b"utf-8"})
    assert asgi(Clearway(root=root, prefix="s"), "/s/gr%C3%B6%C3%9Fe%20%C3%BC.css").body == b"utf-8"


@given(
    path=st.text(max_size=20),
    root_path=st.sampled_from(["", "/app", "/é"]),
    value=st.binary(max_size=20),
)
def test_no_request_raises(path: str, root_path: str, value: bytes) -> None:
    made = scope(root_path=root_path)
    made["path"] = root_path + "/s/" + path
    made["headers"] = [(name, value) for name in (b"accept-encoding", b"range", b"if-none-match", b"if-modified-since")]
    reply = asyncio.run(exchange(SITE_OF_TESTS, made)).reply()
    assert reply.status in (200, 206, 302, 304, 404, 416)


SITE_OF_TESTS = Clearway(root=Path(__file__).parent, prefix="s", index_file="__init__.py")


# --- the checker itself


def messages(*rows: Any) -> App:
    async def app(given: Any, receive: Any, send: Any) -> None:
        for row in rows:
            await send(row)

    return app


START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]}
END = {"type": "http.response.body", "body": b"x"}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [END],
        [START],
        [START, START, END],
        [START, END, END],
        [START, {**END, "more_body": True}],
        [START, {**END, "body": "x"}],
        [START, {**END, "body": bytearray(b"x")}],
        [START, {**END, "body": b"xy"}],
        [{**START, "status": "200"}, END],
        [{**START, "status": 99}, END],
        [{**START, "headers": [("content-length", "1")]}, END],
        [{**START, "headers": [(b"Content-Length", b"1")]}, END],
        [{**START, "headers": [(b"x y", b"1")]}, END],
        [{**START, "headers": [(b"x", b"1\r\n")]}, END],
        [{**START, "headers": [(b"x", b" 1")]}, END],
        [{**START, "status": 304}, END],
        [START, {"type": "http.response.pathsend", "path": "/etc/hostname"}],
    ],
)
def test_the_checker_sees_what_breaks_the_protocol(rows: list[Any]) -> None:
    assert asgi(messages(START, END)).body == b"x"
    with pytest.raises(AssertionError):
        asgi(messages(*rows))
