"""`clearway front apache`: virtual hosts for this project, written from its settings, or a configuration checked."""

from argparse import Namespace

from .front_written import Written
from .fronts.apache.checking import check
from .fronts.apache.writing import MODULES, write
from .fronts.handing import SENDFILE
from .fronts.site import Site

__all__ = ["check", "written"]


def written(site: Site, certificate: tuple[str, str] | None, options: Namespace) -> Written:
    """For any Apache 2.4. Raises `UnwritableError`."""
    made = write(site, certificate)
    sends = site.private is not None and site.private.road == SENDFILE
    modules = [*MODULES, *(["ssl", "http2"] if certificate else []), *(["xsendfile"] if sends else [])]
    return Written(
        head=[f"# Apache 2.4 for {site.origin}.", f"# Modules: a2enmod {' '.join(modules)}"],
        image="`httpd`: this file is included by conf/httpd.conf",
        whole=["# Belongs into /etc/apache2/sites-available/ or /etc/httpd/conf.d/.", "", *made.server],
        snippet=["# Belongs into your <VirtualHost>.", "", *made.inside],
        data={"modules": modules, "host": made.inside},
    )
