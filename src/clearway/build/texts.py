"""Sources as the plan sees them: what they hold and whom they mention, known without reading where it is remembered."""

import json
import marshal
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import md5, sha256, sha384
from pathlib import Path
from posixpath import splitext
from struct import Struct
from typing import NamedTuple, Self

from clearway.catalog.asset import Variant

from . import references
from .cache import Cache
from .errors import SourceChangedError
from .memory import Memory, identity, is_settled, key
from .references import Reference
from .sources import Source
from .urls import Urls

Find = Callable[[str, bytes], list[Reference]]
"""From a logical name and the octets to the references."""

_CONTENT = Struct("<Q32s48s16s")


class Mention(NamedTuple):
    """What a reference says, and where: all that the graph needs."""

    start: int
    url: str
    kind: str
    target: str | None  # the logical name that the URL means, if it means one


@dataclass(frozen=True, slots=True)
class Content:
    """Octets by their size and digests: `sha256` and `md5` in hex, `sha384` in base64."""

    size: int
    sha256: str
    sha384: str
    md5: str

    @classmethod
    def of(cls, data: bytes) -> Self:
        integrity = b64encode(sha384(data).digest()).decode()
        return cls(len(data), sha256(data).hexdigest(), integrity, md5(data, usedforsecurity=False).hexdigest())

    @classmethod
    def unpacked(cls, row: bytes) -> Self:
        size, one, two, three = _CONTENT.unpack_from(row)
        return cls(size, one.hex(), b64encode(two).decode(), three.hex())

    def short(self) -> Variant:
        """Size and SHA-256."""
        return Variant(self.size, self.sha256)

    def packed(self) -> bytes:
        digests = bytes.fromhex(self.sha256), b64decode(self.sha384), bytes.fromhex(self.md5)
        return _CONTENT.pack(self.size, *digests)


@dataclass(frozen=True)
class Finish:
    """What happens to a file after its references were rewritten. `version` is part of what is remembered."""

    version: str = ""
    applies: Callable[[Source], bool] = lambda source: False
    run: Callable[[str, bytes], bytes] = lambda name, data: data


class Text:
    """One source. Its octets are read when they are needed; then they must still be `original`, as was planned."""

    __slots__ = ("_data", "_find", "_finish", "_found", "original", "source")

    def __init__(self, source: Source, original: Variant, finish: Finish | None, find: Find = references.find) -> None:
        self.source, self.original = source, original
        self._find = find
        self._finish = finish
        self._data: bytes | None = None
        self._found: Sequence[Reference] | None = None

    def read_ahead(self, data: bytes, found: Sequence[Reference] | None) -> None:
        """Keep what is at hand anyway until `release`."""
        self._data, self._found = data, found

    def release(self) -> None:
        """Let go of the octets."""
        self._data = None

    @property
    def is_finished(self) -> bool:
        """Whether something happens to it besides rewriting."""
        return self._finish is not None

    def data(self) -> bytes:
        """The source. Raises `SourceChangedError` when it is no longer what was planned."""
        if self._data is not None:
            return self._data
        data = self.source.read()
        if len(data) != self.original.size or sha256(data).hexdigest() != self.original.sha256:
            raise SourceChangedError(f"{self.source.name} changed while it was read; run the same command again")
        return data

    def rewritten(self, numbers: Iterable[int], changed: Callable[[int, str], str]) -> bytes:
        """The source with other URLs for the references of these numbers: `changed` gives them, from the old ones."""
        data = self.data()
        if self._found is None:
            self._found = self._find(self.source.name, data)
        found = self._found
        return references.edited(data, [found[number].edit(changed(number, found[number].url)) for number in numbers])

    def finished(self, data: bytes) -> bytes:
        """What is published of the source after its references were rewritten."""
        return self._finish.run(self.source.name, data) if self._finish else data


class Reading(NamedTuple):
    """What a source is, holds and mentions."""

    text: Text
    content: Content
    mentions: tuple[Mention, ...] = ()


class Reader:
    """Reads sources, unless a memory knows them; and keeps what was found in them in the cache.

    With a `find` of the project's, which nobody can know by its version, nothing is kept.
    """

    def __init__(
        self,
        memory: Memory | None = None,
        cache: Cache | None = None,
        finish: Finish | None = None,
        find: Find | None = None,
    ) -> None:
        self._find = find or references.find
        self._can_refer = references.can_refer if find is None else lambda name: True
        self._memory = memory if memory and not find else Memory()
        self._cache = cache if cache and not find else Cache()
        self.finish = finish or Finish()

    def read(self, source: Source, urls: Urls, *, as_is: bool = False) -> Reading:
        """One source; `as_is`: nothing happens to it."""
        finish = self.finish if not as_is and self.finish.applies(source) else None
        found = identity(source.path) if source.path else None
        context = f"{urls.static_url}\0{source.name}".encode("utf-8", "surrogateescape")
        row_key = key(b"source", context, found[0]) if found else b""
        row = self._memory.get(row_key) if found else None
        if row is not None:
            content = Content.unpacked(row)
            return Reading(Text(source, content.short(), finish), content, _mentions(row[_CONTENT.size :]))
        reading = self._read(source, urls, finish)
        if found and is_settled(found[1]):
            mentioned = marshal.dumps([tuple(each) for each in reading.mentions]) if reading.mentions else b""
            self._memory.put(row_key, reading.content.packed() + mentioned)
        return reading

    def content(self, reading: Reading, targets: Mapping[int, str], base: str, read: Callable[[], bytes]) -> Content:
        """What will be published, which `read` gives.

        Everything else decides what that is: the references by these numbers lead to `targets` below `base`.
        """
        text = reading.text
        if not targets and not text.is_finished:
            return reading.content
        finish = self.finish.version if text.is_finished else ""
        wanted = "\0".join(
            [text.original.sha256, text.source.name, finish, base, *map(str, targets), *targets.values()]
        )
        row_key = key(b"made", wanted.encode("utf-8", "surrogateescape"))
        row = self._memory.get(row_key)
        if row is not None:
            return Content.unpacked(row)
        made = Content.of(read())
        self._memory.put(row_key, made.packed())
        return made

    def _read(self, source: Source, urls: Urls, finish: Finish | None) -> Reading:
        data = source.read()
        content = Content.of(data)
        text = Text(source, content.short(), finish, self._find)
        found = self._references(source.name, data, content) if self._can_refer(source.name) else ()
        text.read_ahead(data, found)
        mentions = tuple(Mention(each.start, each.url, each.kind, urls.target(each.url, source.name)) for each in found)
        return Reading(text, content, mentions)

    def _references(self, name: str, data: bytes, content: Content) -> Sequence[Reference]:
        """Of some octets: where they stand is kept, unless a language has a say in how a URL is written there."""
        entry = f"references {code_version()} {splitext(name)[1].lower()} {content.sha256}"
        kept = self._cache.get(entry)
        if kept is not None:
            return [Reference(*row) for row in json.loads(kept)] if kept else ()
        found = self._find(name, data)
        if not any(each.spelling for each in found):
            rows = [[each.start, each.end, each.url, each.kind] for each in found]
            self._cache.put(entry, json.dumps(rows).encode() if rows else b"")
        return found


def _mentions(row: bytes) -> tuple[Mention, ...]:
    return tuple(map(Mention._make, marshal.loads(row))) if row else ()


@cache
def code_version() -> str:
    """A digest of the code that finds references: nobody has to think of raising a number."""
    paths = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(sha256(path.read_bytes()).digest() for path in paths)).hexdigest()[:16]
