"""Words of a configuration, quoted where nginx needs it."""

import re

from clearway.fronts.errors import UnwritableError

_BARE = re.compile(r"[A-Za-z0-9_./:@+*=,^~%-]+")


def word(text: str) -> str:
    """A word without variables. Raises `UnwritableError`: nginx has no way to write a dollar sign."""
    if "$" in text or any(ord(character) < 32 for character in text):
        raise UnwritableError(f"{text!r} cannot be written in a configuration of nginx: rename the directory")
    return text if _BARE.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """A word in double quotes; variables in it are read."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def regex(text: str) -> str:
    """A regular expression in double quotes: nginx leaves every backslash that it does not know."""
    return '"' + text.replace('"', '\\"') + '"'
