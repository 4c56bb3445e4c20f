"""`CLEARWAY["media"]["private"]`: where private files lie, and how they get to the client."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

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
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(f"{name} must be a dict, not {value!r}.")
    for key, given in value.items():
        if key not in _KEYS:
            close = get_close_matches(str(key), _KEYS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(_KEYS)}."
            raise ImproperlyConfigured(f"{name} has no key {key!r}: {hint}")
        right, wanted = _KEYS[key]
        if not right(given):
            raise ImproperlyConfigured(f"{name}[{key!r}] must be {wanted}, not {given!r}.")
    told = dict(value)
    if "root" in told:
        told["root"] = Path(told["root"])
    return Private(**told)


def _is_path(value: Any) -> bool:
    return isinstance(value, str | Path) and Path(value).is_absolute()


def _is_location(value: Any) -> bool:
    return isinstance(value, str) and bool(_LOCATION.fullmatch(value))


def _is_seconds(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


_KEYS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "root": (_is_path, "an absolute path"),
    "road": (lambda value: value in ROADS, f"one of {', '.join(ROADS)}"),
    "internal": (
        _is_location,
        'a URL path of letters, digits, "-", "_" and "." between slashes, like "/private-files/"',
    ),
    "max_age": (_is_seconds, "None, or seconds, 0 or more"),
}
