"""What holds for the name under which a storage keeps a file, whatever it was called."""

import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from tests.media.bad_input.names import shown

from clearway.policy.file_names import safe_name

MINE = b"mine"


def kept(storage: Storage, name: str, **options: Any) -> str | None:
    """The name under which a file was kept; None where it was refused."""
    try:
        return str(storage.save(name, ContentFile(MINE), **options))
    except SuspiciousFileOperation:
        return None
    except (FileExistsError, ValueError) as error:  # a part of the path is a file: Django's own, the latter in memory
        assert "/" in name.replace("\\", "/"), error
        return None


def harms(name: str, place: str) -> Iterator[str]:
    """What is wrong with a name that was given."""
    for part in place.split("/"):
        stem = part.partition(".")[0].rstrip(" ").upper()
        rules = {
            "empty or a step": part in ("", ".", ".."),
            "hidden": part.startswith("."),
            "too long": len(part.encode()) > 255,
            "not in NFC": not unicodedata.is_normalized("NFC", part),
            "invisible": any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for each in part),
            "of Windows": bool(set(part) & set('<>:"\\|?*')) or part[-1:] in (".", " "),
            "a device": stem in ("CON", "NUL", "AUX", "PRN", "COM1", "LPT9", "COM\u00b9", "LPT\u00b2", "CONIN$"),
            "unstable": safe_name(part) != part,
        }
        yield from (f"{shown(name)} is kept as {shown(place)}: {rule}" for rule, broken in rules.items() if broken)


def astray(place: str, url: str) -> Iterator[str]:
    """What is wrong with the URL of a place."""
    parts = urlsplit(url)
    if not url.isascii() or not url.isprintable() or " " in url or (parts.scheme, parts.netloc) != ("", ""):
        yield f"no URL of this host: {shown(url)}"
    if unquote(parts.path) != f"/media/{place}":
        yield f"{shown(url)} is not the URL of {shown(place)}"
