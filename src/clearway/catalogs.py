"""The catalog of a Django project: in production what was released, in development what the finders know."""

import os
from fnmatch import fnmatchcase
from pathlib import Path
from wsgiref.headers import Headers

from django.contrib.staticfiles.finders import BaseFinder, get_finders

from .catalog.catalog import Catalog, Mount
from .catalog.directory_files import DirectoryFiles
from .catalog.layer import UNREAD, Known, Layer, OnDisk
from .catalog.live_files import LiveFiles
from .catalog.reading import read_resource
from .catalog.report import report
from .catalog.static_root import StaticRoot
from .catalog.tree import Tree, disk_file
from .conf import Conf
from .http.header_rules import AddHeaders, HeaderRules
from .http.media_types import media_type
from .http.negotiation import IDENTITY
from .http.resource import Missing, Passed
from .policy.inline import media_fields
from .project import Project


def catalog_of(project: Project) -> Catalog:
    """What the middleware and the wrappers answer: from the finders under DEBUG, otherwise from STATIC_ROOT."""
    return development_catalog(project) if project.debug else production_catalog(project)


def production_catalog(project: Project) -> Catalog:
    """The retained releases, below STATIC_URL, and the files at the site's root."""
    rules = _rules(project.conf)
    url = project.static_prefix
    layers: tuple[Layer, ...] = ()
    if project.static_root:
        release = os.environ.get("CLEARWAY_RELEASE") or None
        live = project.conf.live
        layers = StaticRoot(project.static_root, url, rules, project.records, release, live).layers()
    roots = (
        Mount("/", (DirectoryFiles(Tree(os.fspath(root), at_site_root=True, report=report), rules, "/"),))
        for root in reversed(project.conf.root)
    )
    return Catalog([*roots, Mount(url, layers, _miss(project, rules))], _foreign(project))


def development_catalog(project: Project, *, media: bool = False) -> Catalog:
    """The sources as they are at each request, by the same rules; with `media`, MEDIA_ROOT below MEDIA_URL."""
    rules = _rules(project.conf)
    roots = (_live(os.fspath(root), "/", rules, at_site_root=True) for root in reversed(project.conf.root))
    layers = tuple(layer for finder in get_finders() for layer in _finder_layers(finder, project.static_prefix, rules))
    mounts = [*roots, Mount(project.static_prefix, layers, _miss(project, rules))]
    if media and project.media_root and project.media_prefix:
        mounts.append(_live(project.media_root, project.media_prefix, MEDIA_RULES))
    return Catalog(mounts, _foreign(project))


def _live(root: str, url: str, rules: HeaderRules, *, at_site_root: bool = False) -> Mount:
    return Mount(url, (LiveFiles(Tree(root, at_site_root=at_site_root, report=report), rules, url),))


def _miss(project: Project, rules: HeaderRules) -> Missing | Passed | None:
    if project.static_prefix == "/":
        return None
    return Passed() if project.conf.misses == "pass" else Missing(rules.shared)


def _foreign(project: Project) -> tuple[str, ...]:
    return (project.media_prefix,) if project.media_prefix else ()


def _rules(conf: Conf) -> HeaderRules:
    return HeaderRules(max_age=conf.max_age, add_headers=_configured(conf) if conf.headers else None)


def _configured(conf: Conf) -> AddHeaders:
    """`CLEARWAY["headers"]` as a change to the header fields of a resource."""

    def add(headers: Headers, path: str, url: str) -> None:
        for pattern, wanted in conf.headers.items():
            if fnmatchcase(url, pattern):
                for name, value in wanted.items():
                    del headers[name]
                    if value is not None:
                        headers[name] = value

    return add


def _add_media_fields(headers: Headers, path: str, url: str) -> None:
    for name, value in media_fields(media_type(url), Path(path).name).items():
        headers[name] = value


MEDIA_RULES = HeaderRules(allow_all_origins=False, add_headers=_add_media_fields)


def _finder_layers(finder: BaseFinder, url: str, rules: HeaderRules) -> list[Layer]:
    """A layer for each directory of a finder that keeps its files in storages, else one that asks the finder."""
    storages = getattr(finder, "storages", None)
    if not isinstance(storages, dict) or not all(hasattr(each, "location") for each in storages.values()):
        return [FoundFiles(finder, rules, url)]
    return [
        PrefixedFiles(
            f"{prefix}/" if (prefix := getattr(each, "prefix", None)) else "",
            LiveFiles(Tree(os.fspath(each.location), report=report), rules, url),
        )
        for each in storages.values()
    ]


class PrefixedFiles:
    """A layer whose names begin with a prefix, as `STATICFILES_DIRS = [("prefix", path)]` gives them."""

    def __init__(self, prefix: str, layer: Layer) -> None:
        self._prefix, self._layer = prefix, layer

    def find(self, name: str) -> Known | None:
        return self._layer.find(name[len(self._prefix) :]) if name.startswith(self._prefix) else None

    reread = find

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD if name.startswith(self._prefix) else None


class FoundFiles:
    """A layer over a finder of another kind: it is asked for each name."""

    def __init__(self, finder: BaseFinder, rules: HeaderRules, url: str) -> None:
        self._finder, self._rules, self._url = finder, rules, url

    def find(self, name: str) -> Known | None:
        path = self._finder.find(name)
        file = disk_file(os.path.realpath(path)) if isinstance(path, str) and path else None
        return read_resource(self._url + name, {IDENTITY: file}, self._rules) if file else None

    reread = find

    def find_in_memory(self, name: str) -> Known | OnDisk | None:
        return UNREAD
