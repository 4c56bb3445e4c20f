"""Real servers: the same octets and fields from each, on connections that stay open."""

import http.client
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.helpers.released import publish, write
from tests.system.servers import running

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

CSS = b"body { color: teal }\n" * 1100  # 23 KB
LARGE = bytes(range(256)) * 12_288  # 3 MiB
APPS = b"""
import os
from clearway import asgi, wsgi
from tests.helpers import asgi as asgi_tests
from tests.helpers import wsgi as wsgi_tests

HERE = os.path.dirname(os.path.abspath(__file__))


def serving(site):
    site.add_files(os.path.join(HERE, "plain"), "plain/")
    site.add_files(os.path.join(HERE, "released"), "static/")
    site.add_files(os.path.join(HERE, "www"))
    return site


by_wsgi = serving(wsgi.Clearway(wsgi_tests.says(b"the application")))
by_asgi = serving(asgi.Clearway(asgi_tests.says(b"the application")))
"""


def gunicorn(worker: str, app: str) -> list[str]:
    options = ["--no-control-socket", "--log-level=warning", "--graceful-timeout=2", "--keep-alive=5"]
    threads = ["--threads=2"] if worker == "gthread" else []
    command = [sys.executable, "-m", "gunicorn", f"--worker-class={worker}", *threads]
    return [*command, *options, "--bind=127.0.0.1:{port}", f"site_of_test:{app}"]


def granian(interface: str, app: str) -> list[str]:
    options = ["--no-ws", "--log-level=warning", "--host=127.0.0.1", "--port={port}"]
    return [sys.executable, "-m", "granian", f"--interface={interface}", *options, f"site_of_test:{app}"]


UVICORN = [sys.executable, "-m", "uvicorn", "--log-level=warning", "--port={port}", "site_of_test:by_asgi"]
# name: command, whether connections stay open
SERVERS: dict[str, tuple[list[str], bool]] = {
    "gunicorn sync": (gunicorn("sync", "by_wsgi"), False),
    "gunicorn gthread": (gunicorn("gthread", "by_wsgi"), True),
    "gunicorn asgi": (gunicorn("asgi", "by_asgi"), True),
    "uvicorn": (UVICORN, True),
    "uvicorn h11": ([*UVICORN, "--http=h11", "--loop=asyncio"], True),
    "granian wsgi": (granian("wsgi", "by_wsgi"), True),
    "granian asgi": (granian("asgi", "by_asgi"), True),
}


@dataclass(frozen=True)
class Site:
    css: str
    large: str


@dataclass
class Line:
    """One client, on one connection for as long as the server keeps it."""

    connection: http.client.HTTPConnection
    stays_open: bool

    def ask(self, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        socket = self.connection.sock
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, target, headers=named)
        answer = self.connection.getresponse()
        body = answer.read()
        fields = {name.lower(): value for name, value in answer.getheaders()}
        if self.stays_open:
            assert self.connection.sock is not None, f"closed after {method} {target}"
            assert socket in (None, self.connection.sock), f"closed before {method} {target}"
        return answer.status, fields, body


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("servers")
    write(home, {"site_of_test.py": APPS, "plain/large.bin": LARGE, "plain/x.txt": b"x", "www/robots.txt": b"robots"})
    return home


@pytest.fixture(scope="module")
def site(home: Path) -> Site:
    assets = publish(home / "released", {"site.css": CSS, "large.bin": LARGE}, codings=["gzip", "br"]).assets
    return Site(f"/static/{assets['site.css'].name}", f"/static/{assets['large.bin'].name}")


@pytest.fixture(scope="module", params=SERVERS)
def port(request: pytest.FixtureRequest, home: Path, site: Site) -> Iterator[tuple[int, bool]]:
    command, stays_open = SERVERS[request.param]
    paths = os.pathsep.join([str(home), str(Path(__file__).parents[2])])
    environ = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    with running(command, cwd=home, environ=environ, log=home / f"{request.param}.log") as server:
        yield urlsplit(server.url).port or 0, stays_open


@pytest.fixture
def line(port: tuple[int, bool]) -> Iterator[Line]:
    connection = http.client.HTTPConnection("127.0.0.1", port[0], timeout=20)
    yield Line(connection, port[1])
    connection.close()


def test_every_kind_of_answer_on_one_connection(line: Line, site: Site) -> None:
    status, fields, body = line.ask(site.css)
    assert (status, body, fields["content-length"]) == (200, CSS, str(len(CSS)))
    assert fields["cache-control"] == "public, max-age=31536000, immutable"
    assert fields["content-type"] == "text/css; charset=utf-8"
    status, encoded, body = line.ask(site.css, Accept_Encoding="br, gzip")
    assert (status, encoded["content-encoding"], encoded["content-length"]) == (200, "br", str(len(body)))
    assert len(body) < len(CSS)
    assert line.ask(site.css, If_None_Match=fields["etag"])[::2] == (304, b"")
    status, head, body = line.ask(site.css, "HEAD")
    assert (status, head["content-length"], head["etag"], body) == (200, str(len(CSS)), fields["etag"], b"")
    status, part, body = line.ask(site.css, Range="bytes=100-199")
    assert (status, body, part["content-range"]) == (206, CSS[100:200], f"bytes 100-199/{len(CSS)}")
    assert line.ask(site.css, Range="bytes=999999-")[0] == 416
    assert line.ask("/static/none.css")[::2] == (404, b"Not Found\n")
    assert line.ask("/static/none.css", "HEAD")[::2] == (404, b"")
    assert line.ask(site.css, "DELETE")[0] == 405
    status, fields, body = line.ask(site.css, "OPTIONS")
    assert (status, fields["allow"], body) == (204, "GET, HEAD, OPTIONS", b"")
    assert line.ask("/robots.txt")[::2] == (200, b"robots")
    assert line.ask("/page")[::2] == (200, b"the application")
    assert line.ask("/plain/x.txt")[::2] == (200, b"x")


def test_a_large_file_arrives_octet_by_octet_and_the_connection_goes_on(line: Line, site: Site) -> None:
    for target in (site.large, "/plain/large.bin", site.large):
        status, fields, body = line.ask(target)
        assert (status, fields["content-length"]) == (200, str(len(LARGE)))
        assert body == LARGE
        status, fields, body = line.ask(target, "HEAD")
        assert (status, fields["content-length"], body) == (200, str(len(LARGE)), b"")
        status, fields, body = line.ask(target, Range="bytes=1000000-")
        assert (status, fields["content-length"]) == (206, str(len(LARGE) - 1_000_000))
        assert body == LARGE[1_000_000:]
        assert line.ask(target, If_None_Match=fields["etag"])[0] == 304
        assert line.ask("/page")[2] == b"the application"


def test_a_client_that_leaves_in_the_middle_does_not_harm_the_next(
    port: tuple[int, bool], line: Line, site: Site
) -> None:
    for _ in range(3):
        leaver = http.client.HTTPConnection("127.0.0.1", port[0], timeout=20)
        leaver.request("GET", site.large)
        assert leaver.getresponse().read(1000) == LARGE[:1000]
        leaver.close()
    assert line.ask(site.large)[2] == LARGE
    assert line.ask(site.css)[2] == CSS
