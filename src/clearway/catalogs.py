"""The catalog of a Django project: in production what was released, in development what the finders know."""

import os
from fnmatch import fnmatchcase
from wsgiref.headers import Headers

from .catalog import layout
from .catalog.catalog import Catalog, Mount
from .catalog.directory_files import DirectoryFiles
from .catalog.index_files import IndexFile, mounts_of
from .catalog.layer import Layer
from .catalog.live_files import LiveFiles
from .catalog.report import report
from .catalog.static_root import StaticRoot
from .catalog.tree import Tree
from .catalog.user_files import UserFiles
from .conf import Conf
from .finder_layers import Make, finder_layers
from .http.header_rules import AddHeaders, HeaderRules
from .http.resource import Missing, Passed
from .policy.media import MediaPolicy
from .project import Project


def catalog_of(project: Project) -> Catalog:
    """What the middleware and the wrappers answer: from the finders under DEBUG, otherwise from STATIC_ROOT."""
    live = project.conf.inherited.autorefresh
    return development_catalog(project) if (project.debug if live is None else live) else production_catalog(project)


def production_catalog(project: Project) -> Catalog:
    """The retained releases, below STATIC_URL, and the files at the site's root."""
    rules, inherited = _rules(project.conf), project.conf.inherited
    make = _maker(DirectoryFiles, project, rules)
    layers: tuple[Layer, ...] = ()
    if project.static_root and not project.has_records_only:
        layers = _static_root(project, project.static_root, rules).layers()
    if inherited.finders or (project.debug and inherited.autorefresh is False and inherited.finders is None):
        layers = (*finder_layers(project.static_prefix, make, _index_file(project, rules)), *layers)
    media = _media(project) if project.conf.media.serve else []
    return Catalog([*media, *_roots(project, make), *_mounts(project, layers, rules)], _foreign(project))


def development_catalog(project: Project, *, media: bool = False) -> Catalog:
    """The sources as they are at each request, by the same rules; with `media`, MEDIA_ROOT below MEDIA_URL."""
    rules, inherited = _rules(project.conf), project.conf.inherited
    make = _maker(LiveFiles, project, rules)
    finders = (project.debug or not inherited.autorefresh) if inherited.finders is None else inherited.finders
    url = project.static_prefix
    layers = finder_layers(url, make, _index_file(project, rules)) if finders else ()
    if project.static_root and (inherited.autorefresh or not finders):
        layers = (*layers, make(project.static_root, url))
    uploads = _media(project) if media or project.conf.media.serve else []
    return Catalog([*uploads, *_roots(project, make), *_mounts(project, layers, rules)], _foreign(project))


def _maker(kind: type[DirectoryFiles] | type[LiveFiles], project: Project, rules: HeaderRules) -> Make:
    """How a directory becomes a layer: listed once, or looked at on every request."""

    def make(root: str, url: str, at_site_root: bool = False) -> Layer:
        outward = project.conf.inherited.outward_links
        without = frozenset({layout.MANIFEST}) if root == project.static_root else frozenset[str]()
        tree = Tree(root, at_site_root=at_site_root, without=without, outward=outward, report=report)
        return kind(tree, rules, url, index_file=project.conf.index_file)

    return make


def _static_root(project: Project, root: str, rules: HeaderRules) -> StaticRoot:
    return StaticRoot(
        root,
        project.static_prefix,
        rules,
        project.records,
        None if project.conf.records_url else os.environ.get("CLEARWAY_RELEASE") or None,
        project.conf.live,
        project.conf.index_file,
        project.conf.inherited.outward_links,
    )


def _roots(project: Project, make: Make) -> list[Mount]:
    return [Mount("/", (make(os.fspath(root), "/", True),)) for root in reversed(project.conf.root)]


def _mounts(project: Project, layers: tuple[Layer, ...], rules: HeaderRules) -> list[Mount]:
    """Below STATIC_URL, and below FORCE_SCRIPT_NAME too: an ASGI server leaves it in the path."""
    miss = _miss(project, rules)
    prefixes = dict.fromkeys((project.static_prefix, project.script[:-1] + project.static_prefix))
    mounts = (Mount(prefix, layers, miss) for prefix in prefixes)
    return [each for mount in mounts for each in mounts_of(mount, project.conf.index_file, rules)]


def _index_file(project: Project, rules: HeaderRules) -> IndexFile:
    return IndexFile(project.conf.index_file, rules)


def _media(project: Project) -> list[Mount]:
    """Users' files, below all others, so that none takes the place of the site's own."""
    if not (project.media_root and project.media_prefix):
        if project.conf.media.serve:
            report("users' files are not served: MEDIA_ROOT is empty, or MEDIA_URL has no path of its own")
        return []
    files = UserFiles(project.media_root, _media_rules(project.conf))
    return [Mount(prefix, (files,)) for prefix in _foreign(project)]


def _miss(project: Project, rules: HeaderRules) -> Missing | Passed | None:
    if project.static_prefix == "/":
        return None
    return Passed() if project.conf.misses == "pass" else Missing(rules.shared)


def _foreign(project: Project) -> tuple[str, ...]:
    if not project.media_prefix:
        return ()
    return tuple(dict.fromkeys((project.media_prefix, project.script[:-1] + project.media_prefix)))


def _rules(conf: Conf) -> HeaderRules:
    inherited = conf.inherited
    return HeaderRules(
        max_age=conf.max_age,
        charset=inherited.charset,
        media_types=conf.mimetypes,
        allow_all_origins=inherited.any_origin,
        add_headers=_added(conf) if conf.headers or inherited.add_headers else None,
        immutable=inherited.immutable,
    )


def _added(conf: Conf) -> AddHeaders:
    """A peer's function, then `CLEARWAY["headers"]`, as one change to the header fields of a resource."""

    def add(headers: Headers, path: str, url: str) -> None:
        if conf.inherited.add_headers:
            conf.inherited.add_headers(headers, path, url)
        for pattern, wanted in conf.headers.items():
            if fnmatchcase(url, pattern):
                for name, value in wanted.items():
                    del headers[name]
                    if value is not None:
                        headers[name] = value

    return add


def _media_rules(conf: Conf) -> HeaderRules:
    """The policy of the project; the media type follows from the extension alone, as it does in a front."""
    types = {key: type_ for key, type_ in conf.mimetypes.items() if key.startswith(".")}
    policy, charset = conf.media.policy, conf.inherited.charset
    return HeaderRules(
        max_age=None, charset=charset, media_types=types, allow_all_origins=False, add_headers=_by_policy(policy)
    )


def _by_policy(policy: MediaPolicy) -> AddHeaders:
    def add(headers: Headers, path: str, url: str) -> None:
        for name, value in policy.fields(headers["Content-Type"] or "", url.rpartition("/")[2]).items():
            headers[name] = value

    return add
