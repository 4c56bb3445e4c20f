"""Directories that a program adds by hand: `Clearway(app, root=…)` and `add_files`, with WhiteNoise's arguments."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clearway.catalog import layout
from clearway.catalog.catalog import Mount
from clearway.catalog.directory_files import DirectoryFiles
from clearway.catalog.index_files import mounts_of
from clearway.catalog.layer import Layer
from clearway.catalog.live_files import LiveFiles
from clearway.catalog.report import report
from clearway.catalog.static_root import StaticRoot
from clearway.catalog.tree import Tree
from clearway.http.header_rules import AddHeaders, HeaderRules, Immutable, immutable_test
from clearway.http.resource import Missing


@dataclass(frozen=True)
class FileOptions:
    """How added directories are served. Raises `re.error` for a wrong regular expression.

    max_age                seconds that a file may be kept; None sends no Cache-Control
    autorefresh            look at the disk on every request: for development
    index_file             True for index.html, or a name: the file that stands for its directory
    mimetypes              media types by extension (".x") or file name, before our own table
    charset                of text types
    add_headers_function   called with (headers, path, url) once per file, may change the headers
    immutable_file_test    callable with (path, url), or a regular expression searched in the URL path
    allow_all_origins      send Access-Control-Allow-Origin: *
    allow_unsafe_symlinks  follow symbolic links that lead out of the directory (ServeStatic's)
    """

    max_age: int | None = 60
    autorefresh: bool = False
    index_file: bool | str | None = None
    mimetypes: Mapping[str, str] | None = None
    charset: str = "utf-8"
    add_headers_function: AddHeaders | None = None
    immutable_file_test: Immutable | str | None = None
    allow_all_origins: bool = True
    allow_unsafe_symlinks: bool = False

    def mounts(self, root: str | Path, prefix: str | None) -> list[Mount]:
        """A directory below a URL prefix; one that holds release records is served from them."""
        path, url, rules = os.path.abspath(root), as_prefix(prefix), self._rules
        at_site_root = url == "/"
        layers = (self._layer(path, url, rules),) if self._is_plain(path) else self._released(path, url, rules)
        return mounts_of(Mount(url, layers, None if at_site_root else Missing(rules.shared)), self._index_name, rules)

    def _is_plain(self, root: str) -> bool:
        return self.autorefresh or not os.path.exists(os.path.join(root, layout.FOLDER, layout.CURRENT))

    def _released(self, root: str, url: str, rules: HeaderRules) -> tuple[Layer, ...]:
        records, outward = os.path.join(root, layout.FOLDER), self.allow_unsafe_symlinks
        return StaticRoot(root, url, rules, records, index_file=self._index_name, outward=outward).layers()

    def _layer(self, root: str, url: str, rules: HeaderRules) -> Layer:
        if not os.path.isdir(root):
            report(f"{root} is not a directory: nothing is served from it")
        tree = Tree(root, at_site_root=url == "/", outward=self.allow_unsafe_symlinks, report=report)
        make = LiveFiles if self.autorefresh else DirectoryFiles
        return make(tree, rules, url, index_file=self._index_name)

    @property
    def _index_name(self) -> str | None:
        return "index.html" if self.index_file is True else (self.index_file or None)

    @property
    def _rules(self) -> HeaderRules:
        return HeaderRules(
            max_age=self.max_age,
            charset=self.charset,
            media_types={key.lower(): value for key, value in (self.mimetypes or {}).items()},
            allow_all_origins=self.allow_all_origins,
            add_headers=self.add_headers_function,
            immutable=None if self.immutable_file_test is None else immutable_test(self.immutable_file_test),
        )


def as_prefix(prefix: str | None) -> str:
    """A URL prefix with one slash at each end."""
    inner = (prefix or "").strip("/")
    return f"/{inner}/" if inner else "/"
