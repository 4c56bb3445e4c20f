"""Both caches before other origins: the application, texts in one coding, and a real distributed store."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from itertools import permutations
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.test import override_settings
from tests.helpers.ceph import Ceph
from tests.helpers.object_server import Start
from tests.releases.sites import released
from tests.system.edge_lab import lab, policy
from tests.system.edges import EDGES, Edge, running
from werkzeug.serving import make_server

from clearway.cli import main
from clearway.http.header_rules import FOREVER
from clearway.http.negotiation import SUFFIXES
from clearway.stores.decode import decoded
from clearway.wsgi import Clearway

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]  # one of them also starts Ceph
CSS = b"c { color: green }\n" * 90
CODINGS = (*SUFFIXES, "")


def refusing(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """An application with a cookie for everybody."""
    start("200 OK", [("Content-Type", "text/html"), ("Set-Cookie", "sessionid=1"), ("Cache-Control", "private")])
    return [b"account"]


@contextmanager
def application(root: Path, asked: list[dict[str, Any]]) -> Iterator[int]:
    """Clearway before an application; what it is asked is noted."""
    inner = Clearway(refusing, root=root, prefix="static")

    def noting(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        asked.append(environ)
        return inner(environ, start)

    server = make_server("127.0.0.1", 0, noting, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def check(edge: Edge, url: str, coding: str, data: bytes = CSS) -> None:
    answer = edge.ask(url, accept_encoding=coding)
    assert (answer.status, answer.fields.get("content-encoding", "")) == (200, coding)
    assert answer.fields["vary"] == "Accept-Encoding"
    assert answer.fields["cache-control"] == FOREVER
    assert answer.fields["access-control-allow-origin"] == "*"
    assert (decoded(coding, answer.body) if coding else answer.body) == data


@pytest.mark.parametrize("name", EDGES)
def test_before_the_application_every_client_gets_its_coding(name: str, tmp_path: Path) -> None:
    orders = list(permutations(CODINGS))[::5]
    names = [f"{number}.css" for number in range(len(orders))]
    (release,) = released(tmp_path, {each: CSS + each.encode() for each in names})
    asked: list[dict[str, Any]] = []
    own = override_settings(STATIC_URL="https://cdn.example/static/", CLEARWAY={})
    with own, application(tmp_path, asked) as port, running(name, "--upstream", f"127.0.0.1:{port}") as edge:
        for order, each in zip(orders, names, strict=True):
            url = f"/static/{release.assets[each].name}"
            for coding in [*order, *order]:
                check(edge, url, coding, CSS + each.encode())
            assert edge.ask(url, range="bytes=0-3").body == CSS[:4]
        assert len(asked) == len(orders) * len(CODINGS)
        assert {each["HTTP_X_FORWARDED_PROTO"] for each in asked} == {"https"}
        missed = edge.ask("/static/none.css", cookie="sessionid=2")
        assert (missed.status, missed.fields["cache-control"]) == (404, "no-store")
        assert edge.ask("/account/x.css").status == 404
        assert not any("HTTP_COOKIE" in each or each["PATH_INFO"].startswith("/account") for each in asked)


def test_texts_in_gzip_alone_are_decoded_for_who_does_not_accept_it(tmp_path: Path) -> None:
    with lab(tmp_path, "gzip") as made:
        first = made.publish({f"{name}.css": CSS + name.encode() for name in EDGES})
        for name, edge in made.edges.items():
            url = first[f"{name}.css"]
            for coding in ("gzip", "", "gzip", ""):
                check(edge, url, coding, CSS + name.encode())
            assert made.asked(url) == 1


def test_before_a_distributed_store(ceph: Ceph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody may list is 403 where it is missing, until it is published."""
    for key, value in ceph.environ().items():
        monkeypatch.setenv(key, value)
    bucket = ceph.new_bucket().removeprefix("s3://")
    ceph.client().put_bucket_policy(Bucket=bucket, Policy=policy(bucket))
    target = f"s3://{bucket}/live"
    setting = {"publish": {"target": target, "options": {"endpoint": ceph.url}}}
    (release,) = released(tmp_path, {f"{name}.css": CSS + name.encode() for name in EDGES})
    with (
        override_settings(STATIC_URL="http://cdn.example/static/", CLEARWAY=setting),
        running("varnish") as varnish,
        running("nginx-edge") as nginx,
    ):
        edges = [varnish, nginx]
        urls = [f"/static/{release.assets[f'{edge.name}.css'].name}" for edge in edges]
        assert [edge.ask(url).status for edge, url in zip(edges, urls, strict=True)] == [404, 404]
        with redirect_stdout(StringIO()):
            assert main(["publish", "--root", str(tmp_path), target, "--apply"]) == 0
        for edge, url in zip(edges, urls, strict=True):
            part = edge.ask(url, range="bytes=2-5", origin="https://shop.example")
            assert (part.status, part.body) == (206, CSS[2:6])
            for coding in CODINGS:
                check(edge, url, coding, CSS + edge.name.encode())
            assert not [each for each in part.fields if each.startswith(("x-amz", "x-rgw"))]
            assert edge.ask("/static/.clearway/current").status == 404
