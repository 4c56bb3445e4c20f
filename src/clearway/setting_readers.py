"""How the value of each key of `CLEARWAY` is read: a function from (value, name of the setting) to what it means.

Each raises `ImproperlyConfigured`, or TypeError or ValueError when there is nothing more to say.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from clearway.build.kinds import KINDS, SETTABLE
from clearway.build.policy import is_fixed, unknown_id
from clearway.catalog import layout
from clearway.http.negotiation import SUFFIXES
from clearway.media.setting import read_media
from clearway.publish_setting import read_publish, without_password
from clearway.release_setting import read_release
from clearway.stores.remote_files import SCHEMES

Reader = Callable[[Any, str], Any]

FAST: Mapping[str, int] = {"br": 5, "gzip": 6, "zstd": 3}
LEVELS: Mapping[str, int] = {"br": 11, "gzip": 9, "zstd": 19}
_ALSO_IN_TYPES = str.maketrans("+.", "--")
_LEVEL_RANGES = {"br": range(12), "gzip": range(10), "zstd": range(1, 23)}


def read(reader: Reader, value: Any, name: str) -> Any:
    """Read the value of the setting `name`. Raises `ImproperlyConfigured`, which names it."""
    try:
        return reader(value, name)
    except (TypeError, ValueError, AttributeError) as error:
        raise ImproperlyConfigured(f"{name} cannot be {value!r}.") from error


def _path(value: Any, name: str) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise ImproperlyConfigured(f"{name} must be a path, not {value!r}.")
    return Path(value)


def _records(value: Any, name: str) -> Path | str:
    """A folder, or the URL of where releases are published."""
    if not isinstance(value, str) or "://" not in value:
        return _path(value, name)
    without_password(value, name)
    if not value.startswith(SCHEMES):
        raise ImproperlyConfigured(f"{name} must be a path, or a URL with {', '.join(SCHEMES)}; not {value!r}.")
    return value.rstrip("/").removesuffix(f"/{layout.FOLDER}")


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
        if is_fixed(key):
            raise ImproperlyConfigured(f"{name} has {key!r}, which always stops a build; old pages would break.")
    return dict(value)


def _headers(value: Any, name: str) -> Mapping[str, Mapping[str, str | None]]:
    for pattern, wanted in dict(value).items():
        for field_name, text in dict(wanted).items():
            if not _is_token(field_name) or not (text is None or _is_field_value(text)):
                raise ImproperlyConfigured(
                    f"{name}[{pattern!r}] has {field_name!r}: {text!r}, which no header can carry."
                )
    return dict(value)


def index_file(value: Any, name: str) -> str | None:
    if value is True:
        return "index.html"
    if value not in (None, False) and not (isinstance(value, str) and value and "/" not in value):
        raise ImproperlyConfigured(f"{name} must be True, False or the name of a file, not {value!r}.")
    return value or None


def media_types(value: Any, name: str) -> Mapping[str, str]:
    for key, type_ in dict(value).items():
        if not (isinstance(key, str) and key and _is_media_type(type_)):
            raise ImproperlyConfigured(f"{name} has {key!r}: {type_!r}; an extension or a file name has a media type.")
    return {key.lower(): type_ for key, type_ in value.items()}


def _is_media_type(text: Any) -> bool:
    parts = text.partition(";")[0].strip().split("/") if _is_field_value(text) else ()
    return len(parts) == 2 and all(_is_token(part.translate(_ALSO_IN_TYPES)) for part in parts)


def _is_token(name: Any) -> bool:
    return isinstance(name, str) and bool(name) and name.isascii() and name.replace("-", "").replace("_", "").isalnum()


def _is_field_value(text: Any) -> bool:
    return isinstance(text, str) and text.isprintable() and all(ord(character) < 256 for character in text)


READERS: dict[str, Reader] = {
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
    "records": _records,
    "cache": _path_or_none,
    "minify": _boolean,
    "lane_ignores": _strings,
    "index_file": index_file,
    "mimetypes": media_types,
    "media": read_media,
    "publish": read_publish,
    "release": read_release,
}
