"""A bucket that is published to, and both caches before it."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from urllib.request import Request, urlopen

from django.test import override_settings
from tests.helpers.object_server import Application, ObjectServer, Start
from tests.releases.sites import released
from tests.system.edges import EDGES, Edge, running

from clearway.cli import main

PREFIX = "/static/"
_SIGNED = "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
Habit = Callable[[Application, dict[str, Any], Start], Iterable[bytes]]


@dataclass
class Lab:
    """`files` are all that were published, with their `urls`; the caches fetch from the `store`."""

    root: Path
    store: ObjectServer
    target: str
    coding: str
    edges: dict[str, Edge] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)

    def publish(self, files: dict[str, bytes]) -> dict[str, str]:
        """One more release, with these files as well; the URL path of each, which are in `urls` as well."""
        self.files |= files
        (release,) = released(self.root, self.files)
        with redirect_stdout(StringIO()):
            coding = ["--coding", self.coding] if self.coding else []
            assert main(["publish", "--root", str(self.root), self.target, "--apply", *coding]) == 0
        made = {name: PREFIX + quote(release.assets[name].name) for name in files}
        self.urls |= made
        return made

    def put(self, name: str, data: bytes, caching: str) -> str:
        """An object beside those of the releases; its URL path."""
        headers = {"Authorization": _SIGNED, "Cache-Control": caching, "Content-Type": "text/plain"}
        where = f"{self.store.url}/{self.target.removeprefix('s3://')}/{name}"
        with urlopen(Request(where, data, headers, method="PUT")):
            return PREFIX + name

    def delete(self, url: str) -> None:
        """Remove the object at a URL path."""
        where = f"{self.store.url}/{self.target.removeprefix('s3://')}/{url.removeprefix(PREFIX)}"
        with urlopen(Request(where, headers={"Authorization": _SIGNED}, method="DELETE")):
            pass

    def asked(self, url: str) -> int:
        """How often the store was asked for the file at a URL path, or for one of its variants."""
        name = unquote(url).removeprefix(PREFIX)
        return sum(f"/live/{name}" in each.path for each in self.store.asked if each.method == "GET")


def opened_to_readers(store: ObjectServer, target: str) -> None:
    """Whoever knows the name of an object may read it, and nobody may list; also what lies beside the releases."""
    bucket = target.removeprefix("s3://").partition("/")[0]
    headers = {"Authorization": _SIGNED, "Content-Type": "application/json"}
    with urlopen(Request(f"{store.url}/{bucket}?policy", policy(bucket).encode(), headers, method="PUT")):
        pass


def policy(bucket: str) -> str:
    """That everybody may read the objects of a bucket."""
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [allowed]})


@contextmanager
def lab(root: Path, coding: str = "") -> Iterator[Lab]:
    """Until the block ends; texts are published in one coding, or with their variants."""
    with ExitStack() as stack:
        store = ObjectServer()
        stack.callback(store.close)
        target = f"{store.new_bucket()}/live"
        opened_to_readers(store, target)
        before = {name: os.environ.get(name) for name in store.environ()}
        os.environ.update(store.environ())
        stack.callback(_restored, before)
        setting = {"publish": {"target": target, "coding": coding, "options": {"endpoint": store.url}}}
        stack.enter_context(override_settings(STATIC_URL=f"http://cdn.example{PREFIX}", CLEARWAY=setting))
        made = Lab(root, store, target, coding)
        made.edges.update({name: stack.enter_context(running(name)) for name in EDGES})
        yield made


def _restored(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
