"""Flask, Starlette and bare applications: built by the command, served by real servers, without Django."""

import base64
import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from tests.helpers.released import write
from tests.system.documents import blocks, commands
from tests.system.servers import Server, free_port, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

PAGE = "docs/howto/without-django.md"
BIN = Path(sys.executable).parent
CSS = b"body { color: teal; background: url(../img/logo.svg) }\n" * 400
LARGE = bytes(range(256)) * 12_288  # 3 MiB
FILES = {"css/site.css": CSS, "img/logo.svg": b"<svg/>" * 60, "large.bin": LARGE}
IMMUTABLE = "public, max-age=31536000, immutable"

FLASK = b"""
import sys
from flask import Flask, abort, render_template_string, request
from clearway.wsgi import Clearway

app = Flask(__name__, static_folder=None)
app.wsgi_app = Clearway(app.wsgi_app, root="public", prefix="static/")
app.wsgi_app.add_files("site_root")
app.jinja_env.globals["asset"] = app.wsgi_app.url

@app.get("/page")
def page():
    return render_template_string("{{ asset('css/site.css') }}")

@app.get("/modules")
def modules():
    return " ".join(name for name in sys.modules if name.partition(".")[0] == "django")

@app.post("/page")
def posted():
    return request.get_data()

@app.get("/broken")
def broken():
    abort(500)
"""
BARE_WSGI = b"""
import sys
from clearway.wsgi import Clearway

def application(environ, start_response):
    path, fields = environ["PATH_INFO"], [("Content-Type", "text/plain"), ("X-App", "bare")]
    if path == "/page" and environ["REQUEST_METHOD"] == "POST":
        start_response("200 OK", fields)
        return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]
    known = {
        "/page": ("200 OK", app.url("css/site.css")),
        "/modules": ("200 OK", " ".join(name for name in sys.modules if name.partition(".")[0] == "django")),
        "/broken": ("500 Internal Server Error", "broken"),
    }
    status, body = known.get(path, ("404 Not Found", "nothing here"))
    start_response(status, fields)
    return [body.encode()]

app = Clearway(application)
app.add_files("public", "/static/")
app.add_files("site_root")
"""
STARLETTE = b"""
import contextlib, os, sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from clearway.asgi import Clearway

@contextlib.asynccontextmanager
async def lifespan(starlette):
    note("startup")
    if os.environ.get("FAILS"):
        raise RuntimeError("the database is not there")
    yield
    note("shutdown")

def note(text):
    with open("lifespan.txt", "a") as file:
        file.write(text + "\\n")

async def page(request):
    return PlainTextResponse(app.url("css/site.css"))

async def posted(request):
    return PlainTextResponse(await request.body())

async def modules(request):
    return PlainTextResponse(" ".join(name for name in sys.modules if name.partition(".")[0] == "django"))

async def broken(request):
    return PlainTextResponse("broken", 500)

async def echo(websocket):
    await websocket.accept()
    await websocket.send_text("heard " + await websocket.receive_text())
    await websocket.close()

routes = [
    Route("/page", page), Route("/page", posted, methods=["POST"]), Route("/modules", modules),
    Route("/broken", broken), WebSocketRoute("/static/echo", echo),
]
app = Clearway(Starlette(routes=routes, lifespan=lifespan), root="public", prefix="static/")
app.add_files("site_root")
"""
BARE_ASGI = b"""
import sys
from clearway.asgi import Clearway

async def application(scope, receive, send):
    assert scope["type"] == "http", "no lifespan here: a server goes on without it"
    path, body = scope["path"], b""
    if path == "/page" and scope["method"] == "POST":
        more = True
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body")
        return await answer(send, 200, body)
    known = {
        "/page": (200, app.url("css/site.css").encode()),
        "/modules": (200, " ".join(name for name in sys.modules if name.partition(".")[0] == "django").encode()),
        "/broken": (500, b"broken"),
    }
    await answer(send, *known.get(path, (404, b"nothing here")))

async def answer(send, status, body):
    fields = [(b"content-type", b"text/plain"), (b"x-app", b"bare")]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})

app = Clearway(application)
app.add_files("public", "/static/")
app.add_files("site_root")
"""
GUNICORN = ["gunicorn", "--threads=2", "--no-control-socket", "--bind=127.0.0.1:{port}"]
UVICORN = ["uvicorn", "--log-level=warning", "--port={port}"]
APPS: dict[str, tuple[bytes, list[str]]] = {
    "flask": (FLASK, GUNICORN),
    "wsgi": (BARE_WSGI, GUNICORN),
    "starlette": (STARLETTE, UVICORN),
    "asgi": (BARE_ASGI, UVICORN),
}


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO"))}
    return kept | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}


def run(command: str, folder: Path) -> str:
    done = subprocess.run(
        shlex.split(command), cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("without")
    write(folder / "static", FILES)
    write(folder, {"site_root/robots.txt": b"robots", **{f"{name}_site.py": APPS[name][0] for name in APPS}})
    run("clearway build static --out public --levels fast", folder)
    return folder


@pytest.fixture(scope="module", params=APPS)
def server(request: pytest.FixtureRequest, folder: Path) -> Iterator[Server]:
    command = [*APPS[request.param][1], f"{request.param}_site:app"]
    with running(command, cwd=folder, environ=environment(), log=folder / f"{request.param}.log") as server:
        yield server


def ask(server: Server, target: str, method: str = "GET", body: bytes | None = None, **fields: str) -> "Reply":
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=20)
    connection.request(method, target, body, {name.replace("_", "-"): value for name, value in fields.items()})
    answer = connection.getresponse()
    reply = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return reply


Reply = tuple[int, dict[str, str], bytes]


def test_a_template_leads_to_an_immutable_encoded_file(server: Server) -> None:
    status, _, url = ask(server, "/page")
    assert status == 200
    assert re.fullmatch(rb"/static/css/site\.[0-9a-f]{12}\.css", url)
    status, fields, body = ask(server, url.decode(), Accept_Encoding="gzip, br")
    assert (status, fields["content-encoding"], fields["cache-control"]) == (200, "br", IMMUTABLE)
    assert fields["vary"] == "Accept-Encoding"
    css = brotli.decompress(body)
    assert css.startswith(b"body { color: teal; background: url(../img/logo.")
    assert ask(server, url.decode())[2] == css
    assert ask(server, url.decode(), Accept_Encoding="gzip, br", If_None_Match=fields["etag"])[0] == 304


def test_a_plain_url_is_kept_for_a_short_time(server: Server) -> None:
    status, fields, body = ask(server, "/static/img/logo.svg")
    assert (status, fields["cache-control"], body) == (200, "max-age=60, public", FILES["img/logo.svg"])
    assert ask(server, "/robots.txt")[2] == b"robots"


@pytest.mark.parametrize(
    "target", ["/static/none.css", "/static/", "/static/.clearway/current", "/static/staticfiles.json"]
)
def test_a_missing_file_is_not_stored(target: str, server: Server) -> None:
    status, fields, _ = ask(server, target)
    assert (status, fields["cache-control"]) == (404, "no-store")


def test_the_application_has_all_the_rest(server: Server) -> None:
    assert ask(server, "/page", "POST", b"posted" * 9)[::2] == (200, b"posted" * 9)
    for target, wanted in (("/none", 404), ("/broken", 500), ("/staticx", 404)):
        status, fields, body = ask(server, target)
        assert status == wanted
        assert "cache-control" not in fields
        assert body != b"Not Found\n"


def test_django_was_never_imported(server: Server) -> None:
    assert ask(server, "/modules")[::2] == (200, b"")


def test_a_large_file_whole_and_in_part(server: Server) -> None:
    status, fields, body = ask(server, "/static/large.bin")
    assert (status, fields["content-length"]) == (200, str(len(LARGE)))
    assert body == LARGE
    status, fields, body = ask(server, "/static/large.bin", Range="bytes=2000000-2999999")
    assert (status, fields["content-range"]) == (206, f"bytes 2000000-2999999/{len(LARGE)}")
    assert body == LARGE[2_000_000:3_000_000]
    assert ask(server, "/static/large.bin", Range=f"bytes={len(LARGE)}-")[0] == 416


# --- what ASGI has besides


@pytest.fixture
def starlette(folder: Path, tmp_path: Path) -> Path:
    write(tmp_path, {"starlette_site.py": STARLETTE, "site_root/robots.txt": b""})
    (tmp_path / "public").symlink_to(folder / "public")
    return tmp_path


def test_lifespan_runs_once(starlette: Path) -> None:
    command = [*UVICORN, "starlette_site:app"]
    with running(command, cwd=starlette, environ=environment(), log=starlette / "log") as server:
        assert ask(server, "/page")[0] == 200
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=20)
    assert (starlette / "lifespan.txt").read_text().split() == ["startup", "shutdown"]


def test_a_startup_that_fails_ends_the_server(starlette: Path) -> None:
    command = [part.replace("{port}", str(free_port())) for part in [*UVICORN, "starlette_site:app"]]
    done = subprocess.run(
        command, cwd=starlette, env=environment() | {"FAILS": "1"}, capture_output=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert b"the database is not there" in done.stderr
    assert (starlette / "lifespan.txt").read_text() == "startup\n"


def test_a_websocket_reaches_the_application_below_a_static_prefix_too(starlette: Path) -> None:
    command = [*UVICORN, "--ws=wsproto", "starlette_site:app"]
    with running(command, cwd=starlette, environ=environment(), log=starlette / "log") as server:
        address = server.url.removeprefix("http://")
        host, port = address.split(":")
        with socket.create_connection((host, int(port)), timeout=20) as line:
            key = base64.b64encode(b"0123456789abcdef").decode()
            line.sendall(
                f"GET /static/echo HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            heard = received(line, b"\r\n\r\n")
            line.sendall(b"\x81\x82\0\0\0\0ho")  # a masked text frame (RFC 6455 §5.2)
            heard += received(line, b"heard ho")
    assert heard.startswith(b"HTTP/1.1 101 ")
    assert b"\x81\x08heard ho" in heard


def received(line: socket.socket, end: bytes) -> bytes:
    heard = b""
    while end not in heard and (more := line.recv(4096)):
        heard += more
    return heard


# --- the page of the documentation


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of somebody who follows the page: what is built before a server starts is built."""
    folder = tmp_path_factory.mktemp("reader")
    write(folder / "static", FILES)
    write(folder / "public_html", FILES)
    write(folder, {"site_root/robots.txt": b"robots"})
    run(commands(PAGE)[0], folder)
    return folder


@pytest.mark.parametrize(
    ("number", "command", "says"),
    [
        (0, "gunicorn", b'href="/static/css/site.'),
        (1, "uvicorn", b'href="/static/css/site.'),
        (2, "gunicorn", b"hello"),
    ],
)
def test_the_applications_of_the_page(number: int, command: str, says: bytes, reader: Path) -> None:
    folder = reader / str(number)
    write(folder, {"app.py": blocks(PAGE, "python")[number].encode()})
    for name in ("public", "site_root"):
        (folder / name).symlink_to(reader / name)
    extra = {"gunicorn": ["--bind=127.0.0.1:{port}"], "uvicorn": ["--port={port}"]}[command]
    words = shlex.split(next(each for each in commands(PAGE) if each.startswith(command)))
    words[-1] = "app:app" if number == 0 else "app:application"
    with running([*words, *extra], cwd=folder, environ=environment(), log=folder / "log") as server:
        assert says in ask(server, "/")[2]
        assert ask(server, "/static/css/site.css")[0] == 200


@pytest.mark.parametrize(
    ("development", "url"), [("0", rb"/static/css/site\.[0-9a-f]{12}\.css"), ("1", rb"/static/css/site\.css")]
)
def test_the_development_of_the_page(development: str, url: bytes, reader: Path) -> None:
    write(reader, {"developed.py": blocks(PAGE, "python")[3].encode()})
    environ = environment() | {"DEVELOPMENT": development}
    command = [*GUNICORN, "developed"]
    with running(command, cwd=reader, environ=environ, log=reader / "log") as server:
        given = ask(server, "/")[2]
        assert re.fullmatch(url, given)
        assert ask(server, given.decode())[0] == 200


def test_the_commands_of_the_page(reader: Path) -> None:
    write(reader / "static", {"css/site.css": CSS + b"b{}"})
    run(commands(PAGE)[0], reader)  # so that there is a release to go back to
    for command in commands(PAGE):
        if not command.startswith(("gunicorn", "uvicorn")):
            run(command, reader)
    assert (reader / "public_html/css/site.css.br").is_file()
