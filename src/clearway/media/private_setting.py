"""`CLEARWAY["media"]["private"]`: where private files lie, and how they get to the client."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .keys import Keys, check, is_seconds

_LOCATION = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)+")
ROADS = ("auto", "stream", "pathsend", "x-accel", "x-sendfile")


@dataclass(frozen=True)
class Private:
    """The setting, checked.

    root      the directory of private files; None where there are none
    road      "auto": pathsend where the server offers it, else "stream"; or one of `ROADS`
    internal  the path of nginx's internal location, whose alias is `root`
    max_age   seconds that the browser may keep a file without asking again; None: nobody stores it
    """

    root: Path | None = None
    road: str = "auto"
    internal: str = "/private-files/"
    max_age: int | None = None

    @property
    def cache_control(self) -> str:
        """No shared cache stores a private file (RFC 9111 §5.2.2.7)."""
        return "private, no-store" if self.max_age is None else f"private, max-age={self.max_age}"


def read_private(value: Any, name: str) -> Private:
    """The value of the setting `name`. Raises `ImproperlyConfigured`, which says what is right."""
    check(value, _KEYS, name)
    told = dict(value)
    if "root" in told:
        told["root"] = Path(told["root"])
    return Private(**told)


def _is_path(value: Any) -> bool:
    return isinstance(value, str | Path) and Path(value).is_absolute()


def _is_location(value: Any) -> bool:
    return isinstance(value, str) and bool(_LOCATION.fullmatch(value))


_KEYS: Keys = {
    "root": (_is_path, "an absolute path"),
    "road": (lambda value: value in ROADS, f"one of {', '.join(ROADS)}"),
    "internal": (
        _is_location,
        'a URL path of letters, digits, "-", "_" and "." between slashes, like "/private-files/"',
    ),
    "max_age": (is_seconds, "None, or seconds, 0 or more"),
}
