"""Directories that a program adds by hand: `Clearway(app, root=…)` and `add_files`, with WhiteNoise's arguments."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from clearway.catalog import layout
from clearway.catalog.catalog import Mount
from clearway.catalog.directory_files import DirectoryFiles, Immutable, never
from clearway.catalog.layer import Layer
from clearway.catalog.live_files import LiveFiles
from clearway.catalog.report import report
from clearway.catalog.static_root import StaticRoot
from clearway.catalog.tree import Tree
from clearway.http.header_rules import AddHeaders, HeaderRules
from clearway.http.resource import Missing


@dataclass(frozen=True)
class FileOptions:
    """How added directories are served.

    max_age                seconds that a file may be kept; None sends no Cache-Control
    autorefresh            look at the disk on every request: for development
    index_file             True for index.html, or a name: the file that stands for its directory
    mimetypes              media types by extension (".x") or file name, before our own table
    charset                of text types
    add_headers_function   called with (headers, path, url) once per file, may change the headers
    immutable_file_test    callable with (path, url), or a regular expression searched in the URL path
    allow_all_origins      send Access-Control-Allow-Origin: *
    """

    max_age: int | None = 60
    autorefresh: bool = False
    index_file: bool | str | None = None
    mimetypes: Mapping[str, str] | None = None
    charset: str = "utf-8"
    add_headers_function: AddHeaders | None = None
    immutable_file_test: Callable[[str, str], bool] | str | None = None
    allow_all_origins: bool = True

    def mount(self, root: str | Path, prefix: str | None) -> Mount:
        """A directory below a URL prefix; one that holds release records is served from them."""
        path, url = os.path.abspath(root), as_prefix(prefix)
        at_site_root = url == "/"
        layers = self._layers(path, url, at_site_root)
        return Mount(url, layers, None if at_site_root else Missing(self._rules.shared))

    def _layers(self, root: str, url: str, at_site_root: bool) -> tuple[Layer, ...]:
        records = os.path.join(root, layout.FOLDER)
        if not self.autorefresh and os.path.exists(os.path.join(records, layout.CURRENT)):
            return StaticRoot(root, url, self._rules, records).layers()
        if not os.path.isdir(root):
            report(f"{root} is not a directory: nothing is served from it")
        tree = Tree(root, at_site_root=at_site_root, report=report)
        make = LiveFiles if self.autorefresh else DirectoryFiles
        return (make(tree, self._rules, url, index_file=self._index_name, immutable=self._immutable),)

    @property
    def _index_name(self) -> str | None:
        return "index.html" if self.index_file is True else (self.index_file or None)

    @property
    def _immutable(self) -> Immutable:
        test = self.immutable_file_test
        if isinstance(test, str):
            pattern = re.compile(test)
            return lambda path, url: bool(pattern.search(url))
        return test or never

    @property
    def _rules(self) -> HeaderRules:
        return HeaderRules(
            max_age=self.max_age,
            charset=self.charset,
            media_types={key.lower(): value for key, value in (self.mimetypes or {}).items()},
            allow_all_origins=self.allow_all_origins,
            add_headers=self.add_headers_function,
        )


def as_prefix(prefix: str | None) -> str:
    """A URL prefix with one slash at each end."""
    inner = (prefix or "").strip("/")
    return f"/{inner}/" if inner else "/"
