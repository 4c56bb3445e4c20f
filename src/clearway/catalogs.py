"""The catalog of a Django project: in production what was released, in development what the finders know."""

import os
from fnmatch import fnmatchcase
from pathlib import Path
from wsgiref.headers import Headers

from .catalog.catalog import Catalog, Mount
from .catalog.directory_files import DirectoryFiles
from .catalog.layer import Layer
from .catalog.live_files import LiveFiles, locate_alone
from .catalog.report import report
from .catalog.static_root import StaticRoot
from .catalog.tree import Tree
from .conf import Conf
from .finder_layers import finder_layers
from .http.header_rules import AddHeaders, HeaderRules
from .http.media_types import media_type
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
    return Catalog([*roots, *_mounts(project, layers, rules)], _foreign(project))


def development_catalog(project: Project, *, media: bool = False) -> Catalog:
    """The sources as they are at each request, by the same rules; with `media`, MEDIA_ROOT below MEDIA_URL."""
    rules = _rules(project.conf)
    roots = (_live(os.fspath(root), "/", rules, at_site_root=True) for root in reversed(project.conf.root))
    layers = finder_layers(project.static_prefix, rules)
    mounts = [*roots, *_mounts(project, layers, rules)]
    if media and project.media_root and project.media_prefix:
        mounts.append(_uploads(project.media_root, project.media_prefix))
    return Catalog(mounts, _foreign(project))


def _mounts(project: Project, layers: tuple[Layer, ...], rules: HeaderRules) -> list[Mount]:
    """Below STATIC_URL, and below FORCE_SCRIPT_NAME too: an ASGI server leaves it in the path."""
    miss = _miss(project, rules)
    prefixes = dict.fromkeys((project.static_prefix, project.script[:-1] + project.static_prefix))
    return [Mount(prefix, layers, miss) for prefix in prefixes]


def _uploads(root: str, url: str) -> Mount:
    return Mount(url, (LiveFiles(Tree(root, report=report), MEDIA_RULES, url, locate=locate_alone),))


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
