"""Media types by extension, as Go's package mime has them on the machine that Caddy runs on."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_BUILT_IN = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".xml": "text/xml; charset=utf-8",
}
_GLOBS = ("/usr/local/share/mime/globs2", "/usr/share/mime/globs2")
_TABLES = ("/etc/mime.types", "/etc/apache2/mime.types", "/etc/apache/mime.types", "/etc/httpd/conf/mime.types")


def media_type(extension: str) -> str:
    """Of an extension with its dot; empty where none is known, and then Caddy sends none."""
    exact, lower = _tables()
    return exact.get(extension) or lower.get(extension.lower(), "")


@lru_cache(1)
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """As they are written, and in lower case.

    The database of freedesktop.org adds to what is built in, and where it is there nothing else is read; the tables
    of type and extensions replace what is built in.
    """
    exact, lower = dict(_BUILT_IN), dict(_BUILT_IN)
    lines = next(filter(None, map(_lines, _GLOBS)), None)
    if lines is not None:
        pairs = (pair for pair in _of_globs(lines) if pair[0] not in exact)
    else:
        pairs = (pair for table in _TABLES for pair in _of_table(_lines(table)))
    for extension, media in pairs:
        exact[extension] = lower[extension.lower()] = _with_charset(media)
    return exact, lower


def _of_globs(lines: list[str]) -> Iterator[tuple[str, str]]:
    """`weight:type:glob`, the heaviest first."""
    for line in lines:
        fields = line.split(":")
        if len(fields) < 3 or not fields[0] or line.startswith("#") or not fields[2].startswith("*."):
            continue
        extension = fields[2][1:]
        if len(fields[2]) > 2 and not set(extension) & set("?*["):
            yield extension, fields[1]


def _of_table(lines: list[str]) -> Iterator[tuple[str, str]]:
    """`type extension…`."""
    for line in lines:
        fields = line.split()
        if len(fields) < 2 or fields[0].startswith("#"):
            continue
        for extension in fields[1:]:
            if extension.startswith("#"):
                break
            yield f".{extension}", fields[0]


def _with_charset(media: str) -> str:
    return (
        f"{media.lower()}; charset=utf-8" if media.lower().startswith("text/") and ";" not in media else media.lower()
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
