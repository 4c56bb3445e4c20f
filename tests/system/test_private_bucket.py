"""Private files in a bucket by real servers: in process, and by nginx with the configuration of the documentation."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.helpers.bucket import KEY, NAME, REGION, SECRET, BucketServer, bucket_server
from tests.system.bucket_nginx import PAGE, before
from tests.system.documents import blocks
from tests.system.fronts import opened
from tests.system.raw import Answer, Connection
from tests.system.served_site import APPLICATIONS
from tests.system.servers import Server, environment_for, gunicorn, running, uvicorn

from clearway.policy.media import CONTENT_POLICY
from clearway.stores.signing.window import Window

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

CONTENT = bytes(range(256)) * 3000
FILES = {
    "photo.png": CONTENT,
    "page.html": b"<script>alert(1)</script>",
    "empty.txt": b"",
    "deep/er/film.mp4": CONTENT,
    "café 100%; a&b+c=d#e?.txt": CONTENT[:999],
    "per%20cent%2fs.txt": b"percent",
    "large.bin": bytes(60_000_000),
}
TYPES = {
    "png": "image/png",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "mp4": "video/mp4",
}
ROADS = {
    "in process, gunicorn": (gunicorn("keeping_bucket:by_wsgi"), "stream"),
    "in process, uvicorn": (uvicorn("keeping_bucket:by_asgi"), "stream"),
    "by nginx": (gunicorn("keeping_bucket:by_wsgi"), "x-accel"),
}
SECRETS = {"cookie": "sessionid=secret", "authorization": "Bearer secret", "x-api-key": "secret", "origin": "https://x"}


@dataclass(frozen=True)
class Way:
    """`port` is what clients ask."""

    port: int
    server: Server
    bucket: BucketServer
    home: Path

    def ask(self, target: str, method: str = "GET", **fields: str) -> Answer:
        with Connection(self.port) as line:
            return line.ask(target, method, **fields)


@pytest.fixture(scope="module")
def bucket() -> Iterator[BucketServer]:
    with bucket_server() as made:
        client = boto3.client(
            "s3",
            endpoint_url=made.url,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name=REGION,
        )
        for name, content in FILES.items():
            client.put_object(Bucket=NAME, Key=name, Body=content, CacheControl="public", ContentType="text/html")
        client.close()
        yield made


@pytest.fixture(scope="module", params=ROADS)
def way(request: pytest.FixtureRequest, bucket: BucketServer) -> Iterator[Way]:
    command, road = ROADS[request.param]
    with ExitStack() as stack:
        home = stack.enter_context(opened())
        shutil.copy(APPLICATIONS / "keeping_bucket.py", home)
        (home / "denied").touch()
        environ = environment_for(home) | {"BUCKET": json.dumps(bucket.storage), "ROAD": road}
        server = stack.enter_context(running(command, cwd=home, environ=environ, log=home / "log"))
        port = stack.enter_context(before(server.port, bucket)) if road == "x-accel" else server.port
        yield Way(port, server, bucket, home)


def test_the_same_octets_and_fields_on_every_road(way: Way) -> None:
    for name in list(FILES)[:-1]:
        answer = way.ask(f"/private/{quote(name)}", accept_encoding="gzip, br")
        assert (answer.status, answer.body) == (200, FILES[name]), name
        fields = answer.fields
        shown = name.endswith((".png", ".mp4"))
        assert fields["content-disposition"].startswith("inline; " if shown else "attachment; ")
        assert fields["content-length"] == str(len(FILES[name]))
        assert fields["cache-control"] == "private, no-store"
        assert fields["content-security-policy"] == CONTENT_POLICY
        assert fields["cross-origin-resource-policy"] == "same-origin"
        assert fields["x-content-type-options"] == "nosniff"
        assert fields["accept-ranges"] == "bytes"
        assert fields["content-type"] == TYPES[name.rpartition(".")[2]]


def test_nothing_else_of_the_bucket_s_is_sent(way: Way) -> None:
    for fields in ({}, {"range": "bytes=1-2"}):
        seen = way.ask("/private/photo.png", **fields).fields
        assert {name for name in seen if name.startswith(("x-", "set-", "expires"))} == {"x-content-type-options"}
        assert seen["server"] != "moto"


def test_nothing_of_the_client_s_goes_to_the_bucket(way: Way) -> None:
    way.bucket.asked.clear()
    way.ask("/private/photo.png", **{name.replace("-", "_"): value for name, value in SECRETS.items()})
    gets = [fields for method, _, fields in way.bucket.asked if method == "GET"]
    assert len(gets) == 1
    assert not any("secret" in value and "Credential" not in value for value in gets[0].values())
    assert not {"cookie", "x-api-key", "origin"} & set(gets[0])


def test_a_player_gets_what_it_asks_for(way: Way) -> None:
    target, size = "/private/deep/er/film.mp4", len(CONTENT)
    etag = way.ask(target, "HEAD").fields["etag"]
    for asked, start, end in (
        ("0-1", 0, 2),
        ("0-", 0, size),
        ("300000-599999", 300_000, 600_000),
        ("-5", size - 5, size),
    ):
        part = way.ask(target, range=f"bytes={asked}", if_range=etag)
        assert (part.status, part.body) == (206, CONTENT[start:end])
        assert part.fields["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.fields["cache-control"] == "private, no-store"
    assert way.ask(target, range="bytes=5-9", if_range='"another"').length == size
    assert way.ask(target, range="bytes=5-9,11-12").length == size
    assert way.ask(target, if_none_match=etag).status == 304
    beyond = way.ask(target, range=f"bytes={size}-")
    assert (beyond.status, beyond.fields["content-range"]) == (416, f"bytes */{size}")
    head = way.ask(target, "HEAD", range="bytes=0-1")
    assert (head.status, head.fields["content-length"], head.body) == (200, str(size), b"")


def test_a_permission_that_changes_counts_for_the_next_request(way: Way) -> None:
    kinds = ({}, {"range": "bytes=0-1"}, {"if_none_match": "*"})
    assert [way.ask("/private/photo.png", **kind).status for kind in kinds] == [200, 206, 304]
    (way.home / "denied").write_text("photo.png\n", encoding="utf-8")
    try:
        answers = [way.ask("/private/photo.png", **kind) for kind in kinds]
        nothing = way.ask("/private/nothing.png")
    finally:
        (way.home / "denied").write_text("", encoding="utf-8")
    assert {answer.status for answer in answers} == {404}
    assert {(answer.status, answer.body) for answer in answers} == {(404, nothing.body)}


@pytest.mark.parametrize(
    "target", ["/private-bucket/", "/private-bucket/photo.png", "/private/../private-bucket/", "/private/%2e%2e/x"]
)
def test_nobody_asks_for_the_bucket_itself(way: Way, target: str) -> None:
    answer = way.ask(target, x_clearway_object=f"/{NAME}/photo.png", x_accel_redirect="/private-bucket/")
    assert answer.status in (400, 404)
    assert CONTENT[:9] not in answer.body


def test_a_link_that_is_revoked_is_dead_on_every_road(way: Way) -> None:
    target = way.ask("/link/photo.png").body.decode()
    shared = way.ask(target, range="bytes=0-9")
    assert (shared.status, shared.body) == (206, CONTENT[:10])
    assert shared.fields["referrer-policy"] == "no-referrer"
    assert shared.fields["x-robots-tag"].startswith("noindex")
    assert int(way.ask("/revoke").body) >= 1
    for fields in ({}, {"range": "bytes=0-9"}, {"if_none_match": shared.fields["etag"]}):
        dead = way.ask(target, **fields)
        assert (dead.status, dead.fields["referrer-policy"]) == (404, "no-referrer")


def test_a_large_file_is_whole_and_is_not_kept_in_memory(way: Way) -> None:
    for _ in range(2):  # what a worker needs once
        way.ask("/private/large.bin", range="bytes=0-3000000")
    before_it = way.server.memory()
    answer = way.ask("/private/large.bin")
    assert (answer.status, answer.length) == (200, 60_000_000)
    assert way.server.memory() - before_it < 5_000_000


def test_an_error_of_the_bucket_is_a_404_that_says_nothing(way: Way) -> None:
    """The objects are there when they are looked at, and gone when they are sent."""
    way.bucket.asked.clear()
    way.bucket.failing.append("GET")
    try:
        answer = way.ask("/private/photo.png")
    finally:
        way.bucket.failing.clear()
    assert answer.status == 404
    assert b"Error" not in answer.body
    assert urlsplit(way.bucket.url).netloc.encode() not in answer.body


def test_the_callables_of_the_page_sign(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "cloudfront.pem").write_bytes(key.private_bytes(*form))
    said: dict[str, Any] = {"Path": Path, "STORAGES": {"private": {"OPTIONS": {}}}}
    for block in blocks(PAGE, "python")[2:4]:
        exec(block.replace("/run/secrets", str(tmp_path)), said)
    file, time = SimpleNamespace(name="films/a b.mp4"), Window(1_795_341_600, 300)
    url = said["STORAGES"]["private"]["OPTIONS"]["sign"](file, time)
    assert url.startswith("https://files.shop.example/films/a%20b.mp4?Expires=1795341900&Signature=")
    assert set(said["ROAD"].cookies(file, time)) == {
        "CloudFront-Policy",
        "CloudFront-Signature",
        "CloudFront-Key-Pair-Id",
    }
    assert said["ROAD"].path(file) == "/films/"
