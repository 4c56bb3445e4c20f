"""A stand-in for Google Cloud Storage, its XML API: generations, and preconditions on them. Not the real thing.

Written from the reference of that API; nobody at Google has seen it. What is asked otherwise gets 400.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from time import gmtime, strftime, time
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

KEPT = ("content-type", "cache-control", "content-encoding")
_PAGE = 1000


class Kept(NamedTuple):
    data: bytes
    generation: int
    fields: Mapping[str, str]
    changed: float

    @property
    def etag(self) -> str:
        return f'"{md5(self.data, usedforsecurity=False).hexdigest()}"'


class Answer(NamedTuple):
    status: int
    fields: Mapping[str, str] = {}
    body: bytes = b""


def error(status: int, code: str) -> Answer:
    return Answer(status, {}, f"<Error><Code>{code}</Code></Error>".encode())


@dataclass
class GcsStandIn:
    """`buckets` have objects by name. `asked` are methods and targets.

    With `is_slow`, a name is written once a second, as at Google.
    """

    url: str = ""
    token: str = "a-bearer-token"
    buckets: dict[str, dict[str, Kept]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    is_slow: bool = False
    _generations: Iterator[int] = field(default_factory=lambda: count(1700000000000001))
    _lock: Any = field(default_factory=threading.Lock)

    @property
    def options(self) -> dict[str, str]:
        """Those of the client."""
        return {"base_url": self.url, "bearer_token": self.token}

    def new_bucket(self) -> str:
        """The URL of a bucket that nobody used yet."""
        name = f"bucket-{len(self.buckets)}"
        self.buckets[name] = {}
        return f"gs://{name}"

    def headers(self, url: str, name: str) -> Mapping[str, str]:
        """The header fields with which it answers for an object below a URL."""
        bucket, _, prefix = url.removeprefix("gs://").partition("/")
        return self._head(self.buckets[bucket][f"{prefix}/{name}" if prefix else name]).fields

    def answer(self, method: str, target: str, sent: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(target)
        bucket_name, _, name = unquote(parts.path.lstrip("/")).partition("/")
        with self._lock:
            self.asked.append((method, target))
            if sent.get("authorization") != f"Bearer {self.token}":
                return error(401, "AuthenticationRequired")
            bucket = self.buckets.get(bucket_name)
            if bucket is None:
                return error(404, "NoSuchBucket")
            if not name:
                return self._listed(bucket, parse_qs(parts.query)) if method == "GET" else error(400, "Unknown")
            return self._object(method, bucket, name, sent, body)

    def _object(self, method: str, bucket: dict[str, Kept], name: str, sent: Mapping[str, str], body: bytes) -> Answer:
        there, wanted = bucket.get(name), sent.get("x-goog-if-generation-match")
        if wanted is not None and int(wanted) != (there.generation if there else 0):
            return error(412, "PreconditionFailed")
        if self.is_slow and method == "PUT" and there and time() < there.changed + 1:
            return error(429, "SlowDown")
        if method == "PUT":
            return self._put(bucket, name, sent, body)
        if there is None:
            return error(404, "NoSuchKey")
        if method == "DELETE":
            del bucket[name]
            return Answer(204)
        return self._head(there)._replace(body=there.data) if method in ("GET", "HEAD") else error(400, "Unknown")

    def _put(self, bucket: dict[str, Kept], name: str, sent: Mapping[str, str], body: bytes) -> Answer:
        fields = {key: sent[key] for key in KEPT if key in sent}
        if source := unquote(sent.get("x-goog-copy-source", "")):
            found = self.buckets.get(source.split("/")[0], {}).get(source.partition("/")[2])
            if found is None:
                return error(404, "NoSuchKey")
            body, fields = found.data, dict(found.fields)
        made = bucket[name] = Kept(body, next(self._generations), fields, time())
        told = {"etag": made.etag, "x-goog-generation": str(made.generation)}
        copied = f"<CopyObjectResult><ETag>{escape(made.etag)}</ETag></CopyObjectResult>"
        return Answer(200, told, copied.encode() if source else b"")

    def _head(self, there: Kept) -> Answer:
        told = {"etag": there.etag, "x-goog-generation": str(there.generation)}
        return Answer(200, {**there.fields, **told, "last-modified": formatdate(there.changed, usegmt=True)})

    def _listed(self, bucket: Mapping[str, Kept], asked: Mapping[str, list[str]]) -> Answer:
        """A page, as the second version of the S3 listing has it."""
        after = asked.get("continuation-token", asked.get("start-after", [""]))[0]
        names = sorted(name for name in bucket if name.startswith(asked.get("prefix", [""])[0]) and name > after)
        page = names[: int(asked.get("max-keys", [str(_PAGE)])[0])]
        more = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if len(names) > len(page) else ""
        found = "".join(_contents(name, bucket[name]) for name in page)
        return Answer(
            200, {"content-type": "application/xml"}, f"<ListBucketResult>{more}{found}</ListBucketResult>".encode()
        )


def _contents(name: str, there: Kept) -> str:
    changed = strftime("%Y-%m-%dT%H:%M:%S.000Z", gmtime(there.changed))
    return (
        f"<Contents><Key>{escape(name)}</Key><Generation>{there.generation}</Generation>"
        f"<LastModified>{changed}</LastModified><ETag>{escape(there.etag)}</ETag><Size>{len(there.data)}</Size></Contents>"
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = {name.lower(): value for name, value in self.headers.items()}
        answer: Answer = server.stand_in.answer(self.command, self.path, sent, body)
        self.send_response_only(answer.status)
        for name, value in answer.fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(b"" if self.command == "HEAD" else answer.body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._any
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def running() -> Iterator[GcsStandIn]:
    """The stand-in, for as long as it is needed."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        stand_in: GcsStandIn = GcsStandIn(f"http://127.0.0.1:{server.server_port}")
        server.stand_in = stand_in  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def google() -> Iterator[GcsStandIn]:
    """One stand-in for all tests that ask for it; it comes from the conftest of tests/system."""
    with running() as stand_in:
        yield stand_in
