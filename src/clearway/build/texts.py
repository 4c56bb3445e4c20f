"""Sources as the plan sees them: what they hold and whom they mention, known without reading where it is remembered."""

import json
import marshal
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import md5, sha256, sha384
from pathlib import Path
from posixpath import splitext
from struct import Struct
from typing import NamedTuple, Self

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
    """One source. Its octets are read when they are needed; then they must still be what was planned with."""

    __slots__ = ("_data", "_find", "_finish", "_found", "content", "mentions", "source")

    def __init__(
        self,
        source: Source,
        content: Content,
        mentions: tuple[Mention, ...],
        finish: Finish | None,
        find: Find = references.find,
    ) -> None:
        self.source, self.content, self.mentions = source, content, mentions
        self._find = find
        self._finish = finish
        self._data: bytes | None = None
        self._found: list[Reference] | None = None

    def read_ahead(self, data: bytes, found: list[Reference] | None) -> None:
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
        if len(data) != self.content.size or sha256(data).hexdigest() != self.content.sha256:
            raise SourceChangedError(f"{self.source.name} changed while it was collected; run collectstatic again")
        return data

    def rewritten(self, urls: Mapping[int, str]) -> bytes:
        """The source with other URLs, by the number of the reference."""
        data = self.data()
        if self._found is None:
            self._found = self._find(self.source.name, data)
        return references.edited(data, [self._found[number].edit(url) for number, url in urls.items()])

    def made(self, urls: Callable[[], Mapping[int, str]]) -> bytes:
        """What is published."""
        wanted = urls()
        data = self.rewritten(wanted) if wanted else self.data()
        return self._finish.run(self.source.name, data) if self._finish else data


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

    def text(self, source: Source, urls: Urls, *, as_is: bool = False) -> Text:
        """One source; `as_is`: nothing happens to it."""
        finish = self.finish if not as_is and self.finish.applies(source) else None
        found = identity(source.path) if source.path else None
        context = f"{urls.static_url}\0{source.name}".encode("utf-8", "surrogateescape")
        row_key = key(b"source", context, found[0]) if found else b""
        row = self._memory.get(row_key) if found else None
        if row is not None:
            return Text(source, Content.unpacked(row), _mentions(row[_CONTENT.size :]), finish)
        text = self._read(source, urls, finish)
        if found and is_settled(found[1]):
            mentioned = marshal.dumps([tuple(each) for each in text.mentions]) if text.mentions else b""
            self._memory.put(row_key, text.content.packed() + mentioned)
        return text

    def content(self, text: Text, targets: Mapping[int, str], base: str, read: Callable[[], bytes]) -> Content:
        """What will be published, which `read` gives.

        Everything else decides what that is: the references by these numbers lead to `targets` below `base`.
        """
        if not targets and not text.is_finished:
            return text.content
        finish = self.finish.version if text.is_finished else ""
        wanted = "\0".join([text.content.sha256, text.source.name, finish, base, *map(str, targets), *targets.values()])
        row_key = key(b"made", wanted.encode("utf-8", "surrogateescape"))
        row = self._memory.get(row_key)
        if row is not None:
            return Content.unpacked(row)
        made = Content.of(read())
        self._memory.put(row_key, made.packed())
        return made

    def _read(self, source: Source, urls: Urls, finish: Finish | None) -> Text:
        data = source.read()
        content = Content.of(data)
        if not self._can_refer(source.name):
            text = Text(source, content, (), finish)
            text.read_ahead(data, None)
            return text
        extension = splitext(source.name)[1].lower()
        entry = f"references {code_version()} {extension} {content.sha256}"
        mentioned, found = self._cache.get(entry), None
        if mentioned is None:
            found = self._find(source.name, data)
            mentioned = json.dumps([[each.start, each.url, each.kind] for each in found]).encode() if found else b""
            self._cache.put(entry, mentioned)
        said = json.loads(mentioned) if mentioned else ()
        mentions = tuple(Mention(start, url, kind, urls.target(url, source.name)) for start, url, kind in said)
        text = Text(source, content, mentions, finish, self._find)
        text.read_ahead(data, found)
        return text


def _mentions(row: bytes) -> tuple[Mention, ...]:
    return tuple(map(Mention._make, marshal.loads(row))) if row else ()


@cache
def code_version() -> str:
    """A digest of the code that finds references: nobody has to think of raising a number."""
    paths = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(sha256(path.read_bytes()).digest() for path in paths)).hexdigest()[:16]
