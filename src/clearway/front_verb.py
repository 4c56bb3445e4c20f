"""`clearway front`: the configuration of a web server for this project, written from its settings, or checked."""

from argparse import Namespace
from importlib import import_module
from typing import Any

from .front_arguments import EDGES, NETWORKS
from .front_checked import checked
from .front_written import as_asked
from .fronts.errors import ConfigurationError, FrontError, UnwritableError
from .fronts.path_map import PathMap
from .fronts.site import Site
from .results import Result

# modules of the servers, imported late: each brings the reader and the writer of its own configurations
_SERVERS = {"nginx": ".front_nginx", "caddy": ".front_caddy", "apache": ".front_apache"}
_DOCKER = "app:8000"
_USUAL = "127.0.0.1:8000"
_IN_IMAGE = {"static": "/srv/static", "media": "/srv/media", "private": "/srv/private"}


def front(options: Namespace) -> Result:
    """Write a configuration, or check one. Raises `FrontError` where none can be written."""
    if options.server in NETWORKS:
        return _of_network(options)
    certificate = _certificate(options)
    site, paths = _site(options)
    if options.server in EDGES:
        return _edge(site, certificate, options)
    server: Any = import_module(_SERVERS[options.server], __package__)
    try:
        if options.check:
            return checked(options.check, server.check(site, options.check, paths))
        return as_asked(server.written(site, certificate, options), site, paths, options)
    except (ConfigurationError, OSError, UnwritableError) as error:
        raise FrontError(str(error)) from None


def _edge(site: Site, certificate: tuple[str, str] | None, options: Namespace) -> Result:
    from .front_edge import written
    from .project import Project

    try:
        return written(site, Project.from_settings(), certificate, options)
    except UnwritableError as error:
        raise FrontError(str(error)) from None


def _of_network(options: Namespace) -> Result:
    if options.check:
        raise FrontError(f"a configuration of {options.server} is not read here; `clearway verify --url` asks it")
    _set_up(options)
    from .front_cdn import front

    return front(options)


def _set_up(options: Namespace) -> None:
    if not options.has_settings:
        raise FrontError("no settings: give --settings, or run this where manage.py names them")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _site(options: Namespace) -> tuple[Site, PathMap]:
    _set_up(options)
    from .front_project import site_of
    from .project import Project

    project = Project.from_settings()
    pairs = PathMap.parse(options.map).pairs
    if options.docker:
        private = project.conf.media.private.root
        known = {"static": project.static_root, "media": project.media_root, "private": private}
        pairs += tuple((_IN_IMAGE[name], str(root)) for name, root in known.items() if root)
    paths = PathMap(pairs)
    return site_of(project, paths, options.upstream or (_DOCKER if options.docker else _USUAL)), paths


def _certificate(options: Namespace) -> tuple[str, str] | None:
    if bool(options.certificate) != bool(options.key):
        raise FrontError("--certificate and --key belong together")
    return (options.certificate, options.key) if options.certificate else None
