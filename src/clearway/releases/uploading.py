"""Objects on their way: many at a time, a bounded number of octets in memory, each proven to have arrived."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from hashlib import md5, sha256
from typing import TypeVar

from clearway.catalog.asset import Variant
from clearway.stores.capabilities import keeps_fields
from clearway.stores.decode import decoded
from clearway.stores.foreign import Readable, content
from clearway.stores.transport import Entry, Transport, Version

from .budget import AT_ONCE, Budget
from .errors import ReleaseError
from .objects import Object

_MD5 = re.compile(r'"?([0-9a-f]{32})"?\Z')

Result = TypeVar("Result")
Told = Callable[[int], None]
"""Called with how many are done."""


class Courier:
    """Carries objects from the files of `source` to `target`, and looks at what is there."""

    def __init__(self, source: Readable, target: Transport) -> None:
        self._source = source
        self._target = target
        self._budget = Budget()

    def carry(self, wanted: Iterable[Object], there: Mapping[str, Entry], told: Told) -> list[str]:
        """Upload objects; those that are `there` are replaced. The names under which something else is by now.

        The first error ends it; what was uploaded stays.
        """
        return self._names(wanted, lambda each: self._upload(each, there.get(each.name)), told)

    def strangers(self, there: Mapping[Object, Entry], told: Told) -> list[str]:
        """The names of objects that are not what they must be."""
        return self._names(there, lambda each: self._is_same(each, there[each]), told)

    def mislabelled(self, wanted: Iterable[Object], told: Told) -> list[str]:
        """The names of objects that are answered with other header fields, in a target that keeps them."""
        found = self._names(wanted, self._is_labelled, told)
        return found if found and keeps_fields(self._target) else []

    def encodings(self, there: Mapping[Object, Entry], told: Told) -> dict[str, Variant]:
        """By name, the contents of objects that are another encoding of the same text, and are answered as such."""
        found = {}
        for done, (each, is_there) in enumerate(_each(there, lambda each: self._encoding(each, there[each])), 1):
            told(done)
            if is_there:
                found[each.name] = is_there
        return found

    def found(self, name: str, size: int) -> tuple[Variant, Entry] | None:
        """What the target has under a name."""
        with self._budget.spent(size):
            try:
                data, entry = self._target.read(name)
            except FileNotFoundError:
                return None
            return content(data), entry

    def _upload(self, wanted: Object, there: Entry | None) -> bool:
        with self._budget.spent(wanted.content.size):
            data = self._read(wanted)
            if there:
                version: Version | None = self._target.swap(wanted.name, data, wanted.fields, there.version)
            else:
                version = self._target.create(wanted.name, data, wanted.fields)
            if version and proven(version, data):
                return True
        return self._has(wanted, wanted.content.size)

    def _is_same(self, wanted: Object, there: Entry) -> bool:
        if there.size != wanted.content.size:
            return False
        with self._budget.spent(wanted.content.size):
            if digest_of(there.version) and proven(there.version, self._read(wanted)):
                return True
        return self._has(wanted, there.size)

    def _encoding(self, wanted: Object, there: Entry) -> Variant | None:
        with self._budget.spent(there.size), suppress(FileNotFoundError):
            data = self._target.read(wanted.name)[0]
            text = decoded(wanted.fields.encoding, data)
            if text is not None and sha256(text).hexdigest() == wanted.plain and self._is_labelled(wanted):
                return content(data)
        return None

    def _is_labelled(self, wanted: Object) -> bool:
        try:
            return self._target.fields(wanted.name) in (None, wanted.fields)
        except FileNotFoundError:  # a prune was quicker, which is found out at the end
            return True

    def _has(self, wanted: Object, size: int) -> bool:
        found = self.found(wanted.name, size)
        return found is not None and found[0] == wanted.content

    def _read(self, wanted: Object) -> bytes:
        """The contents. Raises `ReleaseError` when the file is not what its record says."""
        try:
            data = self._source.read(wanted.file)
        except FileNotFoundError:
            data = b""
        if content(data) != wanted.content:
            raise ReleaseError(f"{wanted.file} is not what its record says; build it again: run collectstatic")
        return data

    def _names(self, wanted: Iterable[Object], is_right: Callable[[Object], bool], told: Told) -> list[str]:
        found = []
        for done, (each, right) in enumerate(_each(wanted, is_right), 1):
            told(done)
            if not right:
                found.append(each.name)
        return sorted(found)


def proven(version: Version, data: bytes) -> bool:
    """Whether the word of a store says that it has these bytes: their MD5, or in a directory their SHA-256."""
    if version.etag and len(version.etag) == 64:
        return version.etag == sha256(data).hexdigest()
    return digest_of(version) == md5(data, usedforsecurity=False).hexdigest()


def digest_of(version: Version) -> str | None:
    """The MD5 that an entity tag may be; that of S3 is none where the store encrypts with keys of its own."""
    found = _MD5.match(version.etag or "")
    return found[1] if found else None


def _each(wanted: Iterable[Object], work: Callable[[Object], Result]) -> Iterator[tuple[Object, Result]]:
    """Results as they come, of as much as is begun ahead. The first error is raised when what runs has ended."""
    running: dict[Future[Result], Object] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for each in wanted:
            running[pool.submit(work, each)] = each
            if len(running) >= 2 * AT_ONCE:
                yield from _done(running)
        while running:
            yield from _done(running)


def _done(running: dict[Future[Result], Object]) -> Iterator[tuple[Object, Result]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()
