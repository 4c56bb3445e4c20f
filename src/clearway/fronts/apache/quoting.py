"""Words of a configuration of httpd, in quotes."""

import re

from clearway.fronts.errors import UnwritableError

_BARE = re.compile(r"[A-Za-z0-9_./:@+=,~-]+")


def word(text: str) -> str:
    """A word in double quotes where it needs them. Raises `UnwritableError`."""
    return text if _BARE.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """A word in double quotes; what httpd reads in it, such as `$1`, is read. Raises `UnwritableError`."""
    if any(ord(character) < 32 for character in text) or "${" in text.replace("${1}", ""):
        raise UnwritableError(f"{text!r} cannot be written in a configuration of httpd: rename the directory")
    return '"' + text.replace("\\\\", "\\\\\\\\").replace('"', '\\"') + '"'


def path(text: str) -> str:
    """A path of the disk without its slash at the end. Raises `UnwritableError` for what rules would expand."""
    if set(text) & set("$%\\*?[<>") or any(ord(character) < 32 for character in text):
        raise UnwritableError(f"{text!r} cannot be written in a configuration of httpd: rename the directory")
    return text.rstrip("/") or "/"
