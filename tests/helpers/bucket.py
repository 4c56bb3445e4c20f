"""An S3-compatible server on this machine whose presigned URLs are verified, by botocore's own code.

moto keeps the objects and takes every signature; so what comes with one passes here first.
"""

import hmac
import http.client
import logging
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET, REGION, NAME = "AKIDEXAMPLE", "very/secret+key", "eu-central-1", "uploads"
_OF_THE_LINE = {"connection", "transfer-encoding", "keep-alive"}
_OF_MOTO = {
    "x-amz-content-sha256",
    "x-amz-sdk-checksum-algorithm",
    "x-amzn-requestid",
}  # of the request that wrote the object; S3 does not send them
_OF_S3 = {
    "x-amz-request-id": "R",
    "x-amz-id-2": "I",
    "x-amz-version-id": "V",
    "x-amz-server-side-encryption": "aws:kms",
    "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:1:key/secret",
    "x-amz-storage-class": "STANDARD_IA",
    "x-amz-expiration": 'rule-id="secret"',
    "x-amz-replication-status": "COMPLETED",
    "x-amz-tagging-count": "1",
}


@dataclass
class BucketServer:
    """`asked` are the requests that came: method, target, header fields by lower-case name. `failing` are methods."""

    port: int
    failing: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def storage(self) -> dict[str, Any]:
        """As STORAGES describes it."""
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "access_key": KEY,
                "secret_key": SECRET,
                "bucket_name": NAME,
                "endpoint_url": self.url,
                "region_name": REGION,
                "addressing_style": "path",
                "signature_version": "s3v4",
            },
        }


@contextmanager
def bucket_server() -> Iterator[BucketServer]:
    """With an empty bucket."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    _, kept = moto.get_host_and_port()
    relay = ThreadingHTTPServer(("127.0.0.1", 0), _Verifying)
    relay.daemon_threads = True
    server = relay.bucket = BucketServer(relay.server_port)  # type: ignore[attr-defined]
    relay.kept = kept  # type: ignore[attr-defined]
    thread = Thread(target=relay.serve_forever, args=(0.02,))
    thread.start()
    try:
        _make_bucket(server)
        yield server
    finally:
        relay.shutdown()
        thread.join()
        relay.server_close()
        moto.stop()


def _make_bucket(server: BucketServer) -> None:
    """After a reset: all moto servers of a process have the same buckets."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    line.request("POST", "/moto-api/reset")
    line.getresponse().read()
    place = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    line.request("PUT", f"/{NAME}", place)
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status == 200


def refusal(method: str, target: str, host: str) -> str:
    """Why a store refuses a presigned request; empty where it does not."""
    path, _, query = target.partition("?")
    said = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    rest, _, signature = query.rpartition("&X-Amz-Signature=")
    request: Any = AWSRequest(method, f"http://{host}{path}?{rest}", {"Host": host})
    request.context["timestamp"] = said["X-Amz-Date"]
    auth: Any = S3SigV4QueryAuth(Credentials(KEY, SECRET), "s3", REGION)
    right = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    if not hmac.compare_digest(right, signature):
        return "SignatureDoesNotMatch"
    signed = datetime.strptime(said["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    if signed > time.time() + 1:
        return "RequestTimeTooSkewed"
    return "AccessDenied" if signed + int(said["X-Amz-Expires"]) < time.time() else ""


class _Verifying(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Any = self.server
        fields = {name.lower(): value for name, value in self.headers.items()}
        server.bucket.asked.append((self.command, self.path, fields))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.command in server.bucket.failing:
            self._send(404, _OF_S3, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        if "X-Amz-Signature=" in urlsplit(self.path).query:
            why = refusal(self.command, self.path, self.headers["Host"])
            if why:
                self._send(403, _OF_S3, f"<Error><Code>{why}</Code></Error>".encode())
                return
        with closing(http.client.HTTPConnection("127.0.0.1", server.kept, timeout=20)) as line:
            line.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k != "Expect"})
            reply = line.getresponse()
            kept = {name: value for name, value in reply.getheaders() if name.lower() not in _OF_THE_LINE | _OF_MOTO}
            content = reply.read()
        self._send(reply.status, {**kept, **_OF_S3}, content)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def _send(self, status: int, fields: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in {**fields, "Content-Length": fields.get("Content-Length", str(len(body)))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            with suppress(ConnectionError):  # of a client that left
                self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""
