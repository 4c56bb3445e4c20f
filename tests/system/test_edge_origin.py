"""Both caches while things happen behind them: deploys, rollbacks, purges, errors, answers that end too early."""

import http.client
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from hashlib import md5
from io import StringIO
from typing import Any

import pytest
from django.test import override_settings
from tests.helpers.object_server import Application, Start, drop, refused
from tests.system.edge_lab import Habit, Lab, lab
from tests.system.edges import EDGES, Edge
from tests.system.raw import Answer

from clearway.cli import main
from clearway.stores.purging.plain import Plain
from clearway.stores.purging.purging import purge

pytestmark = [pytest.mark.system, pytest.mark.parametrize("name", EDGES)]
CSS = b"b { color: blue } /* %s */\n"


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab(tmp_path_factory.mktemp("lab")) as made:
        yield made


@pytest.fixture
def edge(bucket: Lab, name: str) -> Edge:
    return bucket.edges[name]


def css(word: str) -> bytes:
    return CSS % word.encode() * 50


def kept(answer: Answer) -> str:
    return answer.fields.get("x-cache", "")


# --- deploys


@pytest.mark.parametrize("coding", ["br", "gzip", ""])
def test_what_is_published_after_it_was_missed_is_there_at_once(
    bucket: Lab, edge: Edge, name: str, coding: str
) -> None:
    data = css(f"late {name} {coding}")
    digest = md5(data, usedforsecurity=False).hexdigest()[:12]
    url = f"/static/late-{name}-{coding}.{digest}.css"
    for _ in range(2):
        missed = edge.ask(url, accept_encoding=coding)
        assert (missed.status, missed.fields["cache-control"]) == (404, "no-store")
        assert missed.fields["access-control-allow-origin"] == "*"
    assert bucket.publish({f"late-{name}-{coding}.css": data}) == {f"late-{name}-{coding}.css": url}
    found = edge.ask(url, accept_encoding=coding)
    assert (found.status, found.fields.get("content-encoding", "")) == (200, coding)


def test_files_of_the_release_before_are_there_after_a_deploy_and_a_rollback(
    bucket: Lab, edge: Edge, name: str
) -> None:
    names = [f"{name}-asked.css", f"{name}-unasked.css"]
    first = bucket.publish({each: css(f"one {each}") for each in names})
    assert edge.ask(first[names[0]]).status == 200
    second = bucket.publish({each: css(f"two {each}") for each in names})
    for url in (*first.values(), *second.values()):
        assert edge.ask(url).status == 200
    with redirect_stdout(StringIO()):
        assert main(["rollback", "--target", bucket.target]) == 0
    for words, urls in (("one", first), ("two", second)):
        for each in names:
            assert edge.ask(urls[each]).body == css(f"{words} {each}")


def test_one_release_after_another_leaves_what_is_kept(bucket: Lab, edge: Edge, name: str) -> None:
    url = bucket.publish({f"{name}-same.css": css(name)})[f"{name}-same.css"]
    assert [kept(edge.ask(url)) for _ in range(2)] == ["MISS", "HIT"]
    bucket.publish({f"{name}-new.css": css(f"new {name}")})
    assert kept(edge.ask(url)) == "HIT"
    assert bucket.asked(url) == 1


# --- purges


def purged(edge: Edge, url: str) -> list[str]:
    """By the adapter of `clearway publish`: what was not done."""
    told = purge(Plain((f"http://127.0.0.1:{edge.port}",)), [f"http://cdn.example{url}"], int(time.time()))
    return [str(each) for each in told.left]


def test_a_name_that_changes_is_new_after_a_purge(bucket: Lab, edge: Edge, name: str) -> None:
    url = bucket.put(f"{name}-worker.js", b"old", "max-age=3600, public")
    assert [edge.ask(url).body for _ in range(2)] == [b"old", b"old"]
    bucket.put(f"{name}-worker.js", b"new", "max-age=3600, public")
    assert edge.ask(url).body == b"old"
    assert purged(edge, url) == []
    assert [edge.ask(url).body for _ in range(2)] == [b"new", b"new"]
    bucket.delete(url)
    assert edge.ask(url).status == 200
    assert purged(edge, url) == []
    time.sleep(1.1)  # what nginx takes to forget what is no more
    assert edge.ask(url).status == 404


def test_the_command_purges(bucket: Lab, edge: Edge, name: str) -> None:
    url = bucket.put(f"{name}-robots.txt", b"old", "max-age=3600, public")
    assert edge.ask(url).body == b"old"
    bucket.put(f"{name}-robots.txt", b"new", "max-age=3600, public")
    told = {"kind": "plain", "addresses": [f"http://127.0.0.1:{edge.port}"], "url": "http://cdn.example"}
    setting = override_settings(CLEARWAY={"publish": {"target": bucket.target, "purge": told}})
    with setting, redirect_stdout(StringIO()):
        assert main(["purge", "--apply", url]) == 0
    assert edge.ask(url).body == b"new"


def test_nobody_else_may_purge(bucket: Lab, edge: Edge, name: str) -> None:
    url = bucket.put(f"{name}-guarded.js", b"old", "max-age=3600, public")
    assert edge.ask(url).status == 200
    bucket.put(f"{name}-guarded.js", b"new", "max-age=3600, public")
    connection = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=20, source_address=("127.0.0.2", 0))
    connection.request("PURGE", url)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert edge.ask(url).body == b"old"


# --- errors


def dropping(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    drop(environ)


def failing(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    return refused(start, "500 Internal Server Error", "InternalError")


def busy(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    return refused(start, "503 Slow Down", "SlowDown")


def redirecting(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    start("301 Moved Permanently", [("Location", "https://evil.example/"), ("Content-Length", "0")])
    return [b""]


def forbidding(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    body = b"<Error><Code>AccessDenied</Code></Error>"
    fields = [("Cache-Control", "max-age=600"), ("Content-Length", str(len(body))), ("Content-Type", "text/xml")]
    start("403 Forbidden", fields)
    return [body]


@pytest.mark.parametrize(
    ("habit", "status"), [(dropping, 503), (failing, 503), (busy, 503), (redirecting, 503), (forbidding, 404)]
)
@pytest.mark.parametrize("file", ["css", "png"])
def test_an_error_is_not_kept(bucket: Lab, edge: Edge, name: str, habit: Habit, status: int, file: str) -> None:
    file = f"{name}-{habit.__name__}.{file}"
    url = bucket.publish({file: css(file)})[file]
    with bucket.store.behaving(habit):
        answer = edge.ask(url, accept_encoding="br")
        assert (answer.status, answer.fields["cache-control"]) == (status, "no-store")
        assert b"Error" not in answer.body
        assert "location" not in answer.fields
    time.sleep(0.05)
    assert edge.ask(url, accept_encoding="br").status == 200


def test_what_is_kept_is_answered_while_the_origin_fails(bucket: Lab, edge: Edge, name: str) -> None:
    habits: list[Habit] = [dropping, failing, busy]
    url = bucket.publish({f"{name}-kept.css": css(f"{name} kept")})[f"{name}-kept.css"]
    names = [f"{name}-kept-{habit.__name__}{end}" for habit in habits for end in (".js", ".0123456789ab.css")]
    mutable = [bucket.put(each, b"old", "max-age=1, public") for each in names]
    assert {edge.ask(each).status for each in (url, *mutable)} == {200}
    for each in mutable:
        bucket.put(each.rpartition("/")[2], b"new", "max-age=1, public")
    time.sleep(2.1)
    for number, habit in enumerate(habits):
        expired = mutable[2 * number : 2 * number + 2]
        with bucket.store.behaving(habit):
            assert [edge.ask(url).status for _ in range(2)] == [200] * 2
            assert [edge.ask(each).body for each in expired * 3] == [b"old"] * 6
        assert [edge.ask(each).body for each in expired] == [b"new"] * 2


@pytest.mark.parametrize("is_chunked", [False, True])
def test_an_answer_that_ends_too_early_is_not_kept(bucket: Lab, edge: Edge, name: str, is_chunked: bool) -> None:
    file = f"{name}-cut-{is_chunked}.png"
    url, data = bucket.publish({file: css(file)})[file], css(file)

    def cut(store: Application, environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        fields = [("Cache-Control", "public, max-age=31536000, immutable"), ("Content-Type", "image/png")]
        start("200 OK", [*fields, *([] if is_chunked else [("Content-Length", str(len(data)))])])
        yield data[:100]
        drop(environ)

    with bucket.store.behaving(cut), pytest.raises((AssertionError, ConnectionError, ValueError)):
        assert edge.ask(url).status == 503
        raise ConnectionError
    assert edge.ask(url).body == data


def poisoned(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    fields = [("Cache-Control", "max-age=60"), ("Content-Length", "2"), ("Content-Type", "text/plain")]
    fields += [("Set-Cookie", "sessionid=1"), ("Vary", "*"), ("Access-Control-Allow-Origin", "https://evil.example")]
    fields += [("Access-Control-Allow-Credentials", "true"), ("Server", "gunicorn"), ("x-amz-request-id", "R")]
    fields += [("X-Accel-Redirect", "/other"), ("X-Accel-Expires", "0"), ("Expires", "Thu, 01 Jan 1970 00:00:00 GMT")]
    start("200 OK", fields)
    return [b"ok"]


def test_an_origin_s_cookies_and_cors_are_not_passed_on(bucket: Lab, edge: Edge, name: str) -> None:
    with bucket.store.behaving(poisoned):
        answers = [edge.ask(f"/static/{name}-poisoned.txt", origin="https://evil.example") for _ in range(2)]
    for answer in answers:
        assert (answer.status, answer.body) == (200, b"ok")
        assert answer.fields["access-control-allow-origin"] == "*"
        unwanted = {"set-cookie", "vary", "access-control-allow-credentials", "x-amz-request-id", "expires"}
        assert not unwanted & answer.fields.keys()
        assert answer.fields.get("server") != "gunicorn"
    assert [kept(each) for each in answers] == ["MISS", "HIT"]


@pytest.mark.parametrize(
    "caching", ["no-store", "private, max-age=60", "no-cache", "max-age=0", "s-maxage=0, max-age=9", ""]
)
def test_what_an_origin_does_not_want_kept_is_not(bucket: Lab, edge: Edge, name: str, caching: str) -> None:
    file = f"{name}-{abs(hash(caching))}.txt"

    def told(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [("Content-Length", "1"), *([("Cache-Control", caching)] if caching else [])])
        return [b"1"]

    with bucket.store.behaving(told):
        assert edge.ask(f"/static/{file}").status == 200
    assert edge.ask(f"/static/{file}").status == 404


def test_a_text_without_variants_is_asked_for_once(bucket: Lab, edge: Edge, name: str) -> None:
    url = bucket.publish({f"{name}-tiny.css": b"i{}" + name[:1].encode()})[f"{name}-tiny.css"]
    for _ in range(2):
        answer = edge.ask(url, accept_encoding="br")
        assert (answer.status, answer.fields["vary"]) == (200, "Accept-Encoding")
        assert "content-encoding" not in answer.fields
    assert bucket.asked(url) == 2  # the variant, and the file


def test_many_requests_for_one_file_are_one_request_of_the_origin(bucket: Lab, edge: Edge, name: str) -> None:
    url = bucket.publish({f"{name}-wanted.css": css(f"wanted {name}")})[f"{name}-wanted.css"]

    def slow(store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        time.sleep(0.5)
        return store(environ, start)

    with bucket.store.behaving(slow), ThreadPoolExecutor(8) as pool:
        assert {each.status for each in pool.map(lambda _: edge.ask(url), range(8))} == {200}
    assert bucket.asked(url) == 1


# --- what nobody may ask

PATHS = [
    "/",
    "/other",
    "/static",
    "/static/",
    "/static/.clearway/current",
    "/static/.clearway/history.json?x",
    "/static/%2eclearway/current",
    "/static/.%63learway/current",
    "/static//.clearway/current",
    "/static/./.clearway/current",
    "/static/staticfiles.json",
    "/static/staticfiles.json?v=1",
    "/static/%73taticfiles.json",
    "/static/../../other/secret.txt",
    "/static/../other/secret.txt",
    "/static/%2e%2e/other/secret.txt",
    "/static/..%2fother%2fsecret.txt",
    "/static/x/..%2f..%2f..%2fother/secret.txt",
    "/static/%2e%2e%2f%2e%2e%2fother/secret.txt",
    "/static/..\\other\\secret.txt",
    "/static/..%5cother%5csecret.txt",
    "/static/%252e%252e/other/secret.txt/..",
    "/static//other/secret.txt",
    "/static/%2fother/secret.txt",
    "/static/x%00.css",
    "/static/x%0d%0aHost:%20evil",
    "/static/x%zz.css",
    "/static/x%2.css",
    "/static/css//site.css",
    "/static/css/",
    "/static/a/.hidden",
    "/staticfiles/x.css",
    "/STATIC/x.css",
]


@pytest.mark.parametrize("path", PATHS)
def test_what_lies_elsewhere_is_not_to_be_had(bucket: Lab, edge: Edge, name: str, path: str) -> None:
    if not bucket.files:
        bucket.publish({"first.css": css("first")})
    asked = len(bucket.store.asked)
    answer = edge.ask(path)
    assert answer.status in {400, 404}
    assert b"secret" not in answer.body
    assert bucket.store.asked[asked:] == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_files_are_only_read(bucket: Lab, edge: Edge, name: str, method: str) -> None:
    asked = len(bucket.store.asked)
    answer = edge.ask("/static/site.css", method)
    assert (answer.status, answer.fields["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert bucket.store.asked[asked:] == []


def test_scripts_of_other_sites_may_ask(bucket: Lab, edge: Edge, name: str) -> None:
    fields = {"origin": "https://shop.example", "access_control_request_method": "GET"}
    answer = edge.ask("/static/site.css", "OPTIONS", **fields)
    assert answer.status == 204
    assert answer.fields["access-control-allow-origin"] == "*"
    assert answer.fields["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert answer.fields["access-control-allow-headers"] == "*"
    assert answer.fields["allow"] == "GET, HEAD, OPTIONS"
    assert "cache-control" not in answer.fields
