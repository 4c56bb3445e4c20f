"""The URLs of files by their logical names, for templates of applications without Django."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit

from .build.problems import Names
from .catalog import layout
from .catalog.catalog import Mount
from .catalog.release_files import ReleaseFiles
from .catalog.report import report
from .http.resource import Resource
from .releases.retained import RetainedReleases
from .stores.directory import Directory
from .stores.records import Records

_SAFE_IN_PATH = "/~!*()'"  # as Django's filepath_to_uri


@dataclass(frozen=True)
class _Shelf:
    """One directory that is served, and where."""

    root: Path
    mount: Mount

    def url(self, name: str) -> str | None:
        """The URL of a logical name; None when no such file is served from here."""
        published = self.published_name(name)
        return None if published is None else self._base + quote(published, _SAFE_IN_PATH, errors="surrogateescape")

    def published_name(self, name: str) -> str | None:
        """From the release that was loaded, else from the newest retained one that has it; a plain file's own."""
        release = self.release
        if release and (found := release.published_name(name)):
            return found
        if any(isinstance(layer.find(name), Resource) for layer in self.mount.layers if layer is not release):
            return name
        return self._retained.get().names.get(name) if release else None

    def suggestion(self, name: str) -> str:
        """The logical name that was probably meant; empty when nobody can tell."""
        return Names(self._retained.get().names).suggestion(name) if self.release else ""

    @cached_property
    def release(self) -> ReleaseFiles | None:
        return next((layer for layer in self.mount.layers if isinstance(layer, ReleaseFiles)), None)

    def report_other_url(self) -> None:
        """Say when references in the files lead to where nothing is served."""
        if self._built_for and self._base != self._built_for:
            report(
                f"{self.root} was built for {self._built_for} and is served below {self._base}: references in it "
                f"that begin with / lead elsewhere; build it with --url {self._base}"
            )

    @cached_property
    def _base(self) -> str:
        """What the files were built for where that leads here: it may name a CDN, or have a script name in front."""
        url, prefix = self._built_for, self.mount.prefix
        leads_here = url == prefix or urlsplit(url).netloc or (prefix != "/" and url.endswith(prefix))
        return url if leads_here else prefix

    @property
    def _built_for(self) -> str:
        return self.release.static_url if self.release else ""

    @cached_property
    def _retained(self) -> RetainedReleases:
        return RetainedReleases(Records(Directory(self.root / layout.FOLDER)))


class AssetUrls:
    """URLs by logical name; with `is_live`, files may come and go, and each is looked for again."""

    def __init__(self, *, is_live: bool) -> None:
        self._is_live = is_live
        self._shelves: tuple[_Shelf, ...] = ()
        self._urls: dict[str, str] = {}

    def add(self, root: str | Path, mount: Mount) -> None:
        """A directory on top of those that are there."""
        shelf = _Shelf(Path(root).absolute(), mount)
        shelf.report_other_url()
        self._shelves = (shelf, *self._shelves)
        self._urls = {}

    def url(self, name: str) -> str:
        """The URL of a file, such as `css/site.css`; a query and a fragment stay. One dict hit from the second time.

        Raises `ValueError` for a file that is not there.
        """
        known = self._urls.get(name)
        return self._found(name) if known is None else known

    def _found(self, name: str) -> str:
        path, tail = _split(name)
        found = self._look(name) or (tail and (url := self._look(path)) and url + tail)
        if not found:
            raise ValueError(self._message(path))
        if not self._is_live:
            self._urls[name] = found
        return found

    def _look(self, name: str) -> str | None:
        return next((url for shelf in self._shelves if (url := shelf.url(name))), None)

    def _message(self, name: str) -> str:
        if not self._shelves:
            return "no directory was added: give root=, or call add_files (in Django's templates: {% static %})"
        if name.startswith("/"):
            return f"{name!r} is no name of a file: leave out the / at its start"
        roots = ", ".join(str(shelf.root) for shelf in self._shelves)
        suggestion = next((found for shelf in self._shelves if (found := shelf.suggestion(name))), "")
        hint = f"; did you mean {suggestion!r}?" if suggestion else "; build the directory again, or correct the name"
        return f"there is no file {name!r} in {roots}{hint}"


def _split(name: str) -> tuple[str, str]:
    """A name and what follows it: query and fragment."""
    start = min((place for place in (name.find("?"), name.find("#")) if place >= 0), default=len(name))
    return name[:start], name[start:]
