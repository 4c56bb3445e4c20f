"""The matcher `file`, which `try_files` is made of: the first of several names that is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearway.fronts.directive import Directive
from clearway.fronts.files import Entry, Kind
from clearway.fronts.road import Location
from clearway.fronts.unknowable import Unknowable

from . import placeholders
from .request import HandlerError, Request
from .slashes import clean, join

_WILD = "*?["


@dataclass(frozen=True)
class Found:
    """A file that is there, its name below the root, and what follows the split."""

    path: str
    relative: str
    remainder: str
    entry: Entry


@dataclass(frozen=True)
class FileMatcher:
    """What `file { }` says."""

    names: tuple[str, ...] = ("{http.request.uri.path}",)
    root: str = "{http.vars.root}"
    policy: str = ""
    split: tuple[str, ...] = ()
    location: Location | None = None

    @classmethod
    def parse(cls, lines: list[Directive]) -> "FileMatcher":
        """Of all lines of a definition that are `file`."""
        inner = [each for line in lines for each in line.block or ()]
        words = {each.name: each.words for each in inner}
        names = [word for line in lines for word in line.words]
        names += [word for each in inner if each.name == "try_files" for word in each.words]
        return cls(
            tuple(names) or cls.names,
            next(iter(words.get("root", ())), cls.root),
            next(iter(words.get("try_policy", ())), ""),
            words.get("split_path", ()),
            lines[0].location,
        )

    def matches(self, request: Request) -> bool:
        """Whether one is there; it becomes placeholders. Raises Unknowable."""
        found = self._found(request)
        if found is None:
            return False
        request.static |= {
            "http.matchers.file.relative": found.relative,
            "http.matchers.file.absolute": found.path,
            "http.matchers.file.remainder": found.remainder,
            "http.matchers.file.type": "directory" if found.entry.kind is Kind.DIRECTORY else "file",
        }
        return True

    def _found(self, request: Request) -> Found | None:
        root = clean(request.all(self.root, "."))
        if self.policy in {"", "first_exist"}:
            return self._first(request, root)
        there = [each for name in self.names for each in self._candidates(request, root, name) if each.entry.exists]
        there = [each for each in there if each.entry.size or self.policy != "largest_size"]
        if not there or self.policy not in _BEST:
            return None
        best = _BEST[self.policy](there)
        if self.policy == "most_recently_modified" and sum(each.entry.mtime == best.entry.mtime for each in there) > 1:
            raise Unknowable("Which of the files is the newest, parts of a second tell.")
        return best

    def _first(self, request: Request, root: str) -> Found | None:
        for name in self.names:
            if name.startswith("=") and name[1:].isdecimal() and 100 <= int(name[1:]) <= 999:
                request.matcher_error = HandlerError(int(name[1:]), name[1:])
                return None
            for each in self._candidates(request, root, name):
                if each.entry.exists and (each.entry.kind is Kind.DIRECTORY) == each.path.endswith("/"):
                    return each
        return None

    def _candidates(self, request: Request, root: str, name: str) -> Iterator[Found]:
        if any(mark in name for mark in _WILD):
            raise Unknowable(f"The pattern {name} of file names is not followed here.")
        filled = placeholders.filled(name, request.get)
        before, remainder = self._split_at(clean(filled))
        path = join(root, before + ("/" if name.endswith("/") else ""))
        if any(mark in filled for mark in (*_WILD, "\\")):
            # Caddy then looks for it in a listing of its directory
            parent = path.rstrip("/").rpartition("/")[0] or "/"
            if "\\" in filled or path.endswith("/") or not request.look(parent).readable:
                return
        yield Found(path, path.removeprefix(root), remainder, request.look(path))

    def _split_at(self, path: str) -> tuple[str, str]:
        """At the first of the extensions, where a segment ends with it."""
        for each in self.split:
            place = path.lower().find(each.lower())
            if 0 <= place < len(path) - len(each):
                end = place + len(each)
                if path[end] == "/":
                    return path[:end], path[end:]
        return path, ""


_BEST: dict[str, Callable[[list[Found]], Found]] = {
    "largest_size": lambda found: max(found, key=lambda each: each.entry.size),
    "smallest_size": lambda found: min(found, key=lambda each: each.entry.size),
    "most_recently_modified": lambda found: max(found, key=lambda each: each.entry.mtime),
}
