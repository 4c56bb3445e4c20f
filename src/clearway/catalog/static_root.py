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
from dataclasses import dataclass, replace
from typing import TypeVar

from clearway.http.header_rules import HeaderRules

from . import layout
from .directory_files import DirectoryFiles, WatchedFiles
from .errors import RecordError, UnknownReleaseError
from .history import History
from .index import Index, encode
from .layer import Layer
from .newer_releases import NewerReleases
from .reading import read_record
from .release import Release
from .release_files import ReleaseFiles
from .report import report
from .tree import Tree

T = TypeVar("T")


@dataclass(frozen=True)
class StaticRoot:
    """A STATIC_ROOT to serve below the URL prefix `url`.

    `records` is the folder of Clearway's own files, `release` pins one release by id, `live` names directories
    that are listed again on a miss, `index_file` stands for its directory, `outward` follows links out of the root.
    """

    root: str
    url: str
    rules: HeaderRules
    records: str
    release: str | None = None
    live: tuple[str, ...] = ("CACHE/",)
    index_file: str | None = None
    outward: bool = False

    def layers(self) -> tuple[Layer, ...]:
        """What is served. Raises `UnknownReleaseError` when the pinned release has no record."""
        if not os.path.isdir(self.root):
            report(f"STATIC_ROOT {self.root} is not a directory; run collectstatic")
            return ()
        loaded = self._state(self.release or self._text(layout.CURRENT) or "")
        index = self._index()
        if index is None:
            return self._without_record()
        unlisted = frozenset(self._tree().top()) - index.top - {name[:-1] for name in self.live}
        files = ReleaseFiles(index, self.root, self.rules, self.url, self.index_file)
        newer = NewerReleases(loaded, self._newer)
        return (files, *self._walked(unlisted), *self._live(), newer)

    def _newer(self, known: str) -> tuple[str, ReleaseFiles] | None:
        """The release that is current now, if its index is not the known one and can be read."""
        current = self._text(layout.CURRENT)
        if current is None or (state := self._state(current)) == known:
            return None
        index = _readable(lambda: self._read_index(current))
        return (state, ReleaseFiles(index, self.root, self.rules, self.url)) if index else None

    def _state(self, release_id: str) -> str:
        """A release and which index of it is there: after a rollback, the same release's has the later names too."""
        try:
            status = os.stat(self._path(layout.index(release_id)))
        except (OSError, ValueError):
            return release_id
        return f"{release_id} {status.st_ino} {status.st_mtime_ns}"

    def _read_index(self, release_id: str) -> Index:
        path = self._record_path(layout.index, release_id)
        return Index(read_record(path), path, self._history())

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
        def read() -> Release:
            path = self._record_path(layout.record, release_id)
            return Release.from_bytes(read_record(path), path)

        return _readable(read)

    def _history(self) -> History:
        path = self._path(layout.HISTORY)
        if not os.path.lexists(path):
            return History()
        return _readable(lambda: History.from_bytes(read_record(path), path)) or History()

    def _without_record(self) -> tuple[Layer, ...]:
        report(f"no release record in {self.root}; serving the directory as it is")
        return (self._directory(None, self._rules_with_hashes()), *self._live())

    def _rules_with_hashes(self) -> HeaderRules:
        hashed, others, prefix = self._hashed_names(), self.rules.immutable, len(self.url)

        def immutable(path: str, url: str) -> bool:
            return url[prefix:] in hashed or bool(others and others(path, url))

        return replace(self.rules, immutable=immutable)

    def _walked(self, names: frozenset[str]) -> tuple[Layer, ...]:
        return (self._directory(names, self.rules),) if names else ()

    def _live(self) -> tuple[Layer, ...]:
        tops = frozenset(name.partition("/")[0] for name in self.live)
        if not tops:
            return ()
        return (WatchedFiles(lambda: self._directory(tops, self.rules), self.live, self.root),)

    def _directory(self, only: frozenset[str] | None, rules: HeaderRules) -> DirectoryFiles:
        return DirectoryFiles(self._tree(only), rules, self.url, index_file=self.index_file)

    def _hashed_names(self) -> frozenset[str]:
        try:
            paths = json.loads(read_record(os.path.join(self.root, layout.MANIFEST))).get("paths", {})
            return frozenset(hashed for name, hashed in paths.items() if hashed != name)
        except FileNotFoundError:
            return frozenset()
        except (OSError, ValueError, AttributeError, TypeError, RecursionError):
            report(f"{layout.MANIFEST} in {self.root} is damaged; run collectstatic")
            return frozenset()

    def _tree(self, only: frozenset[str] | None = None) -> Tree:
        without = frozenset({layout.MANIFEST})
        return Tree(self.root, only=only, without=without, outward=self.outward, report=report)

    def _text(self, name: str) -> str | None:
        path = self._path(name)
        if not os.path.lexists(path):
            return None
        return _readable(lambda: read_record(path).decode("ascii").strip() or None)

    def _record_path(self, name: Callable[[str], str], release_id: str) -> str:
        if not layout.is_release_id(release_id):
            raise RecordError(f"{release_id[:40]!r} in {self.records} is not the id of a release (16 hex digits)")
        return self._path(name(release_id))

    def _path(self, name: str) -> str:
        return os.path.join(self.records, name)


def _readable(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except (OSError, ValueError, RecordError) as error:
        report(str(error))
        return None
