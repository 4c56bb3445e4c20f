"""uWSGI's own static files beside Clearway: it answers what it finds, and the rest is Clearway's."""

from collections.abc import Iterator

import pytest
from tests.system.every_server import SOCKET, WSGI, uwsgi
from tests.system.raw import Answer, Connection
from tests.system.served_site import CSS, DIGEST, Site, built
from tests.system.servers import environment_for, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(60)]
OPTIONS = ("--static-map=/static={home}/released", "--static-gzip-all")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with built() as made:
        yield made


@pytest.fixture(scope="module")
def port(site: Site) -> Iterator[int]:
    command, environ = uwsgi(WSGI, SOCKET, *OPTIONS)(site.home), environment_for(site.home)
    with running(command, cwd=site.home, environ=environ, log=site.home / "mapped.log") as server:
        yield server.port


def ask(port: int, target: str, **fields: str) -> Answer:
    with Connection(port) as connection:
        return connection.ask(target, **fields)


def test_a_file_on_disk_is_answered_by_uwsgi(port: int, site: Site) -> None:
    plain, large = ask(port, site.css), ask(port, site.large)
    assert (plain.status, plain.body, large.sha256) == (200, CSS, DIGEST)
    assert not plain.fields.keys() & {"etag", "vary", "cache-control", "x-content-type-options"}
    assert ask(port, site.css, accept_encoding="br").fields["content-encoding"] == "br"
    assert ask(port, site.css, range="bytes=0-9").status == 200


@pytest.mark.parametrize(
    ("target", "status", "lifetime"),
    [("/static/site.css", 200, "max-age=60, public"), ("/static/none.css", 404, "no-store")],
)
def test_what_is_not_on_disk_is_answered_by_clearway(port: int, target: str, status: int, lifetime: str) -> None:
    answer = ask(port, target)
    assert (answer.status, answer.fields["cache-control"]) == (status, lifetime)


def test_the_application_has_the_other_paths(port: int) -> None:
    assert ask(port, "/page").body == b"/page and a body of 0"
