"""Bad requests and bad names to a bucket behind nginx, with the configuration of the documentation."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from json import dumps
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import pytest
from tests.bad_input.judge import parse
from tests.bad_input.servers import started
from tests.bad_input.site import CANARY, CSS, LARGE, LONG, ODD_NAMES, Site
from tests.helpers.bucket import KEY, NAME, REGION, SECRET, BucketServer, bucket_server
from tests.media.bad_input.fronts import Front, complaints
from tests.media.bad_input.judge import cries, told
from tests.media.bad_input.names import GROUPS, shown
from tests.media.bad_input.requests import groups
from tests.media.bad_input.servers import SERVERS as BEHIND
from tests.media.bad_input.servers import SETTINGS
from tests.media.bad_input.site import OF_ANOTHER, OURS
from tests.system.bucket_nginx import before
from tests.system.fronts import opened

from clearway.catalog.names import is_public

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

PRIVATE = groups(b"/private/alice/")
# what nginx may say to the bucket
OF_NGINX = {"host", "connection", "range", "if-match", "content-length"}
RANGE, TAG = re.compile(r"bytes=\d+-\d+"), re.compile(r'"[0-9a-f]+"')
HIDDEN = (".hidden/x.css", "d/.env", *OURS)
ALICE = {
    "a.css": CSS, "d/b.css": CSS, "empty.css": b"", "large.bin": LARGE, "big.bin": LARGE, LONG: CSS,
    **dict.fromkeys(ODD_NAMES, CSS), **dict.fromkeys(HIDDEN, CANARY),
}  # fmt: skip
OTHERS = {f"{place}canary.txt": CANARY for place in ("", "alice-evil/", "private/", "bob/", "private-bucket/")}
SPOOFED = (
    "X: y", f"X-Clearway-Object: /{NAME}/bob/canary.txt", f"X_Clearway_Object: /{NAME}/bob/canary.txt",
    "X-Clearway-Range: bytes=0-1", "X-Accel-Redirect: /private-bucket/", f"ETag: /{NAME}/bob/canary.txt",
    "Content-Security-Policy: x", "X-Robots-Tag: x", "Authorization: AWS x:y",
    "X-HTTP-Method-Override: DELETE", "X-Amz-Copy-Source: /uploads/bob/canary.txt",
)  # fmt: skip


def objects(server: BucketServer) -> Any:
    """A client for the bucket."""
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": REGION}
    return boto3.client("s3", endpoint_url=server.url, **keys)


@pytest.fixture(scope="module")
def bucket() -> Iterator[BucketServer]:
    with bucket_server() as made:
        client = objects(made)
        others = OTHERS | {f"bob/{name}": content for name, content in OF_ANOTHER.items()}
        for key, content in {**{f"alice/{name}": content for name, content in ALICE.items()}, **others}.items():
            assert is_kept(client, key, content) or key.endswith(ODD_NAMES), key
        client.close()
        yield made


@pytest.fixture(scope="module")
def front(bucket: BucketServer) -> Iterator[Front]:
    with ExitStack() as stack:
        home = stack.enter_context(opened())
        site = Site(home, "a.css", "large.bin")
        # botocore leaves sockets to the collector
        more = {"BUCKET": dumps(bucket.storage), "PYTHONWARNINGS": "default"}
        behind = stack.enter_context(started("gunicorn", BEHIND["gunicorn"], site, SETTINGS, **more))
        yield Front("nginx", stack.enter_context(before(behind.port, bucket)), site, behind, behind.log)


def astray(bucket: BucketServer) -> Iterator[str]:
    """What the bucket was asked that it should not have been; then it is forgotten."""
    for method, target, fields in bucket.asked:
        if not f"{urlsplit(target).path}/".startswith(f"/{NAME}/alice/"):
            yield f"another object: {method} {target}"
        if method == "GET":
            yield from (f"{name} came to the bucket for {target}" for name in fields.keys() - OF_NGINX)
            if "X-Amz-Signature=" not in target or not TAG.fullmatch(fields.get("if-match", "")):
                yield f"not as signed: {target} {fields}"
            if "range" in fields and not RANGE.fullmatch(fields["range"]):
                yield f"another range: {fields['range']}"
        elif method != "HEAD":
            yield f"{method} {target}"
    bucket.asked.clear()


@pytest.mark.parametrize("group", PRIVATE)
def test_bad_requests_give_nothing_away_and_reach_no_other_object(
    front: Front, bucket: BucketServer, group: str
) -> None:
    bucket.asked.clear()
    made = list(PRIVATE[group]())
    assert list(complaints(front, iter(made[:: 1 + len(made) // 200]), b"alice")) == []
    good = parse(front.get("/private/alice/a.css", "Cookie: user=alice"))
    assert good is not None
    assert (good.status, good.body) == (200, CSS)
    assert b"no-store" in good.fields[b"cache-control"]
    assert list(astray(bucket)) == []
    assert cries(front.behind.log) == []


@pytest.mark.parametrize("group", GROUPS)
def test_an_object_of_a_bad_name_is_sent_as_itself_or_not_there(front: Front, bucket: BucketServer, group: str) -> None:
    client, bad, sent = objects(bucket), [], 0
    nothing = told(front.get("/private/alice/none", "Cookie: user=alice"))
    for number, name in enumerate(some(group)):
        key, content = f"alice/{name}", b"%d of %s" % (number, group.encode())
        if not is_kept(client, key, content):
            continue
        bucket.asked.clear()
        raw = front.get(f"/private/{quote(key)}", "Cookie: user=alice")
        answer = parse(raw)
        if is_public(key):
            sent += 1
            if answer is None or (answer.status, answer.body) != (200, content):
                bad.append(f"{shown(name)}: {raw[:200]!r}")
        elif raw[9:12] not in (b"400", b"404") or (raw[9:12] == b"404" and told(raw) != nothing):
            bad.append(f"{shown(name)} was sent: {raw[:200]!r}")
        bad += astray(bucket)
        if answer and (b"forged-by-a-name" in answer.fields or CANARY in raw):
            bad.append(f"{shown(name)}: {raw[:400]!r}")
    client.close()
    assert bad == []
    assert sent > 5
    assert cries(front.behind.log) == []


def some(group: str) -> list[str]:
    """What fits into a key, and of many only some."""
    names = [name for name in dict.fromkeys(GROUPS[group]()) if len(name) < 1000]
    fitting = [name for name in names if name and len(name.encode(errors="replace")) < 1000]
    return fitting[:: max(1, len(fitting) // 40)]


def is_kept(client: Any, key: str, content: bytes) -> bool:
    """Whether the bucket can have such a key."""
    try:
        client.put_object(Bucket=NAME, Key=key, Body=content)
        return bool(client.get_object(Bucket=NAME, Key=key)["Body"].read() == content)
    except (client.exceptions.ClientError, UnicodeEncodeError):
        return False


def test_nobody_reaches_the_location_of_the_bucket(front: Front, bucket: BucketServer) -> None:
    bucket.asked.clear()
    for prefix in (
        "/private-bucket/", "//private-bucket/", "/./private-bucket/", "/private/../private-bucket/",
        "/private-bucket//", "/Private-Bucket/", "/private-bucket", "/private-bucket%2f", "/%70rivate-bucket/",
        "/private-bucket/%2e%2e/", "/private-bucket/?", "/private-bucket/#", "/private-bucket/;", "/@private_gone",
        "/private-bucket/%00", "http://private_bucket/", f"/{NAME}/",
    ):  # fmt: skip
        for name in ("", "bob/canary.txt", f"{NAME}/bob/canary.txt", "../canary.txt", f"%2f{NAME}%2fbob%2fcanary.txt"):
            for line in SPOOFED:
                raw = front.get(prefix + name, line)
                assert CANARY not in raw, (prefix, name)
                assert raw[9:12] in (b"404", b"400", b"403"), (prefix, name, raw[:100])
    assert bucket.asked == []


def test_what_a_client_says_is_not_what_nginx_reads(front: Front, bucket: BucketServer) -> None:
    bucket.asked.clear()
    nothing = told(front.get("/private/alice/none.css", "Cookie: user=alice"))
    for line in SPOOFED:
        raw = front.get("/private/alice/a.css", "Cookie: user=alice", line)
        good = parse(raw)
        assert good is not None
        assert (good.status, good.body) == (200, CSS), line
        assert told(raw) == told(front.get("/private/alice/a.css", "Cookie: user=alice")), line
        assert told(front.get("/private/bob/a.css", "Cookie: user=alice", line)) == nothing, line
    assert list(astray(bucket)) == []


def test_the_object_of_another_user_is_not_there(front: Front, bucket: BucketServer) -> None:
    bucket.asked.clear()
    nothing = told(front.get("/private/alice/none.css", "Cookie: user=alice"))
    for name in ("a.css", "d/b.css", "large.bin", "empty.css", *HIDDEN):
        for line in ("X: y", "Range: bytes=0-1", "Range: bytes=99999999-", "If-None-Match: *", 'If-Match: "x"'):
            assert told(front.get(f"/private/alice/{name}", "Cookie: user=bob", line)) == nothing, name
    for way in ("bob/", "alice/../bob/", "alice/%2e%2e/bob/", "alice/..%2fbob/", "alice//../bob/", "./bob/", "BOB/"):
        raw = front.get(f"/private/{way}canary.txt", "Cookie: user=alice")
        assert raw[9:12] in (b"404", b"400"), (way, raw[:100])
    assert list(astray(bucket)) == []
