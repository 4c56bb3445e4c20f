"""`python -m tools.soak_publish_reader URL|DIRECTORY`: look at the current release of a target until stdin ends.

It knows nothing of the package but the form of its files, and asks the store itself. At the end it prints what it did
not find and how often it looked, as JSON.
"""

import http.client
import json
import re
import struct
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

SUFFIXES = {"gzip": ".gz", "br": ".br", "zstd": ".zst"}
SHARE_READ = 0.15  # of the objects that were read once; of the others only the size is asked for
PAUSE = 0.1  # seconds
_POINTER = re.compile(rb"([0-9a-f]{16})\n[ \t]*")
_HASHED = re.compile(r"[.-][0-9a-f]{8,12}\.(?!.*map)")

Wanted = tuple[str, int, str]
"""Name, size, SHA-256."""


class UnansweredError(Exception):
    """The store did not say whether the object is there."""


class Place(Protocol):
    def read(self, name: str) -> bytes | None: ...

    def size(self, name: str) -> int | None: ...


class Web:
    """Objects below an address, asked for by plain HTTP."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._prefix = parts.path.rstrip("/")
        self._line = http.client.HTTPConnection(parts.netloc, timeout=120)

    def read(self, name: str) -> bytes | None:
        status, _, body = self._ask("GET", name)
        return body if status == 200 else None

    def size(self, name: str) -> int | None:
        status, length, _ = self._ask("HEAD", name)
        return int(length) if status == 200 else None

    def _ask(self, method: str, name: str) -> tuple[int, str, bytes]:
        try:
            self._line.request(method, f"{self._prefix}/{quote(name)}")
            answer = self._line.getresponse()
            found = answer.status, answer.headers.get("Content-Length", "0"), answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._line.close()
            raise UnansweredError(repr(error)) from error
        if found[0] not in (200, 403, 404):
            raise UnansweredError(f"status {found[0]}")
        return found


class Disk:
    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str) -> bytes | None:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None

    def size(self, name: str) -> int | None:
        try:
            return (self._root / name).stat().st_size
        except FileNotFoundError:
            return None


class Reader:
    """`seen` are objects that were read whole; `kept` are those that any release promised that was current once."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._chance = Random(0)
        self._seen: set[Wanted] = set()
        self._kept: dict[str, set[Wanted]] = {}
        self.looked = 0
        self.current: set[str] = set()

    def misses(self) -> list[str]:
        """What is promised now and not there; the objects of earlier releases too, while the history has them."""
        current = self._place.read(".clearway/current")
        if current is None and not self.current:
            return []
        found = _POINTER.fullmatch(current or b"")
        if found is None:
            return [f"the pointer is {current!r}"]
        id_ = found[1].decode()
        self.current.add(id_)
        missed = list(self._of(id_))
        others = [each for other in self._kept if other != id_ for each in self._retained(other)]
        return [*(missed if missed and self._is_kept(id_) else []), *others, *self._manifest()]

    def _is_kept(self, id_: str) -> bool:
        """Whether a release is current or in the history."""
        history = json.loads(self._place.read(".clearway/history.json") or b"{}")
        return id_ in history.get("releases", {}) or (self._place.read(".clearway/current") or b"")[:16] == id_.encode()

    def _of(self, id_: str) -> Iterator[str]:
        record = self._place.read(f".clearway/releases/{id_}.json")
        if record is None:
            yield f"{id_} is current and has no record"
            return
        objects = self._kept.setdefault(id_, set(promised(json.loads(record))))
        yield from self._index(id_, objects)
        for each in objects:
            yield from self._object(each, id_)

    def _index(self, id_: str, objects: set[Wanted]) -> Iterator[str]:
        data = self._place.read(f".clearway/catalogs/{id_}")
        if data is None:
            yield f"{id_} is current and has no index"
            return
        first, _, rest = data.partition(b"\n")
        if first != b"clearway-index 2 " + sha256(rest).hexdigest().encode():
            yield f"the index of {id_} is not whole"
            return
        head = json.loads(rest[4 : 4 + struct.unpack_from("<I", rest)[0]])
        if head["current"] != id_:
            yield f"the index of {id_} is that of {head['current']}"
        for name, _, _ in objects:
            if not name.endswith((".br", ".gz", ".zst")) and name.encode() not in rest:
                yield f"the index of {id_} does not know {name}"

    def _manifest(self) -> Iterator[str]:
        data = self._place.read("staticfiles.json")
        if data is None:
            yield "staticfiles.json is not there"
            return
        missed = [name for name in json.loads(data)["paths"].values() if self._place.size(name) is None]
        if missed and self._place.read("staticfiles.json") == data:
            yield from (f"staticfiles.json gives {name}, which is not there" for name in missed)

    def _object(self, wanted: Wanted, id_: str) -> Iterator[str]:
        name, size, digest = wanted
        self.looked += 1
        if not _HASHED.search(name):  # its content may change before the pointer does
            if self._place.size(name) is None:
                yield f"{id_} promises {name}, which is not there"
        elif wanted in self._seen and self._chance.random() > SHARE_READ:
            if self._place.size(name) != size:
                yield f"{id_} promises {name}, which is not there with {size} octets"
        else:
            data = self._place.read(name)
            if data is None or sha256(data).hexdigest() != digest:
                yield f"{id_} promises {name}, which is {'other bytes' if data else 'not there'}"
            self._seen.add(wanted)

    def _retained(self, id_: str) -> Iterator[str]:
        """A few objects of an earlier release: pages of it are still open."""
        found = [
            each
            for wanted in self._kept[id_]
            if self._chance.random() < SHARE_READ
            for each in self._object(wanted, id_)
        ]
        yield from found if found and self._is_kept(id_) else ()


def promised(record: dict[str, Any]) -> Iterator[Wanted]:
    """The objects of a release."""
    for asset in record["assets"].values():
        yield asset["name"], asset["size"], asset["sha256"]
        for coding, variant in asset["variants"].items():
            yield asset["name"] + SUFFIXES[coding], variant["size"], variant["sha256"]


def main() -> int:
    where = sys.argv[1]
    reader = Reader(Web(where) if "://" in where else Disk(Path(where)))
    end = Event()
    Thread(target=_until_the_end, args=(end,), daemon=True).start()
    found: list[str] = []
    passes = unanswered = 0
    is_last = False
    while not is_last and len(found) < 20:
        is_last = end.wait(PAUSE)  # one whole pass after the end, too
        try:
            found += reader.misses()
            passes += 1
        except UnansweredError:
            unanswered += 1
    said = {"found": found, "passes": passes, "looked": reader.looked, "unanswered": unanswered}
    print(json.dumps(said | {"current": len(reader.current)}))
    return 0


def _until_the_end(end: Event) -> None:
    sys.stdin.read()
    end.set()


if __name__ == "__main__":
    sys.exit(main())
