"""`python -m tests.bad_input.fuzz --seed S --seconds N`: random requests, and three who must agree about them.

The WSGI and the ASGI adapter answer every request alike, however odd. What is asked in good form is also asked of the
honest server of the conformance suite, which shares nothing with either. Exit codes: 0 all agreed, 1 somebody did not.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from tests.bad_input.site import CANARY
from tests.conformance import honest
from tests.conformance.site import ENCODERS, plain_files
from tests.helpers.asgi import asgi as call_asgi
from tests.helpers.replies import Reply
from tests.helpers.wsgi import environ, run

from clearway import asgi, wsgi

STATUSES = frozenset({200, 204, 206, 304, 404, 405, 412, 416})
SECOND = int(honest.MODIFIED.timestamp())
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """A request; `{tag}` and `{tag:gzip}` in a value stand for an entity tag of the file that is asked for."""

    method: str
    target: str
    fields: Pairs
    is_plain: bool


# --- what is asked


class Requests:
    """Random requests about some names."""

    def __init__(self, seed: int, names: Sequence[str]) -> None:
        self._chance, self._names = random.Random(seed), names

    def make(self) -> Asked:
        return self._plain() if self._chance.random() < 0.4 else self._odd()

    def _plain(self) -> Asked:
        """In good form, and where the RFCs leave one answer."""
        pick = self._chance.choice
        fields = [(name, pick(values)) for name, values in PLAIN.items() if self._chance.random() < 0.25]
        names = [name for name, _ in fields]
        if "Range" in names:  # which representation a range is of, is for the server to say
            fields = [pair for pair in fields if pair[0] != "Accept-Encoding"]
        else:
            fields = [pair for pair in fields if pair[0] != "If-Range"]
        method = self._chance.choice(("GET", "GET", "GET", "HEAD"))
        name = pick(self._names) if self._chance.random() < 0.9 else "missing.css"
        return Asked(method, f"/static/{name}", tuple(fields), is_plain=True)

    def _odd(self) -> Asked:
        fields = [(self._chance.choice(FIELDS), self._value()) for _ in range(self._chance.randrange(5))]
        method = self._chance.choice(METHODS)
        return Asked(method, self._target(), tuple(fields), is_plain=False)

    def _target(self) -> str:
        target = self._chance.choice(("/static/", "/static/", "/", "/static")) + self._chance.choice(self._names)
        return self._mutated(target, PATH_PARTS) if self._chance.random() < 0.7 else target

    def _value(self) -> str:
        value = self._chance.choice([*self._chance.choice(list(PLAIN.values())), *VALUES])
        return self._mutated(value, VALUE_PARTS) if self._chance.random() < 0.7 else value

    def _mutated(self, text: str, parts: Sequence[str]) -> str:
        chance = self._chance
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(text) + 1)
            end = min(len(text), at + chance.choice((0, 0, 1, 2, 9)))
            text = text[:at] + chance.choice(parts) * chance.choice((1, 1, 1, 2, 50)) + text[end:]
        return text


def dates(*offsets: int) -> list[str]:
    moments = [honest.MODIFIED.fromtimestamp(SECOND + offset, honest.UTC) for offset in offsets]
    return [moment.strftime(form) for moment in moments for form in honest.FORMS]


TAGS = ["{tag}", "W/{tag}", "{tag:gzip}", '"other"', '"other", {tag}', 'W/"x" , {tag:br}', "*", '""', '"a,b", W/{tag}']
DATES = dates(-1, 0, 1, 86_400)
PLAIN: dict[str, list[str]] = {
    "Accept-Encoding": [
        "gzip",
        "br",
        "gzip, br, zstd",
        "x-gzip",
        "gzip;q=0, br;q=0.5",
        "identity",
        "",
        "BR;q=1.0",
        "deflate",
    ],
    "If-Match": TAGS,
    "If-Unmodified-Since": DATES,
    "If-None-Match": TAGS,
    "If-Modified-Since": DATES,
    "Range": [
        "bytes=0-0",
        "bytes=5-",
        "bytes=-3",
        "bytes=0-99999",
        "bytes=99999-",
        "bytes=2-1",
        "bytes=0-1,3-4",
        "x=0-1",
    ],
    "If-Range": ["{tag}", '"other"', "W/{tag}", *dates(0, 5)[:1], *dates(5)[:1]],
}
FIELDS = [*PLAIN, "range", "IF-NONE-MATCH", "If_None_Match", "X-Other", "Access-Control-Request-Method", "Origin"]
VALUES = ["", " ", "*", "GET", "x" * 300, "0-0", '"', "W/", "bytes", "\xff\xfe", "gzip;q=nan", "*;q=0"]
METHODS = ["GET"] * 6 + ["HEAD", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE", "get", "X" * 40]
PATH_PARTS = [
    "..", "../", "/", "//", "\\", "%2e", "%2f", "%5c", "%00", "%0a", "%0d", "%ff", "%c0%ae", "%25", ".", ";", "?", "~",
    "A", "%C3%BC", "/./", "d/", ".gz", ".br", "%20", "canary.txt", ".env", "link/", ":", "*", "@",
]  # fmt: skip
VALUE_PARTS = [
    ",",
    ";",
    "=",
    '"',
    "-",
    " ",
    "\t",
    "W/",
    "q=0",
    "*",
    "0",
    "9" * 30,
    "bytes=",
    "{tag}",
    "\xe9",
    "GMT",
    "",
    "x",
]


# --- who answers


class Three:
    """The two adapters over one tree, and the honest server over the same files."""

    def __init__(self, home: Path) -> None:
        root = home / "static"
        plain = {name: data for name, data in plain_files().items() if name != "a.tar"} | {"d/ü b.css": b"u{}"}
        self.files = plain | {"site.css" + end: encode(plain["site.css"]) for end, encode in ENCODERS.items()}
        for name, data in (self.files | {".env": CANARY, "../canary.txt": CANARY}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            os.utime(path, (SECOND, SECOND))
        (root / "link").symlink_to("..", target_is_directory=True)
        self.names = [name for name in plain if name.isascii()]
        by_wsgi, by_asgi = wsgi.Clearway(), asgi.Clearway()
        by_wsgi.add_files(root, "static")
        by_asgi.add_files(root, "static")
        self._wsgi, self._asgi = by_wsgi, by_asgi

    def disagreements(self, asked: Asked) -> Iterator[str]:
        fields = self._filled(asked, 32)
        by_wsgi, by_asgi = self._by_wsgi(asked, fields), self._by_asgi(asked, fields)
        if by_wsgi.comparable != by_asgi.comparable:
            yield f"WSGI {by_wsgi}, ASGI {by_asgi}"
        if by_wsgi.status not in STATUSES or CANARY in by_wsgi.body:
            yield f"{by_wsgi}"
        if asked.is_plain:
            yield from self._unlike_honest(asked, by_wsgi)

    def _by_wsgi(self, asked: Asked, fields: Pairs) -> Reply:
        """As servers join fields of one name; those with an underscore are left out, which gunicorn does."""
        joined: dict[str, str] = {}
        for name, value in fields:
            if "_" not in name:
                key = name.upper()
                joined[key] = f"{joined[key]},{value}" if key in joined else value
        return run(self._wsgi, environ(asked.target, asked.method, joined))

    def _by_asgi(self, asked: Asked, fields: Pairs) -> Reply:
        return call_asgi(self._asgi, asked.target, asked.method, fields)

    def _unlike_honest(self, asked: Asked, ours: Reply) -> Iterator[str]:
        request = honest.Request(asked.method, asked.target, "HTTP/1.1", self._filled(asked, 16))
        due = honest.answer(request, "/static/", self.files)
        content = b"" if asked.method == "HEAD" else due.body
        if due.status != ours.status:
            yield f"{ours.status}, honest {due.status}"
        elif due.status in (200, 206) and ours.body != content:
            yield f"{ours.status} with other content"
        for name in ("Content-Encoding", "Content-Range", "Vary"):
            if due.status == ours.status != 404 and ours[name] != due.get(name):
                yield f"{name}: {ours[name]}, honest {due.get(name)}"

    def _filled(self, asked: Asked, digits: int) -> Pairs:
        """With entity tags of so many digits for their placeholders."""
        name = asked.target.removeprefix("/static/")
        suffixes = {"{tag}": "", "{tag:gzip}": ".gz", "{tag:br}": ".br"}
        tags = {
            mark: f'"{sha256(self.files.get(name + end, b"")).hexdigest()[:digits]}"' for mark, end in suffixes.items()
        }

        def filled(value: str) -> str:
            for mark, tag in tags.items():
                value = value.replace(mark, tag)
            return value

        return tuple((field, filled(value)) for field, value in asked.fields)


# --- the run


@dataclass
class Result:
    """How many requests had which status, and what was found, the first of each kind."""

    statuses: Counter[int]
    found: list[str]


def fuzz(home: Path, seed: int, goes_on: Callable[[int], bool]) -> Result:
    """Ask until `goes_on`, which is given the number of requests so far, says no."""
    three = Three(home)
    requests, result = Requests(seed, three.names), Result(Counter(), [])
    for number in count():
        if not goes_on(number) or len(result.found) >= 10:
            return result
        asked = requests.make()
        result.statuses[three._by_wsgi(asked, three._filled(asked, 32)).status] += 1
        result.found += [f"seed {seed}, request {number}, {asked}: {text}" for text in three.disagreements(asked)]
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bad_input.fuzz", description=__doc__, allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--seconds", type=float, default=min(60.0, float(os.environ.get("SECONDS") or 60)))
    options = parser.parse_args(arguments)
    print(f"soak: requests, seed {options.seed}, {options.seconds:.0f} s", file=sys.stderr, flush=True)
    until = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as home:
        result = fuzz(Path(home), options.seed, lambda _: time.monotonic() < until)
    for status, number in sorted(result.statuses.items()):
        print(f"{number:>8,}  answered {status}")
    for text in result.found:
        print(f"found: {text}")
    print("the adapters disagreed" if result.found else "WSGI, ASGI and the honest server agreed on every request")
    return 1 if result.found else 0


if __name__ == "__main__":
    sys.exit(main())
