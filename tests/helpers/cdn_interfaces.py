"""A stand-in for the interfaces of content delivery networks: it checks requests as their documentation has them.

It is no network of anybody: that a real one does what it is told is not shown by it. Amazon's signature is verified
by botocore's code.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET, SESSION = "AKIDEXAMPLE", "very/secret+key", "session/token=="
TOKEN = "token-that-nobody-may-see"
ZONE, DISTRIBUTION = "023e105f4ecef8ad9ca31a8372d0c353", "EDFDVBD6EXAMPLE"
_NAMESPACE = "{http://cloudfront.amazonaws.com/doc/2020-05-31/}"
_INVALIDATION = f"/2020-05-31/distribution/{DISTRIBUTION}/invalidation"
_MOST = {"cloudflare": 30, "cloudfront": 3_000}

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Interfaces:
    """`purged` is what the caches forgot, in order; `failing` are answers that come first; `asked` counts requests."""

    url: str
    purged: list[object] = field(default_factory=list)
    failing: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    references: set[str] = field(default_factory=set)


@contextmanager
def interfaces() -> Iterator[Interfaces]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    made = server.interfaces = Interfaces(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        known: Interfaces = self.server.interfaces  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        known.asked.append(f"{self.command} {self.path}")
        status, fields, content = known.failing.pop(0) if known.failing else self._answer(known, body)
        self.send_response(status)
        for name, value in {**fields, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_PURGE(self) -> None:
        self.do_POST()

    def _answer(self, known: Interfaces, body: bytes) -> Answer:
        path = urlsplit(self.path).path
        if self.command == "PURGE":
            known.purged.append(f"http://{self.headers['Host']}{self.path}")
            return 200, {}, b"Purged"
        if path == f"/zones/{ZONE}/purge_cache":
            return self._cloudflare(known, body)
        if path == _INVALIDATION:
            return self._cloudfront(known, body)
        if path == "/purge" and "AccessKey" in self.headers:
            return self._bunny(known)
        if path.startswith("/purge/"):
            return self._fastly(known)
        return 404, {}, b"{}"

    def _cloudflare(self, known: Interfaces, body: bytes) -> Answer:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            said = f"Authentication error: {self.headers['Authorization']}"
            return 403, {}, json.dumps({"success": False, "errors": [{"code": 10000, "message": said}]}).encode()
        files = json.loads(body)["files"]
        if self.headers["Content-Type"] != "application/json" or not 0 < len(files) <= _MOST["cloudflare"]:
            said = "Number of files exceeds the limit"
            return 400, {}, json.dumps({"success": False, "errors": [{"code": 1094, "message": said}]}).encode()
        known.purged += files
        return 200, {}, json.dumps({"success": True, "errors": [], "result": {"id": ZONE}}).encode()

    def _fastly(self, known: Interfaces) -> Answer:
        if self.headers["Fastly-Key"] != TOKEN:
            return 401, {}, b'{"msg": "Provided credentials are missing or invalid"}'
        known.purged.append(f"https://{self.path.removeprefix('/purge/')}")
        return 200, {}, b'{"status": "ok", "id": "108-1391560174-974124"}'

    def _bunny(self, known: Interfaces) -> Answer:
        if self.headers["AccessKey"] != TOKEN:
            return 401, {}, b""
        said = parse_qs(urlsplit(self.path).query)
        known.purged += said["url"]
        return 200, {}, b""

    def _cloudfront(self, known: Interfaces, body: bytes) -> Answer:
        if not self._is_signed(body):
            return 403, {}, b"<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>"
        batch = ET.fromstring(body)
        paths = [each.text or "" for each in batch.iter(f"{_NAMESPACE}Path")]
        told = batch.findtext(f"{_NAMESPACE}Paths/{_NAMESPACE}Quantity")
        if str(len(paths)) != told or not all(each.startswith("/") for each in paths):
            return 400, {}, b"<ErrorResponse><Error><Code>InconsistentQuantities</Code></Error></ErrorResponse>"
        if len(paths) > _MOST["cloudfront"]:
            return 400, {}, b"<ErrorResponse><Error><Code>BatchTooLarge</Code></Error></ErrorResponse>"
        known.references.add(batch.findtext(f"{_NAMESPACE}CallerReference") or "")
        known.purged += paths
        return 201, {"Location": f"{_INVALIDATION}/I1"}, b"<Invalidation/>"

    def _is_signed(self, body: bytes) -> bool:
        """As botocore signs the same request."""
        said = self.headers["Authorization"]
        names = re.findall(r"SignedHeaders=([^,]*),", said)[0].split(";")
        fields = {name: self.headers[name] for name in names}
        request: Any = AWSRequest("POST", f"http://{self.headers['Host']}{self.path}", fields, body)
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        auth: Any = SigV4Auth(Credentials(KEY, SECRET), "cloudfront", "us-east-1")
        right = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        must = {"host", "x-amz-date"} | ({"x-amz-security-token"} if "X-Amz-Security-Token" in self.headers else set())
        return said.endswith(f"Signature={right}") and must <= set(names) and f"Credential={KEY}/" in said

    def log_message(self, *_: object) -> None:
        """Keep the tests quiet."""
