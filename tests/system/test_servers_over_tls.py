"""Servers that end TLS themselves: sendfile and pathsend cannot be what they are in clear text."""

import hashlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from tests.system.certificate import write_certificate
from tests.system.every_server import TLS
from tests.system.served_site import ADDED_BY_SERVERS, ASKED, DIGEST, LARGE, Site, built
from tests.system.servers import environment_for, running

pytestmark = [pytest.mark.system, pytest.mark.timeout(60)]


@dataclass(frozen=True)
class Running:
    client: httpx.Client
    speaks: str


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with built() as made:
        write_certificate(made.home / "tls.crt", made.home / "tls.key")
        yield made


@pytest.fixture(scope="module", params=TLS)
def it(request: pytest.FixtureRequest, site: Site) -> Iterator[Running]:
    command, speaks = TLS[request.param]
    trusting = ssl.create_default_context(cafile=str(site.home / "tls.crt"))
    environ, log = environment_for(site.home), site.home / f"{request.param}.log"
    with running(command(site.home), cwd=site.home, environ=environ, log=log) as server:
        base = server.url.replace("http:", "https:")
        with httpx.Client(base_url=base, http2=True, verify=trusting, timeout=20) as client:
            yield Running(client, speaks)


def test_every_kind_of_answer_arrives_as_it_was_made(it: Running, site: Site) -> None:
    for target, method, fields in ASKED:
        path, sent = site.path(target), {"accept-encoding": "identity"} | fields
        with it.client.stream(method, path, headers=sent) as got:
            body = b"".join(got.iter_raw())
        expected = site.expected(path, method, sent)
        given = {item for item in got.headers.items() if item[0] not in ADDED_BY_SERVERS}
        assert (got.http_version, got.status_code, body) == (it.speaks, expected.status, expected.body)
        assert given == set(expected.fields)


def test_a_large_file_arrives_octet_by_octet(it: Running, site: Site) -> None:
    assert hashlib.sha256(it.client.get(site.large).content).hexdigest() == DIGEST
    part = it.client.get(site.large, headers={"range": "bytes=1000000-4999999"})
    assert (part.status_code, part.content == LARGE[1_000_000:5_000_000]) == (206, True)
    assert it.client.get("/page").content == b"/page and a body of 0"
