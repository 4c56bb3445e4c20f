"""Words of a Caddyfile, quoted where Caddy needs it."""

import re

from clearway.fronts.errors import UnwritableError

_BARE = re.compile(r"[A-Za-z0-9_./:@+=,~-][A-Za-z0-9_./:@+=,~*-]*")


def word(text: str) -> str:
    """A word without placeholders. Raises `UnwritableError`."""
    if any(character in "{}\\`" or ord(character) < 32 for character in text):
        raise UnwritableError(f"{text!r} cannot be written in a Caddyfile: rename the directory")
    return text if _BARE.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """A word in double quotes; placeholders in it are read."""
    return '"' + text.replace('"', '\\"') + '"'


def raw(text: str) -> str:
    """A regular expression, in backticks: nothing in it is read. Raises `UnwritableError`."""
    if "`" in text:
        raise UnwritableError(f"{text!r} cannot be written in a Caddyfile: rename the directory")
    return f"`{text}`"


def pattern(path: str) -> str:
    """A path for the matcher `path`, with all below it. Raises `UnwritableError` for one that would be a pattern."""
    if set(path) & set("*?[%") or path != path.strip():
        raise UnwritableError(f"{path!r} cannot be written as a path of Caddy: rename the address")
    return word(f"{path.rstrip('/')}/*")
