"""`clearway front`: the configuration of a web server for this project, written from its settings, or checked."""

from argparse import Namespace

from .front_checked import checked
from .fronts.errors import FrontError, UnwritableError
from .fronts.nginx.installed import Installed, installed
from .fronts.nginx.writing import Written, write
from .fronts.path_map import PathMap
from .fronts.site import Site
from .results import Result

_DOCKER = "app:8000"
_USUAL = "127.0.0.1:8000"
_IN_IMAGE = {"static": "/srv/static", "media": "/srv/media"}


def front(options: Namespace) -> Result:
    """Write a configuration, or check one. Raises `FrontError` where none can be written."""
    site, paths = _site(options)
    if options.server == "caddy":
        from .front_caddy import front_caddy

        return front_caddy(site, paths, options, _certificate(options))
    if options.server == "apache":
        from .front_apache import front_apache

        return front_apache(site, paths, options, _certificate(options))
    nginx = options.nginx_version or installed()
    if options.check:
        return _checked(site, options.check, paths)
    try:
        written = write(site, nginx, _certificate(options))
    except UnwritableError as error:
        raise FrontError(str(error)) from None
    told = [*_head(site, nginx), *(_volumes(site, paths) if options.docker else [])]
    lines = _snippet(told, written) if options.snippet else _whole(told, written)
    data = {"nginx": nginx.text, "http": written.maps, "server": written.inside, "configuration": "\n".join(lines)}
    return Result(data, lambda paint: lines)


def _site(options: Namespace) -> tuple[Site, PathMap]:
    if not options.has_settings:
        raise FrontError("no settings: give --settings, or run this where manage.py names them")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from .front_project import site_of
    from .project import Project

    project = Project.from_settings()
    pairs = PathMap.parse(options.map).pairs
    if options.docker:
        known = {"static": project.static_root, "media": project.media_root}
        pairs += tuple((_IN_IMAGE[name], root) for name, root in known.items() if root)
    paths = PathMap(pairs)
    return site_of(project, paths, options.upstream or (_DOCKER if options.docker else _USUAL)), paths


def _certificate(options: Namespace) -> tuple[str, str] | None:
    if bool(options.certificate) != bool(options.key):
        raise FrontError("--certificate and --key belong together")
    return (options.certificate, options.key) if options.certificate else None


def _head(site: Site, nginx: Installed) -> list[str]:
    known = "which is installed here" if nginx.is_known else "as none is installed here"
    return [f"# nginx for {site.origin}; for nginx {nginx.text}, {known}. No further module is needed."]


def _volumes(site: Site, paths: PathMap) -> list[str]:
    """What the image needs of this machine."""
    places = [place.root for place in (site.static, site.media) if place]
    mounted = [f"#     -v {paths.here(place)}:{place}:ro" for place in places]
    return [
        "# For the image `nginx`: this file is /etc/nginx/conf.d/default.conf, and the files are mounted:",
        *mounted,
    ]


def _whole(head: list[str], written: Written) -> list[str]:
    place = "# Belongs into http { }: a file of its own in /etc/nginx/conf.d/ or /etc/nginx/sites-enabled/."
    before = ["", *written.before] if written.before else []
    return [*head, place, "", *written.maps, *before, "", *written.server]


def _snippet(head: list[str], written: Written) -> list[str]:
    return [
        *head,
        "",
        "# ---- into http { }, such as a file of its own in /etc/nginx/conf.d/",
        "",
        *written.maps,
        "",
        "# ---- into your server { }",
        "",
        *written.inside,
    ]


def _checked(site: Site, main: str, paths: PathMap) -> Result:
    from .fronts.errors import ConfigurationError
    from .fronts.nginx.checking import check

    try:
        found = check(site, main, paths)
    except (ConfigurationError, OSError) as error:
        raise FrontError(str(error)) from None
    return checked(main, found)
