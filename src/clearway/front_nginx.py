"""`clearway front nginx`: a server block for this project, written from its settings, or a configuration checked."""

from argparse import Namespace

from .front_written import Written
from .fronts.nginx.checking import check
from .fronts.nginx.installed import installed
from .fronts.nginx.writing import write
from .fronts.site import Site

__all__ = ["check", "written"]


def written(site: Site, certificate: tuple[str, str] | None, options: Namespace) -> Written:
    """For the version that is asked for, or installed. Raises `UnwritableError`."""
    nginx = options.nginx_version or installed()
    made = write(site, nginx, certificate)
    known = "which is installed here" if nginx.is_known else "as none is installed here"
    place = "# Belongs into http { }: a file of its own in /etc/nginx/conf.d/ or /etc/nginx/sites-enabled/."
    outer = "# ---- into http { }, such as a file of its own in /etc/nginx/conf.d/"
    before = ["", *made.before] if made.before else []
    return Written(
        head=[f"# nginx for {site.origin}; for nginx {nginx.text}, {known}. No further module is needed."],
        image="`nginx`: this file is /etc/nginx/conf.d/default.conf",
        whole=[place, "", *made.maps, *before, "", *made.server],
        snippet=["", outer, "", *made.maps, "", "# ---- into your server { }", "", *made.inside],
        data={"nginx": nginx.text, "http": made.maps, "server": made.inside},
    )
