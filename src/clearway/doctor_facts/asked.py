"""What is due for the URL of a request that somebody describes; the parts of URLs that settings name."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from clearway.doctor.facts import Sample, Settings, Sources
from clearway.fronts.described import Described
from clearway.fronts.road import Visit
from clearway.fronts.site import Site


def sample_of(
    url: str, visit: Visit, described: Described, settings: Settings, sources: Sources, site: Site
) -> Sample | None:
    """What is due for a URL that fails: one of the known files, else a page; None for a file that nobody knows."""
    path = unquote(visit.target.partition("?")[0])
    for kind, place in (("static", site.static), ("media", site.media)):
        prefix, host = prefix_of(settings, f"{kind.upper()}_URL"), host_of(settings, f"{kind.upper()}_URL")
        if not path.startswith(prefix) or prefix == "/" or host not in ("", visit.host) or described.is_writing:
            continue
        name, root = path[len(prefix) :], str(settings[f"{kind.upper()}_ROOT"] or "")
        file = Path(root, name)
        is_known = bool(place and root and name) and ".." not in file.parts
        if is_known and (file.is_file() or (kind == "static" and name in sources.files)):
            return Sample(kind, url, name, str(file.absolute()), prefix)
        return None
    return Sample("page", url)


def prefix_of(settings: Settings, name: str) -> str:
    """The path that pages ask below: the script name stands before a URL that begins without a slash."""
    path = unquote(urlsplit(str(settings[name] or "")).path)
    script = "" if path.startswith("/") else str(settings.get("FORCE_SCRIPT_NAME") or "").strip("/")
    return "/" + "".join(f"{part}/" for part in (script, path.strip("/")) if part)


def host_of(settings: Settings, name: str) -> str:
    """Of a setting that is a URL; empty where it is a path."""
    return urlsplit(str(settings[name] or "")).hostname or ""
