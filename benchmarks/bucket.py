"""An object store of its own process (moto), which counts what it is asked: `python -m benchmarks.bucket PORT`."""

import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from .measure import free_port, running

_COUNTS = "/-/counts"
_NOBODY = "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"


@dataclass(frozen=True)
class Bucket:
    """The store at `port`."""

    port: int

    keys = ("bench", "bench")
    """What requests are signed with."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make(self, name: str) -> None:
        """An empty bucket of this name; all others are forgotten."""
        self._ask("POST", "/moto-api/reset")
        self._ask("PUT", f"/{name}")
        self.counts()

    def counts(self) -> Mapping[str, int]:
        """Requests by kind since the last call."""
        found: dict[str, int] = json.loads(self._ask("GET", _COUNTS))
        return found

    def _ask(self, method: str, path: str) -> bytes:
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request(method, path, headers={"Authorization": _NOBODY})
        answer = line.getresponse()
        body = answer.read()
        line.close()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return body


@contextmanager
def bucket() -> Iterator[Bucket]:
    """A store on loopback until the block ends."""
    port = free_port()
    with running([sys.executable, "-m", "benchmarks.bucket", str(port)], {}, port):
        yield Bucket(port)


class _Counting:
    def __init__(self, store: Callable[..., Iterable[bytes]]) -> None:
        self._store = store
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == _COUNTS:
            with self._lock:
                told, self._counts = json.dumps(self._counts).encode(), Counter()
            start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(told)))])
            return [told]
        with self._lock:
            self._counts[kind(environ["REQUEST_METHOD"], environ.get("QUERY_STRING", ""))] += 1
        return self._store(environ, start)


def kind(method: str, query: str) -> str:
    """What a request of S3 does: a listing is a GET of the bucket, a deletion of many a POST."""
    words = parse_qs(query, keep_blank_values=True)
    if method == "GET" and words.keys() & {"list-type", "prefix", "delimiter"}:
        return "LIST"
    return "DELETE" if method == "POST" and "delete" in words else method


def serve(port: int) -> None:
    """Answer until the process is ended."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    os.environ["MOTO_S3_DEFAULT_KEY_BUFFER_SIZE"] = str(16 * 1024 * 1024)
    make_server(
        "127.0.0.1", port, _Counting(DomainDispatcherApplication(create_backend_app)), threaded=True
    ).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
