"""`clearway front caddy`: the Caddyfile for this project, written from its settings, or checked."""

from argparse import Namespace

from .front_written import Written
from .fronts.caddy.checking import check
from .fronts.caddy.writing import write
from .fronts.site import Site

__all__ = ["check", "written"]


def written(site: Site, certificate: tuple[str, str] | None, options: Namespace) -> Written:
    """For any Caddy 2. Raises `UnwritableError`."""
    made = write(site, certificate)
    return Written(
        head=[f"# Caddy for {site.origin}. No plugin is needed."],
        image="`caddy`: this file is /etc/caddy/Caddyfile",
        whole=["# Belongs into /etc/caddy/Caddyfile, or a file that it imports.", "", *made.site],
        snippet=["# Belongs into the block of your site.", "", *made.inside],
        data={"addresses": made.addresses, "site": made.inside},
    )
