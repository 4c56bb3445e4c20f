"""Purging over the interfaces of the networks, against a stand-in that checks the requests."""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from tests.helpers.cdn_interfaces import (
    DISTRIBUTION,
    KEY,
    SECRET,
    SESSION,
    TOKEN,
    ZONE,
    Interfaces,
    interfaces,
)

from clearway.stores.purging.configured import purger_of
from clearway.stores.purging.purger import PurgeError, Purger
from clearway.stores.purging.purging import Purged, purge

NOW = 1_795_341_600
URLS = [
    "https://cdn.example/s/staticfiles.json",
    "https://cdn.example/s/a%20b%27%26.css",
    "https://cdn.example/s/%C3%A9.js",
]
PATHS = ["/s/staticfiles.json", "/s/a%20b%27%26.css", "/s/%C3%A9.js"]
AMAZON = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
KINDS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "cloudflare": ({"zone": ZONE}, {"CLOUDFLARE_API_TOKEN": TOKEN}),
    "fastly": ({}, {"FASTLY_API_TOKEN": TOKEN}),
    "bunny": ({}, {"BUNNYNET_API_KEY": TOKEN}),
    "cloudfront": ({"distribution": DISTRIBUTION}, AMAZON),
}


@pytest.fixture
def there() -> Iterator[Interfaces]:
    with interfaces() as made:
        yield made


def adapter(there: Interfaces, kind: str, **changed: str) -> Purger:
    told, environ = KINDS[kind]
    return purger_of({"kind": kind, "api": there.url, **told}, environ | changed)


def purged(purger: Purger, urls: list[str], waits: list[float] | None = None) -> Purged:
    return purge(purger, urls, NOW, wait=(waits if waits is not None else []).append)


@pytest.mark.parametrize("kind", KINDS)
def test_each_network_forgets_each_url(there: Interfaces, kind: str) -> None:
    told = purged(adapter(there, kind), URLS)
    assert (told.left, told.problems) == ((), ())
    assert there.purged == (PATHS if kind == "cloudfront" else URLS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_secret_is_told_once_and_not_printed(there: Interfaces, kind: str) -> None:
    wrong = "mistaken-secret-value"
    names = ("CLOUDFLARE_API_TOKEN", "FASTLY_API_TOKEN", "BUNNYNET_API_KEY", "AWS_SECRET_ACCESS_KEY")
    purger = adapter(there, kind, **dict.fromkeys(names, wrong))
    told = purged(purger, URLS)
    assert told.left == tuple(URLS)
    assert len(told.problems) == len(there.asked) == 1
    assert wrong not in f"{told} {purger}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_is_tried_again(there: Interfaces, kind: str, status: int) -> None:
    waits: list[float] = []
    there.failing += [(status, {}, b"busy"), (status, {"Retry-After": "7"}, b"busy")]
    assert purged(adapter(there, kind), URLS, waits).left == ()
    assert waits == [1.0, 7.0]


@pytest.mark.parametrize("kind", KINDS)
def test_tries_are_bounded_and_what_is_left_is_told(there: Interfaces, kind: str) -> None:
    there.failing += [(503, {"Retry-After": "86400"}, b"down")] * 3
    waits: list[float] = []
    told = purged(adapter(there, kind), URLS, waits)
    assert (told.left, len(there.asked), waits) == (tuple(URLS), 3, [30.0, 30.0])
    assert "503" in told.problems[0]


def test_an_interface_that_does_not_answer(there: Interfaces) -> None:
    told = purged(purger_of({"kind": "bunny", "api": "http://127.0.0.1:1"}, {"BUNNYNET_API_KEY": TOKEN}), URLS)
    assert told.left == tuple(URLS)
    assert "127.0.0.1:1: no answer" in told.problems[0]


def test_a_redirect_does_not_take_the_secret_elsewhere(there: Interfaces) -> None:
    there.failing.append((302, {"Location": f"{there.url}/purge/elsewhere"}, b""))
    assert purged(adapter(there, "fastly"), URLS[:1]).left == tuple(URLS[:1])
    assert len(there.asked) == 1


def test_nothing_to_forget_asks_nobody(there: Interfaces) -> None:
    assert purged(adapter(there, "cloudfront"), []).left == ()
    assert there.asked == []


# --- what differs


@pytest.mark.parametrize(("number", "requests"), [(1, 1), (30, 1), (31, 2), (95, 4)])
def test_cloudflare_takes_thirty_files_a_request(there: Interfaces, number: int, requests: int) -> None:
    urls = [f"https://cdn.example/{each}" for each in range(number)]
    assert purged(adapter(there, "cloudflare"), urls).left == ()
    assert (there.purged, len(there.asked)) == (urls, requests)


def test_cloudflare_forgets_what_was_asked_for_with_an_origin(there: Interfaces) -> None:
    told = {"kind": "cloudflare", "zone": ZONE, "api": there.url, "origins": ["https://shop.example"]}
    urls = [f"https://cdn.example/{each}" for each in range(16)]
    assert purged(purger_of(told, {"CLOUDFLARE_API_TOKEN": TOKEN}), urls).left == ()
    assert there.purged[:2] == [urls[0], {"url": urls[0], "headers": {"Origin": "https://shop.example"}}]
    assert (len(there.purged), len(there.asked)) == (32, 2)


def test_cloudflare_forgets_what_a_worker_fetched_where_it_is_kept(there: Interfaces) -> None:
    fetched = {"fetched": "https://pub.r2.example/live", "strip": "/static"}
    told = {"kind": "cloudflare", "zone": ZONE, "api": there.url, **fetched}
    urls = [f"https://cdn.example/static/{each}" for each in range(31)]
    assert purged(purger_of(told, {"CLOUDFLARE_API_TOKEN": TOKEN}), urls).left == ()
    assert there.purged[:2] == [urls[0], "https://pub.r2.example/live/0"]
    assert (len(there.purged), len(there.asked)) == (62, 3)


@pytest.mark.parametrize(
    ("strip", "url", "kept"),
    [
        ("", "https://cdn.example/static/a%20b.css?v=1", "https://pub.r2.example/static/a%20b.css"),
        ("/static/", "https://cdn.example/static/a.css", "https://pub.r2.example/a.css"),
        ("/static", "https://cdn.example/statics.css", "https://pub.r2.example/statics.css"),
    ],
)
def test_what_a_worker_takes_off_a_path_is_not_in_what_it_fetches(strip: str, url: str, kept: str) -> None:
    told = {"kind": "cloudflare", "zone": ZONE, "fetched": "https://pub.r2.example/", "strip": strip}
    (call,) = purger_of(told, {"CLOUDFLARE_API_TOKEN": TOKEN}).calls([url], NOW)
    assert json.loads(call.body) == {"files": [url, kept]}


def test_cloudflare_says_no_with_a_status_of_200(there: Interfaces) -> None:
    there.failing.append((200, {}, b'{"success": false, "errors": [{"message": "zone is not active"}]}'))
    told = purged(adapter(there, "cloudflare"), URLS)
    assert told.problems == (f"{there.url.removeprefix('http://')}: answered 200 (zone is not active)",)


def test_what_was_done_before_a_failure_is_not_left(there: Interfaces) -> None:
    urls = [f"https://cdn.example/{each}" for each in range(61)]
    there.failing = [(200, {}, b'{"success": true}'), (400, {}, b"no JSON")]
    assert purged(adapter(there, "cloudflare"), urls).left == tuple(urls[30:])


@pytest.mark.parametrize("token", ["", SESSION])
def test_cloudfront_is_asked_a_thousand_paths_at_once(there: Interfaces, token: str) -> None:
    urls = [f"https://cdn.example/s/{each}.css" for each in range(2_001)]
    assert purged(adapter(there, "cloudfront", AWS_SESSION_TOKEN=token), urls).left == ()
    assert (len(there.purged), len(there.asked), len(there.references)) == (2_001, 3, 3)


def test_a_repeated_invalidation_is_the_same_one(there: Interfaces) -> None:
    purger = adapter(there, "cloudfront")
    assert [*purger.calls(URLS, NOW)] == [*purger.calls(URLS, NOW)]
    assert [*purger.calls(URLS, NOW)] != [*purger.calls(URLS, NOW + 1)]


def test_an_invalidation_is_what_botocore_would_send() -> None:
    session: Any = botocore.session.Session()
    client = session.create_client(
        "cloudfront", "us-east-1", aws_access_key_id=KEY, aws_secret_access_key=SECRET, aws_session_token=SESSION
    )
    sent: list[Any] = []

    def keep(request: Any, **_: Any) -> Any:
        sent.append(request)
        return AWSResponse(request.url, 201, {}, _Empty())

    client.meta.events.register("before-send.cloudfront.CreateInvalidation", keep)
    (ours,) = purger_of({"kind": "cloudfront", "distribution": DISTRIBUTION}, AMAZON).calls(URLS, NOW)
    reference = ET.fromstring(ours.body).findtext("{*}CallerReference")
    paths = {"Quantity": len(PATHS), "Items": PATHS}
    batch = {"Paths": paths, "CallerReference": reference}
    client.create_invalidation(DistributionId=DISTRIBUTION, InvalidationBatch=batch)
    assert (sent[0].method, sent[0].url) == (ours.method, ours.url)
    assert ET.canonicalize(sent[0].body.decode()) == ET.canonicalize(ours.body.decode())


class _Empty:
    """The body of an answer, as urllib3 gives it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield b"<Invalidation/>"


def test_a_path_that_a_function_shortens_is_forgotten_in_both_forms(there: Interfaces) -> None:
    told = {"kind": "cloudfront", "distribution": DISTRIBUTION, "api": there.url, "strip": "/static"}
    urls = [f"https://cdn.example/{each}" for each in ("static/a.css", "statics.css", "robots.txt")]
    assert purged(purger_of(told, AMAZON), urls).left == ()
    assert there.purged == ["/static/a.css", "/a.css", "/statics.css", "/robots.txt"]


@pytest.mark.parametrize(
    ("strip", "number", "paths"), [("", 3_001, ["/static/css/*"]), ("/static", 1_501, ["/static/css/*", "/css/*"])]
)
def test_of_too_many_paths_cloudfront_forgets_the_directory(
    there: Interfaces, strip: str, number: int, paths: list[str]
) -> None:
    told = {"kind": "cloudfront", "distribution": DISTRIBUTION, "api": there.url, "strip": strip}
    urls = [f"https://cdn.example/static/css/{each}.css" for each in range(number)]
    assert purged(purger_of(told, AMAZON), urls).left == ()
    assert there.purged == paths


@pytest.mark.parametrize("code", ["TooManyInvalidationsInProgress", "Throttling"])
def test_what_amazon_refuses_for_a_while_is_tried_again(there: Interfaces, code: str) -> None:
    waits: list[float] = []
    there.failing.append((400, {}, f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>".encode()))
    assert purged(adapter(there, "cloudfront"), URLS, waits).left == ()
    assert waits == [1.0]


@pytest.mark.parametrize("refusal", ["AccessDenied", "TooManyInvalidationsInProgress"])
def test_cloudfront_names_its_reason(there: Interfaces, refusal: str) -> None:
    body = f"<ErrorResponse><Error><Code>{refusal}</Code><Message>Why</Message></Error></ErrorResponse>".encode()
    there.failing.append((403, {}, body))
    told = purged(adapter(there, "cloudfront"), URLS)
    assert f"answered 403 ({refusal}: Why); the credentials need cloudfront:CreateInvalidation" in told.problems[0]


# --- plain PURGE


def test_every_cache_is_asked_in_the_name_of_the_site(there: Interfaces) -> None:
    with interfaces() as other:
        purger = purger_of({"kind": "plain", "addresses": [there.url, f"{other.url}/"]}, {})
        assert purged(purger, [*URLS, "https://cdn.example/?a=b"]).left == ()
        wanted = [each.replace("https", "http") for each in (*URLS, "https://cdn.example/?a=b")]
        assert there.purged == other.purged == wanted


def test_without_addresses_the_site_itself_is_asked(there: Interfaces) -> None:
    assert purged(purger_of({"kind": "plain"}, {}), [f"{there.url}/s/a.css"]).left == ()
    assert there.asked == ["PURGE /s/a.css"]


@pytest.mark.parametrize(("status", "is_left"), [(200, False), (204, False), (404, False), (412, False), (405, True)])
def test_what_was_not_kept_is_forgotten(there: Interfaces, status: int, is_left: bool) -> None:
    there.failing.append((status, {}, b""))
    told = purged(purger_of({"kind": "plain", "addresses": [there.url]}, {}), URLS[:1])
    assert bool(told.left) is is_left


def test_one_cache_that_refuses_does_not_keep_the_others(there: Interfaces) -> None:
    with interfaces() as other:
        there.failing.append((403, {}, b""))
        told = purged(purger_of({"kind": "plain", "addresses": [there.url, other.url]}, {}), URLS)
    assert (len(there.asked), len(other.asked), told.left) == (1, 3, tuple(URLS))
    assert "let this machine purge" in told.problems[0]


# --- the environment


@pytest.mark.parametrize(
    ("kind", "environ", "missing"),
    [
        ("cloudflare", {}, "CLOUDFLARE_API_TOKEN"),
        ("fastly", {"FASTLY_API_TOKEN": " "}, "FASTLY_API_TOKEN"),
        ("bunny", {}, "BUNNYNET_API_KEY"),
        ("cloudfront", {}, "AWS_ACCESS_KEY_ID"),
        ("cloudfront", {"AWS_ACCESS_KEY_ID": KEY}, "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_a_secret_that_is_not_there_is_named(kind: str, environ: dict[str, str], missing: str) -> None:
    with pytest.raises(PurgeError, match=missing):
        purger_of({"kind": kind, **KINDS[kind][0]}, environ)


@pytest.mark.parametrize("secret", ["line\nbreak-secret", "dash–in–secret"])
def test_a_secret_that_cannot_be_sent_is_not_printed(there: Interfaces, secret: str) -> None:
    told = purged(adapter(there, "fastly", FASTLY_API_TOKEN=secret), URLS)
    assert (told.left, there.asked) == (tuple(URLS), [])
    assert "cannot be sent" in told.problems[0]
    assert "secret" in told.problems[0]
    assert not any(word in f"{told}" for word in ("break-secret", "in–secret"))


def test_a_line_break_after_a_secret_of_amazon_is_no_part_of_it(there: Interfaces) -> None:
    purger = adapter(there, "cloudfront", AWS_SECRET_ACCESS_KEY=f"{SECRET}\n", AWS_SESSION_TOKEN=f"{SESSION}\n")
    assert purged(purger, URLS).left == ()


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "plain", "addresses": ["10.0.0.1:6081"]},
        {"kind": "fastly", "api": "file:///x"},
        {"kind": "cloudflare", "zone": ZONE, "fetched": "pub.r2.example"},
    ],
)
def test_an_address_is_one_of_http(told: dict[str, Any]) -> None:
    with pytest.raises(PurgeError, match="is not the http"):
        purger_of(told, {"FASTLY_API_TOKEN": TOKEN, "CLOUDFLARE_API_TOKEN": TOKEN})
