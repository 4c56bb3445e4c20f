"""The stores of the conformance suite: what each is, where it is, and what is expected of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import swift
from tests.helpers.azurite import Azurite
from tests.helpers.gcs_stand_in import GcsStandIn
from tests.helpers.object_server import ObjectServer
from tests.helpers.s3_endpoint import S3Endpoint

from clearway.stores.capabilities import Capabilities, adapted, find_out
from clearway.stores.targets import open_target
from clearway.stores.transport import Transport

_directories = count()


@dataclass(frozen=True)
class Kind:
    """`name` in the table of the documentation; `creates_only`, `swaps` and `quotes_etags` are to be found out.

    `refuses` is whether a condition that is not kept is answered with an error, and `signs` whether a wrong secret is.
    `many` is how many objects are listed and deleted at once, and a listing of theirs has `page` at most.
    """

    name: str
    creates_only: bool = True
    swaps: bool = True
    quotes_etags: bool = True
    refuses: bool = False
    signs: bool = True
    many: int = 1010
    page: int = 1000
    is_bucket: bool = True

    @property
    def is_conditional(self) -> bool:
        return self.creates_only and self.swaps


KINDS = {
    "ceph": Kind("Ceph", quotes_etags=False),
    "swift": Kind("Swift", creates_only=False, swaps=False, refuses=True, many=swift.PAGE + 10, page=swift.PAGE),
    "rclone": Kind("rclone", creates_only=False, swaps=False),
    "moto": Kind("moto", signs=False),
    "azurite": Kind("Azurite", many=310, page=5000),
    "google": Kind("Google's API, a stand-in"),
    "directory": Kind("a directory", signs=False, is_bucket=False),
}


@dataclass(frozen=True)
class Stand:
    """One of them, running. `options` are those of the client, and `environ` the same for a process.

    `asked` are the requests that came, where they can be counted.
    """

    kind: Kind
    new: Callable[[], str]
    options: Mapping[str, str]
    environ: Mapping[str, str]
    headers: Callable[[str, str], Mapping[str, str]] | None = None
    asked: "list[Any] | None" = None

    @property
    def is_bucket(self) -> bool:
        return self.headers is not None

    def target(self, url: str = "") -> Transport:
        """The objects below a URL, or in a bucket that nobody used yet."""
        return open_target(url or self.new(), self.options)

    def known(self) -> tuple[Transport, Capabilities]:
        """A new bucket as a publisher has it: what it can do is found out."""
        transport = self.target()
        found = find_out(transport)
        return adapted(transport, found), found


def stand(name: str, request: pytest.FixtureRequest, folder: Path) -> Stand:
    """A store, started when it is the first time that it is asked for."""
    kind = KINDS[name]
    if name == "directory":
        return Stand(kind, lambda: str(folder / f"target-{next(_directories)}"), {}, {})
    server = request.getfixturevalue(name if name != "moto" else "object_server")
    return _MADE[type(server)](kind, server) if type(server) in _MADE else _s3(kind, server)


def _s3(kind: Kind, server: S3Endpoint) -> Stand:
    return Stand(kind, _below(server), server.options, server.environ(), server.headers)


def _moto(kind: Kind, server: ObjectServer) -> Stand:
    return Stand(kind, _below(server), server.options, server.environ(), server.headers, server.asked)


def _azure(kind: Kind, server: Azurite) -> Stand:
    environ = {f"AZURE_STORAGE_{key.upper()}": value for key, value in server.options.items()}
    return Stand(kind, _below(server), server.options, environ, server.headers)


def _google(kind: Kind, server: GcsStandIn) -> Stand:
    environ = {f"GOOGLE_{key.upper()}": value for key, value in server.options.items()}
    return Stand(kind, _below(server), server.options, environ, server.headers, server.asked)


def _below(server: Any) -> Callable[[], str]:
    return lambda: f"{server.new_bucket()}/live site"


_MADE: Mapping[type, Callable[[Kind, Any], Stand]] = {ObjectServer: _moto, Azurite: _azure, GcsStandIn: _google}
