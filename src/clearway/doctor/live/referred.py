"""What style sheets, scripts, drawings and web manifests make a browser ask for."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from clearway.build import references
from clearway.build.references import Reference

from .kinds import extension, kind_of
from .seen import Wanted

_DECLARATION = re.compile(rb"(?:^|[;{\s])src\s*:[^;{}]*\Z")
_LONGEST = 4096  # octets before a URL in which its declaration begins
_NEVER = ".eot"  # no browser of today asks for it


def referred(name: str, data: bytes, base: str, page: str) -> Iterator[Wanted]:
    """Of a source that came from `base`; the extension of `name` says what it is."""
    for each in references.find(name, data):
        kind = _kind(each, data, is_sheet=name.endswith(".css"))
        url = "" if each.url.strip().startswith("#") else absolute(base, each.url)
        if kind and url:
            cors = "anonymous" if kind in ("font", "module") else ""
            yield Wanted(url, kind, base, references.line(data, each.start), cors, page)


def absolute(base: str, written: str) -> str:
    """A URL of the web without its fragment; empty for none."""
    try:
        joined = urljoin(base, written.strip(" \t\n\r\f")).partition("#")[0]
        parts = urlsplit(joined)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # raises for one that is no number
    except ValueError:
        return ""
    return joined if is_web else ""


def _kind(reference: Reference, data: bytes, *, is_sheet: bool) -> str:
    """Empty for what a browser does not ask for, or not for sure."""
    if reference.kind == references.SOURCE_MAP:
        return "map"
    if reference.kind == "import":
        return "style" if is_sheet else "module"
    if reference.kind == "dynamic import":
        return "module"
    if reference.kind in references.AT_RUN_TIME:
        return kind_of(reference.url, "") if reference.kind == "new URL" else ""
    is_font = is_sheet and _DECLARATION.search(data[max(0, reference.start - _LONGEST) : reference.start])
    ending = extension(reference.url)
    if ending == _NEVER or (is_font and ending == ".svg"):
        return ""
    return "font" if is_font else kind_of(reference.url, "image")
