"""Azurite, the emulator of Azure Blob Storage that its makers test with, from npm, on loopback and in memory."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.helpers.daemons import Daemon, free_ports, home
from tests.oracles import node

ACCOUNT = "devstoreaccount1"
# The key that its documentation gives to everybody.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
VERSION = "2023-11-03"
_numbers = count()


@dataclass
class Azurite:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{ACCOUNT}"

    @property
    def options(self) -> dict[str, str]:
        """Those of the client."""
        return {"account_name": ACCOUNT, "account_key": KEY, "endpoint": self.url}

    def new_bucket(self) -> str:
        """The URL of a container that nobody used yet."""
        name = f"container-{next(_numbers)}"
        assert self._ask("PUT", f"/{name}", "restype", "container")[0] == 201
        return f"az://{name}"

    def headers(self, url: str, name: str) -> Mapping[str, str]:
        """The header fields with which the store answers for an object below a URL, by lower-case name."""
        status, fields = self._ask("HEAD", quote(f"/{url.removeprefix('az://')}/{name}"))
        assert status == 200
        return fields

    def _ask(self, method: str, path: str, *query: str) -> tuple[int, dict[str, str]]:
        """A request without a body, signed with the key (Shared Key). `query` is a name and its value."""
        fields = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": VERSION}
        named = [f"{name}:{value}" for name, value in sorted(fields.items())]
        asked = [":".join(query)] if query else []
        signed = "\n".join([method, *[""] * 11, *named, f"/{ACCOUNT}/{ACCOUNT}{path}", *asked])
        signature = b64encode(hmac.digest(b64decode(KEY), signed.encode(), sha256)).decode()
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            told = fields | {"Authorization": f"SharedKey {ACCOUNT}:{signature}", "Content-Length": "0"}
            line.request(method, f"/{ACCOUNT}{path}?{'='.join(query)}".rstrip("?"), headers=told)
            answer = line.getresponse()
            answer.read()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}
        finally:
            line.close()


@contextmanager
def running() -> Iterator[Azurite]:
    """A new store, for as long as it is needed. Raises `NodeMissingError`."""
    script = node.packages(Path(__file__).parent) / "node_modules/azurite/dist/src/blob/main.js"
    (port,) = free_ports(1)
    said = ["--inMemoryPersistence", "--skipApiVersionCheck", "--silent", "--disableTelemetry"]
    with home("azurite") as folder:
        run = Daemon(["node", str(script), "--blobPort", str(port), *said], folder / "log", cwd=folder)
        try:
            run.await_port(port)
            yield Azurite(port)
        finally:
            run.stop(patience=0)


@pytest.fixture(scope="session")
def azurite() -> Iterator[Azurite]:
    """One store for all tests that ask for it; it comes from the conftest of tests/system."""
    try:
        node.packages(Path(__file__).parent)
    except node.NodeMissingError as error:
        pytest.skip(str(error))
    with running() as store:
        yield store
