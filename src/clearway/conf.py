"""The one setting: `CLEARWAY = {…}`, read once into a frozen dataclass and read again when a test changes it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from clearway.build.cache import user_folder
from clearway.build.kinds import KINDS, SETTABLE
from clearway.build.policy import unknown_id
from clearway.http.negotiation import SUFFIXES

FAST: Mapping[str, int] = {"br": 5, "gzip": 6, "zstd": 3}
LEVELS: Mapping[str, int] = {"br": 11, "gzip": 9, "zstd": 19}
_LEVEL_RANGES = {"br": range(12), "gzip": range(10), "zstd": range(1, 23)}
# named by the design, read by a later version: accepted, so that a project can be written ahead, but said aloud
LATER = ("lane_ignores", "deltas", "media", "publish")


@dataclass(frozen=True)
class Conf:
    """`CLEARWAY`, checked. Raises `ImproperlyConfigured` for unknown keys and wrong values, and says what is right.

    root          directories served at the site's root: a path, or a list of them
    max_age       seconds that names without a hash may be kept; None sends no Cache-Control (60; 0 under DEBUG)
    encodings     content codings to build: any of br, zstd, gzip
    levels        compression level by coding; "fast" for levels that cost a fiftieth and give a tenth more octets
    skip          globs of logical names that are not encoded
    unhashed      whether the unhashed originals stay in STATIC_ROOT, for other servers
    misses        "answer": a missing static file is a 404 of ours; "pass": the application is asked
    live          directories below STATIC_ROOT that are listed again on a miss
    headers       header fields by glob of the URL path: {"*.pdf": {"X-Robots-Tag": "noindex"}}; None removes one
    retain        how many releases are kept
    retain_days   days for which a retired release is kept even when there are more
    problems      severities by id of a problem, glob of names, or both: {"CW202": "ignore", "vendor/*": "warn"}
    records       the folder of release records, when not `STATIC_ROOT/.clearway`
    cache         the folder of what builds may use again, when not in the user's cache directory; None for no cache
    minify        whether CSS and JavaScript are minified (the extra `minify`)
    """

    root: tuple[Path, ...] = ()
    max_age: int | None = 60
    encodings: tuple[str, ...] = ("gzip", "br", "zstd")
    levels: Mapping[str, int] = field(default_factory=lambda: LEVELS)
    skip: tuple[str, ...] = ()
    unhashed: bool = True
    misses: str = "answer"
    live: tuple[str, ...] = ("CACHE/",)
    headers: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    retain: int = 5
    retain_days: int = 30
    problems: Mapping[str, str] = field(default_factory=dict)
    records: Path | None = None
    cache: Path | None = field(default_factory=lambda: user_folder(os.environ))
    minify: bool = False

    @classmethod
    def of(cls, given: Any, *, debug: bool) -> Self:
        """Read the setting's value."""
        if not isinstance(given, Mapping):
            raise ImproperlyConfigured(f"CLEARWAY must be a dict, not {type(given).__name__}.")
        known = [each.name for each in fields(cls)]
        for key in given:
            if key not in known and key not in LATER:
                raise ImproperlyConfigured(_unknown(key, [*known, *LATER]))
        values: dict[str, Any] = {"max_age": 0} if debug else {}
        values |= {key: _read(key, given[key]) for key in given if key in known}
        return cls(**values)


def conf() -> Conf:
    """The project's settings. Raises `ImproperlyConfigured`."""
    return _conf()


@lru_cache(1)
def _conf() -> Conf:
    return Conf.of(getattr(settings, "CLEARWAY", {}), debug=settings.DEBUG)


def _reset(*, setting: str, **_: Any) -> None:
    if setting in ("CLEARWAY", "DEBUG"):
        _conf.cache_clear()


setting_changed.connect(_reset, dispatch_uid="clearway.conf")


def _unknown(key: object, known: list[str]) -> str:
    close = get_close_matches(str(key), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(sorted(known))}."
    return f"CLEARWAY has no key {key!r}: {hint}"


def _read(key: str, value: Any) -> Any:
    name = f"CLEARWAY[{key!r}]"
    try:
        return READERS[key](value, name)
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} cannot be {value!r}.") from error


def _path(value: Any, name: str) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise ImproperlyConfigured(f"{name} must be a path, not {value!r}.")
    return Path(value)


def _path_or_none(value: Any, name: str) -> Path | None:
    return None if value is None else _path(value, name)


def _paths(value: Any, name: str) -> tuple[Path, ...]:
    return tuple(_path(each, name) for each in ([value] if isinstance(value, str | Path) else value))


def _strings(value: Any, name: str) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(each, str) for each in value):
        raise ImproperlyConfigured(f"{name} must be a list of strings, not {value!r}.")
    return tuple(value)


def _codings(value: Any, name: str) -> tuple[str, ...]:
    codings = _strings(value, name)
    for coding in codings:
        if coding not in SUFFIXES:
            raise ImproperlyConfigured(f"{name} has {coding!r}; the codings are {', '.join(SUFFIXES)}.")
    return codings


def _levels(value: Any, name: str) -> Mapping[str, int]:
    if value == "fast":
        return FAST
    for coding, level in dict(value).items():
        if coding not in _LEVEL_RANGES or type(level) is not int or level not in _LEVEL_RANGES[coding]:
            allowed = ", ".join(f"{key} {r.start}–{r.stop - 1}" for key, r in _LEVEL_RANGES.items())
            raise ImproperlyConfigured(f"{name} has {coding!r}: {level!r}; the levels are {allowed}.")
    return {**LEVELS, **value}


def _boolean(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}.")
    return value


def _count(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ImproperlyConfigured(f"{name} must be a whole number, 0 or more, not {value!r}.")
    return value


def _max_age(value: Any, name: str) -> int | None:
    return None if value is None else _count(value, name)


def _at_least_one(value: Any, name: str) -> int:
    if _count(value, name) == 0:
        raise ImproperlyConfigured(f"{name} must be 1 or more: the current release is always kept.")
    return int(value)


def _misses(value: Any, name: str) -> str:
    if value not in ("answer", "pass"):
        raise ImproperlyConfigured(f'{name} must be "answer" or "pass", not {value!r}.')
    return str(value)


def _directories(value: Any, name: str) -> tuple[str, ...]:
    return tuple(each.strip("/") + "/" for each in _strings(value, name) if each.strip("/"))


def _problems(value: Any, name: str) -> Mapping[str, str]:
    for key, level in dict(value).items():
        if not isinstance(key, str) or level not in SETTABLE:
            raise ImproperlyConfigured(f"{name} has {key!r}: {level!r}; the severities are {', '.join(SETTABLE)}.")
        if id_ := unknown_id(key):
            raise ImproperlyConfigured(f"{name} has {id_!r}; the ids are {', '.join(KINDS)}.")
    return dict(value)


def _headers(value: Any, name: str) -> Mapping[str, Mapping[str, str | None]]:
    for pattern, wanted in dict(value).items():
        for field_name, text in dict(wanted).items():
            if not _is_token(field_name) or not (text is None or _is_field_value(text)):
                raise ImproperlyConfigured(
                    f"{name}[{pattern!r}] has {field_name!r}: {text!r}, which no header can carry."
                )
    return dict(value)


def _is_token(name: Any) -> bool:
    return isinstance(name, str) and bool(name) and name.isascii() and name.replace("-", "").replace("_", "").isalnum()


def _is_field_value(text: Any) -> bool:
    return isinstance(text, str) and text.isprintable() and all(ord(character) < 256 for character in text)


READERS: dict[str, Callable[[Any, str], Any]] = {
    "root": _paths,
    "max_age": _max_age,
    "encodings": _codings,
    "levels": _levels,
    "skip": _strings,
    "unhashed": _boolean,
    "misses": _misses,
    "live": _directories,
    "headers": _headers,
    "retain": _at_least_one,
    "retain_days": _count,
    "problems": _problems,
    "records": _path,
    "cache": _path_or_none,
    "minify": _boolean,
}
