"""`clearway front caddy`: the Caddyfile for this project, written from its settings, or checked."""

from argparse import Namespace

from .front_checked import checked
from .fronts.caddy.checking import check
from .fronts.caddy.writing import Written, write
from .fronts.errors import ConfigurationError, FrontError, UnwritableError
from .fronts.path_map import PathMap
from .fronts.site import Site
from .results import Result


def front_caddy(site: Site, paths: PathMap, options: Namespace, certificate: tuple[str, str] | None) -> Result:
    """Write a Caddyfile, or check one. Raises `FrontError` where none can be written."""
    if options.check:
        try:
            return checked(options.check, check(site, options.check, paths))
        except (ConfigurationError, OSError) as error:
            raise FrontError(str(error)) from None
    try:
        written = write(site, certificate)
    except UnwritableError as error:
        raise FrontError(str(error)) from None
    head = [f"# Caddy for {site.origin}. No plugin is needed."]
    head += _volumes(site, paths) if options.docker else []
    lines = _snippet(head, written) if options.snippet else _whole(head, written)
    data = {"addresses": written.addresses, "site": written.inside, "configuration": "\n".join(lines)}
    return Result(data, lambda paint: lines)


def _volumes(site: Site, paths: PathMap) -> list[str]:
    """What the image needs of this machine."""
    places = [place.root for place in (site.static, site.media) if place]
    return [
        "# For the image `caddy`: this file is /etc/caddy/Caddyfile, and the files are mounted:",
        *(f"#     -v {paths.here(place)}:{place}:ro" for place in places),
    ]


def _whole(head: list[str], written: Written) -> list[str]:
    return [*head, "# Belongs into /etc/caddy/Caddyfile, or a file that it imports.", "", *written.site]


def _snippet(head: list[str], written: Written) -> list[str]:
    return [*head, "# Belongs into the block of your site.", "", *written.inside]
