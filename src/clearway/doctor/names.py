"""Names of static files: as they are asked for, and as two builds would write them."""

import re
from collections.abc import Iterable, Mapping
from posixpath import basename, dirname, join, splitext
from urllib.parse import unquote

from clearway.build.bundlers import is_hashed

_HEX = re.compile(r"(?=\D*\d)(?:(?=\d*[a-f])[0-9a-f]{8,64}|\d{12,64})")  # eight digits alone are a date
_PARTS = re.compile(r"([-._])")
_OF_BUNDLERS = 8  # characters of a hash of Vite's, Rollup's and esbuild's


def asked(name: str) -> str:
    """The file that a storage looks for: the name without query and fragment, percent-decoded.

    Empty for a directory, which no storage looks up.
    """
    plain = unquote(name.partition("#")[0].partition("?")[0]).strip()
    return "" if plain.endswith("/") else plain


def without_hash(name: str) -> str | None:
    """The name with `*` for the hash in it, equal for every build of one file; None where there is no hash."""
    base = basename(name)
    root, extension = splitext(base)
    if _HEX.fullmatch(extension[1:]):  # of a file without extension
        root, extension = base, ""
    parts = _PARTS.split(root)
    at = next((place for place in range(len(parts) - 1, 0, -1) if _HEX.fullmatch(parts[place])), None)
    if at is None and len(parts) > 1 and len(parts[-1]) == _OF_BUNDLERS and not parts[-1].isdigit() and is_hashed(base):
        at = len(parts) - 1
    return None if at is None else join(dirname(name), "".join([*parts[:at], "*", *parts[at + 1 :]]) + extension)


def builds(names: Iterable[str]) -> Mapping[str, list[str]]:
    """Names with a hash by what they are without."""
    found: dict[str, list[str]] = {}
    for name in names:
        if (plain := without_hash(name)) is not None:
            found.setdefault(plain, []).append(name)
    return found
