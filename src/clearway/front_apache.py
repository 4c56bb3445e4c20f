"""`clearway front apache`: virtual hosts for this project, written from its settings, or a configuration checked."""

from argparse import Namespace

from .front_checked import checked
from .fronts.apache.checking import check
from .fronts.apache.writing import MODULES, Written, write
from .fronts.errors import ConfigurationError, FrontError, UnwritableError
from .fronts.path_map import PathMap
from .fronts.site import Site
from .results import Result


def front_apache(site: Site, paths: PathMap, options: Namespace, certificate: tuple[str, str] | None) -> Result:
    """Write a configuration, or check one. Raises `FrontError` where none can be written."""
    if options.check:
        try:
            return checked(options.check, check(site, options.check, paths))
        except (ConfigurationError, OSError) as error:
            raise FrontError(str(error)) from None
    try:
        written = write(site, certificate)
    except UnwritableError as error:
        raise FrontError(str(error)) from None
    modules = [*MODULES, *(["ssl", "http2"] if certificate else [])]
    head = [f"# Apache 2.4 for {site.origin}.", f"# Modules: a2enmod {' '.join(modules)}"]
    head += _volumes(site, paths) if options.docker else []
    lines = _snippet(head, written) if options.snippet else _whole(head, written)
    data = {"modules": modules, "host": written.inside, "configuration": "\n".join(lines)}
    return Result(data, lambda paint: lines)


def _volumes(site: Site, paths: PathMap) -> list[str]:
    """What the image needs of this machine."""
    places = [place.root for place in (site.static, site.media) if place]
    return [
        "# For the image `httpd`: this file is included by conf/httpd.conf, and the files are mounted:",
        *(f"#     -v {paths.here(place)}:{place}:ro" for place in places),
    ]


def _whole(head: list[str], written: Written) -> list[str]:
    place = "# Belongs into /etc/apache2/sites-available/ or /etc/httpd/conf.d/."
    return [*head, place, "", *written.server]


def _snippet(head: list[str], written: Written) -> list[str]:
    return [*head, "# Belongs into your <VirtualHost>.", "", *written.inside]
