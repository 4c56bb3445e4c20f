"""What nginx does with X-Accel-Redirect, as it is written for a project: the location of its private files."""

from collections.abc import Sequence

from clearway.fronts.handing import PASSED_ON
from clearway.fronts.site import Private, Site

from .blocks import location, no_links, path_of
from .installed import Installed
from .quoting import word


def accelerated(private: Private, site: Site, nginx: Installed) -> list[str]:
    """The location that nobody can ask for. What nginx would drop of the application's answer is sent with the file."""
    links = [] if site.follows_links else [no_links(private.there)]
    return location(
        f"^~ {word(private.internal)}",
        ["# Private files: the application decides, and names them with X-Accel-Redirect."],
        ["internal;", f"alias {path_of(private.there, '/')};", *links, "if (-d $request_filename) { return 404; }"],
        _as_it_is(nginx.encoders),
        [f"add_header {name} ${_variable(name)} always;" for name in PASSED_ON],
    )


def _as_it_is(encoders: Sequence[str]) -> list[str]:
    """Octets of the file itself, of now, and as long as the application said; whatever stands around."""
    return [
        *(f"{encoder} off;" for encoder in ("gzip", *encoders)),
        "expires off;",
        "open_file_cache off;",
        "if_modified_since before;",
    ]


def _variable(name: str) -> str:
    """Of a field in the answer of the application."""
    return f"upstream_http_{name.lower().replace('-', '_')}"
