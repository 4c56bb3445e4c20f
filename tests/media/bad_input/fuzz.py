"""`python -m tests.media.bad_input.fuzz --seed S --seconds N`: random names and requests for users' files.

A name is kept under a harmless one, or refused, by every storage, and comes back under its URL. A request gets the same
answer by WSGI and by ASGI, never a file of another user or from outside, and never an error of the server. Exit codes:
0 nothing was found, 1 something was.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import InMemoryStorage, Storage
from django.test import override_settings
from tests.bad_input.fuzz import FIELDS, METHODS, PATH_PARTS, PLAIN, VALUE_PARTS, VALUES
from tests.bad_input.site import CANARY, FORGED
from tests.helpers.released import write
from tests.helpers.replies import Reply
from tests.helpers.roads import ROADS, Road
from tests.media.bad_input.kept import MINE, astray, harms, kept
from tests.media.bad_input.names import every_name, shown

from clearway.media import GuardedStorage, MediaStorage

ASKED = [method for method in METHODS if method.isupper() and len(method) < 20]  # of others Django makes upper case
STATUSES = frozenset({200, 204, 206, 304, 400, 404, 405, 412, 416})
PIECES = (
    ".", "..", "/", "\\", "../", "\0", " ", "CON", "nul", ".php", ".html", "\u202e", "\u200d", "\u0301", "\ud800",
    "\r\n", "\n", ":", ";", '"', "'", "%2e", "%", "&#46;",
    ".clearway-", ".tmp", "\ufdfa", "e\u0301", "\u00e9", "x" * 250, "\u65e5" * 90, " " * 250, "." * 250, "a/" * 200,
    "~", "-", "_", "canary.txt", FORGED.decode(), "\u212a", "\uff0e",
)  # fmt: skip
FILES = {"a.css": b"a{}", "d/b.png": b"\x89PNG\r\n\x1a\n", "\u00fc b.txt": b"u", "empty.txt": b"", "page.html": b"<p>"}
SECRETS = (CANARY, b"root:x:0")


@dataclass
class Result:
    """How many had which outcome, and what was found, the first of each kind."""

    outcomes: Counter[str]
    found: list[str]


class Mutations:
    """Random changes of what is bad already."""

    def __init__(self, seed: int) -> None:
        self.chance, self._names = random.Random(seed), [name for name in every_name() if len(name) < 3000]

    def name(self) -> str:
        return self.mutated(self.chance.choice(self._names), PIECES)

    def request(self, prefix: str) -> tuple[str, str, dict[str, str]]:
        """(target, method, fields)"""
        pick = self.chance.choice
        name = (
            quote(pick([*FILES, ".env", "canary.txt", "link/canary.txt", "none.css"]))
            if self.chance.random() < 0.6
            else quote(self.name(), errors="replace")
        )
        parts = [*PATH_PARTS, "bob/", "../bob/", ".clearway-quarantine/", "%2e%2e/", "link/"]
        target = self.mutated(prefix + name, parts) if self.chance.random() < 0.4 else prefix + name
        fields = {
            pick(FIELDS): self.mutated(pick([*pick(list(PLAIN.values())), *VALUES]), VALUE_PARTS)
            for _ in range(self.chance.randrange(3))
        }
        return (
            f"/{target.lstrip('/')}" if target[:1] != "/" else target,
            pick(ASKED),
            {name: value for name, value in fields.items() if "_" not in name},
        )

    def mutated(self, text: str, parts: Sequence[str]) -> str:
        chance = self.chance
        for _ in range(chance.randrange(4)):
            at = chance.randrange(len(text) + 1)
            end = min(len(text), at + chance.choice((0, 0, 1, 2, 9)))
            text = text[:at] + chance.choice(parts) * chance.choice((1, 1, 1, 2, 30)) + text[end:]
        return text


# --- names


class Names:
    """Storages of every kind in one directory each, and the road on which the first one's files come back."""

    def __init__(self, home: Path) -> None:
        self._home, self._road = home, ROADS["WSGI"]()
        self._storages: dict[str, Storage] = {
            "kept": MediaStorage(home / "media", "/media/"),
            "opaque": MediaStorage(home / "keyed", "/media/", names="opaque", fan_out=1),
            "guarded": GuardedStorage(InMemoryStorage("memory", "/media/"), names="opaque"),
        }

    def faults(self, name: str) -> Iterator[str]:
        for kind, storage in self._storages.items():
            place = kept(storage, name)
            if place is None:
                continue
            yield from harms(name, place)
            yield from astray(place, storage.url(place))
            if not (kind == "guarded" or self._is_below(storage, place)):
                yield f"{shown(name)} was kept outside: {shown(place)}"
            if kind == "kept":
                yield from self._unserved(storage.url(place))
                storage.delete(place)

    def _is_below(self, storage: Storage, place: str) -> bool:
        real = os.path.realpath(storage.path(place))
        return real.startswith(f"{os.path.realpath(storage.path(''))}/") and os.path.isfile(real)

    def _unserved(self, url: str) -> Iterator[str]:
        reply = self._road(url)
        if (reply.status, reply.body) != (200, MINE):
            yield f"{shown(url)}: {reply.status}"
        if not all(value.isascii() and value.isprintable() for _, value in reply.fields):
            yield f"{shown(url)}: {reply.fields}"


# --- requests


class Requests:
    """One request, by WSGI and by ASGI, for a public file and for a private one."""

    def __init__(self) -> None:
        self._roads: list[Road] = [ROADS["WSGI"](), ROADS["ASGI"](), ROADS["middleware, WSGIHandler"]()]

    def faults(self, target: str, method: str, fields: dict[str, str]) -> Iterator[str]:
        replies = [self._asked(road, target, method, fields) for road in self._roads]
        if len({said(reply) for reply in replies}) > 1:
            yield f"{method} {shown(target)} {fields}: {[(reply.status, reply.body[:50]) for reply in replies]}"
        for reply in replies:
            if reply.status not in STATUSES or any(secret in reply.body for secret in SECRETS):
                yield f"{method} {shown(target)} {fields}: {reply.status} {reply.body[:50]!r}"
            if FORGED.decode().lower() in dict(reply.fields):
                yield f"{method} {shown(target)} {fields}: a forged field"
        self.last = replies[0]

    def _asked(self, road: Road, target: str, method: str, fields: dict[str, str]) -> Reply:
        return road(target, method, {"Cookie": "user=alice", **fields})


def said(reply: Reply) -> tuple[int, bytes, str | None]:
    """What has to be the same, whoever answers."""
    return reply.status, reply.body, dict(reply.fields).get("content-disposition")


# --- the run


@contextmanager
def ground(home: Path) -> Iterator[None]:
    """Files of users, secrets around them, and the settings of a project for them."""
    write(home / "media", {**FILES, ".env": CANARY, ".clearway-quarantine/files/x.css": CANARY})
    write(
        home / "private",
        {f"alice/{name}": data for name, data in FILES.items()} | {"bob/canary.txt": CANARY, "bob/a.css": CANARY},
    )
    write(home, {"canary.txt": CANARY, "media-evil/canary.txt": CANARY, "static/none.txt": b""})
    for folder in (home / "media", home / "private" / "alice"):
        (folder / "link").symlink_to(home / "private" / "bob", target_is_directory=True)
    told = {"media": {"serve": True, "private": {"root": home / "private", "road": "stream"}}}
    with override_settings(
        MEDIA_ROOT=home / "media",
        MEDIA_URL="/media/",
        STATIC_ROOT=home / "static",
        ROOT_URLCONF="tests.media.bad_input.apps.urls",
        STORAGES={**settings.STORAGES, "private": {"BACKEND": "clearway.media.private.PrivateStorage"}},
        CLEARWAY=told,
    ):
        yield


def fuzz(home: Path, seed: int, goes_on: Callable[[int], bool]) -> Result:
    """Ask until `goes_on`, which is given the number so far, says no."""
    made, result = Mutations(seed), Result(Counter(), [])
    with ground(home):
        names, requests = Names(home), Requests()
        for number in count():
            if not goes_on(number) or len(result.found) >= 10:
                return result
            if number % 4 == 0:
                faults, outcome = list(names.faults(made.name())), "names"
            else:
                faults = list(requests.faults(*made.request("/media/" if number % 2 else "/private/alice/")))
                outcome = f"answered {requests.last.status}"
            result.outcomes[outcome] += 1
            result.found += [f"seed {seed}, number {number}: {fault}" for fault in faults]
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.media.bad_input.fuzz", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--seconds", type=float, default=min(60.0, float(os.environ.get("SECONDS") or 60)))
    options = parser.parse_args(arguments)
    print(f"soak: users' files, seed {options.seed}, {options.seconds:.0f} s", file=sys.stderr, flush=True)
    until = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as home:
        result = fuzz(Path(home), options.seed, lambda _: time.monotonic() < until)
    for outcome, number in sorted(result.outcomes.items()):
        print(f"{number:>8,}  {outcome}")
    for text in result.found:
        print(f"found: {text}")
    print("something came out, or went wrong" if result.found else "no name and no request did harm")
    return 1 if result.found else 0


if __name__ == "__main__":
    import logging
    import warnings

    from tests.conftest import pytest_configure

    pytest_configure()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")  # of wsgiref, of methods that it does not know
    sys.exit(main())
