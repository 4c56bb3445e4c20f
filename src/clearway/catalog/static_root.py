"""STATIC_ROOT as layers: the index of the current release, or what can be made of a directory without one.

    1. the index named by `current` (or by a pinned release): every retained release, no walk
    2. a damaged index: the release records that it was made from
    3. `staticfiles.json`, Django's manifest: its hashed names are immutable, the tree is walked once
    4. one walk

Entries at the top that no record lists (django-compressor's output, translations …) are walked in each case.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from clearway.http.header_rules import HeaderRules

from . import layout
from .directory_files import DirectoryFiles, Immutable, WatchedFiles, never
from .errors import RecordError, UnknownReleaseError
from .history import History
from .index import Index, encode
from .layer import Layer
from .newer_releases import NewerReleases
from .release import Release
from .release_files import ReleaseFiles
from .report import report
from .tree import Tree

T = TypeVar("T")


@dataclass(frozen=True)
class StaticRoot:
    """A STATIC_ROOT to serve below the URL prefix `url`.

    `records` is the folder of Clearway's own files, `release` pins one release by id, `live` names directories
    that are listed again on a miss.
    """

    root: str
    url: str
    rules: HeaderRules
    records: str
    release: str | None = None
    live: tuple[str, ...] = ("CACHE/",)

    def layers(self) -> tuple[Layer, ...]:
        """What is served. Raises `UnknownReleaseError` when the pinned release has no record."""
        if not os.path.isdir(self.root):
            report(f"STATIC_ROOT {self.root} is not a directory; run collectstatic")
            return ()
        index = self._index()
        if index is None:
            return self._without_record()
        unlisted = frozenset(self._tree().top()) - index.top - self._live_tops
        files = ReleaseFiles(index, self.root, self.rules, self.url)
        newer = NewerReleases(index.current, self._newer)
        return (files, *self._walked(unlisted), *self._live(), newer)

    def _newer(self, known: str) -> tuple[str, ReleaseFiles] | None:
        """The release that is current now, if it is another one and its index can be read."""
        current = self._text(layout.CURRENT)
        if current is None or current == known:
            return None
        index = _readable(lambda: self._read_index(current))
        return (current, ReleaseFiles(index, self.root, self.rules, self.url)) if index else None

    def _read_index(self, release_id: str) -> Index:
        path = self._path(layout.index(release_id))
        return Index(_read(path), path, self._history())

    def _index(self) -> Index | None:
        current = self.release or self._text(layout.CURRENT)
        if current is None:
            return None
        try:
            return self._read_index(current)
        except FileNotFoundError:
            problem = f"the index of release {current} is gone"
        except (OSError, ValueError, RecordError) as error:
            problem = str(error)
        report(f"{problem}; serving from the release records, which starts slowly")
        return self._index_from_records(current)

    def _index_from_records(self, current: str) -> Index | None:
        record = self._release(current)
        if record is None and self.release:
            raise UnknownReleaseError(f"there is no release {self.release} in {self.records}; unset CLEARWAY_RELEASE")
        history = self._history()
        others = [each for id_ in history.newest_first(current)[1:] if (each := self._release(id_))]
        if record is None:
            return None
        return Index(encode(record, others, history.origins([record, *others])), history=history)

    def _release(self, release_id: str) -> Release | None:
        path = self._path(layout.record(release_id))
        return _readable(lambda: Release.from_bytes(_read(path), path))

    def _history(self) -> History:
        path = self._path(layout.HISTORY)
        if not os.path.lexists(path):
            return History()
        return _readable(lambda: History.from_bytes(_read(path), path)) or History()

    def _without_record(self) -> tuple[Layer, ...]:
        report(f"no release record in {self.root}; serving the directory as it is")
        hashed = self._hashed_names()
        prefix = len(self.url)
        immutable: Immutable = (lambda path, url: url[prefix:] in hashed) if hashed else never
        return (DirectoryFiles(self._tree(), self.rules, self.url, immutable=immutable), *self._live())

    def _walked(self, names: frozenset[str]) -> tuple[Layer, ...]:
        return (DirectoryFiles(self._tree(names), self.rules, self.url),) if names else ()

    def _live(self) -> tuple[Layer, ...]:
        tops = self._live_tops
        if not tops:
            return ()
        return (WatchedFiles(lambda: DirectoryFiles(self._tree(tops), self.rules, self.url), self.live),)

    @property
    def _live_tops(self) -> frozenset[str]:
        return frozenset(name.partition("/")[0] for name in self.live)

    def _hashed_names(self) -> frozenset[str]:
        try:
            paths = json.loads(_read(os.path.join(self.root, layout.MANIFEST))).get("paths", {})
            return frozenset(hashed for name, hashed in paths.items() if hashed != name)
        except FileNotFoundError:
            return frozenset()
        except (OSError, ValueError, AttributeError, TypeError, RecursionError):
            report(f"{layout.MANIFEST} in {self.root} is damaged; run collectstatic")
            return frozenset()

    def _tree(self, only: frozenset[str] | None = None) -> Tree:
        return Tree(self.root, only=only, without=frozenset({layout.MANIFEST}), report=report)

    def _text(self, name: str) -> str | None:
        try:
            return _read(self._path(name)).decode("ascii").strip() or None
        except (OSError, ValueError):
            return None

    def _path(self, name: str) -> str:
        return os.path.join(self.records, name)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _readable(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except (OSError, ValueError, RecordError) as error:
        report(str(error))
        return None
