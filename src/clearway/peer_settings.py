"""The settings of WhiteNoise and ServeStatic, read as a fallback, so that switching is two edits.

A key of `CLEARWAY` goes before both, and `SERVESTATIC_*` before `WHITENOISE_*`. None means that a setting was not
made, except for `MAX_AGE`, where it means that no lifetime is sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from glob import escape
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .http.header_rules import AddHeaders, Immutable, immutable_test
from .http.negotiation import SUFFIXES
from .setting_readers import READERS, Reader, index_file, media_types, read

READ, OVERRULED, WITHOUT_EFFECT = "read", "overruled", "without effect"
PREFIXES = ("SERVESTATIC_", "WHITENOISE_")  # the first one that has a setting is read


@dataclass(frozen=True)
class Inherited:
    """What `CLEARWAY` has no key for, because a project that starts with Clearway does not need it.

    autorefresh     whether the disk is looked at on every request; None: as DEBUG says
    finders         whether the files that the staticfiles finders know are served; None: as DEBUG says
    static_prefix   the URL path of static files, between slashes; None: that of STATIC_URL
    charset         of text types
    any_origin      whether `Access-Control-Allow-Origin: *` is sent
    add_headers     called with (headers, path, url) once per file
    immutable       called with (path, url): whether a file never changes, beside those whose names have a hash
    outward_links   whether symbolic links that lead out of their directory are followed
    strict          whether a name that no release has is an error of `{% static %}`; None: as the storage says
    """

    autorefresh: bool | None = None
    finders: bool | None = None
    static_prefix: str | None = None
    charset: str = "utf-8"
    any_origin: bool = True
    add_headers: AddHeaders | None = None
    immutable: Immutable | None = None
    outward_links: bool = False
    strict: bool | None = None


@dataclass(frozen=True)
class Given:
    """What was found: values for keys of `CLEARWAY`, and the rest."""

    keys: Mapping[str, Any]
    rest: Inherited


@dataclass(frozen=True)
class InUse:
    """One setting of a peer that this project has.

    `key` is the key of `CLEARWAY` that says the same, or empty; `instead` says in words what to write; `state` is
    `READ`, `OVERRULED` (by `CLEARWAY`, or by the same setting of ServeStatic) or `WITHOUT_EFFECT`.
    """

    name: str
    key: str
    instead: str
    state: str


@dataclass(frozen=True)
class _Known:
    """How a setting is read, and the key of `CLEARWAY`, or the field of `Inherited`, that it becomes."""

    read: Reader
    key: str = ""
    field: str = ""
    instead: str = ""

    @property
    def has_effect(self) -> bool:
        return bool(self.key or self.field)


def given() -> Given:
    """What the settings of peers say. Raises `ImproperlyConfigured`, which names the setting."""
    keys: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, (setting, value) in _effective().items():
        known = KNOWN[name]
        found = read(known.read, value, setting)
        if known.field:
            rest[known.field] = found
        elif known.key == "encodings":
            keys["encodings"] = tuple(each for each in keys.get("encodings", SUFFIXES) if each not in found)
        elif known.key:
            keys[known.key] = found
    return Given(keys, Inherited(**rest))


def in_use() -> tuple[InUse, ...]:
    """Every setting of a peer that this project has, sorted by name, also where it cannot be read."""
    effective = {setting for setting, _ in _effective().values()}
    own = getattr(settings, "CLEARWAY", {})
    own = own if isinstance(own, Mapping) else {}
    found = [(prefix + name, known) for prefix in PREFIXES for name, known in KNOWN.items()]
    return tuple(
        InUse(setting, known.key, known.instead or f'CLEARWAY["{known.key}"]', _state(setting, known, effective, own))
        for setting, known in sorted(found, key=lambda row: row[0])
        if hasattr(settings, setting)
    )


def strict() -> bool | None:
    """`MANIFEST_STRICT` alone, for the storage."""
    setting, value = _effective().get("MANIFEST_STRICT", ("", None))
    return None if value is None else bool(read(_truth, value, setting))


def _state(setting: str, known: _Known, effective: set[str], own: Any) -> str:
    if not known.has_effect:
        return WITHOUT_EFFECT
    return READ if setting in effective and known.key not in own else OVERRULED


def _effective() -> dict[str, tuple[str, Any]]:
    """(setting, value) by the name without its prefix."""
    found: dict[str, tuple[str, Any]] = {}
    for name in KNOWN:
        for setting in (prefix + name for prefix in PREFIXES):
            value = getattr(settings, setting, None)
            if name not in found and (value is not None or (name == "MAX_AGE" and hasattr(settings, setting))):
                found[name] = setting, value
    return found


# --- how they are read


def _truth(value: Any, name: str) -> bool:
    if value not in (True, False):  # 1 and 0 are as good
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}.")
    return bool(value)


def _untruth(value: Any, name: str) -> bool:
    return not _truth(value, name)


def _without(coding: str) -> Reader:
    return lambda value, name: () if _truth(value, name) else (coding,)


def _seconds(value: Any, name: str) -> Any:
    return READERS["max_age"](int(value) if isinstance(value, str) and value.isdecimal() else value, name)


def _root(value: Any, name: str) -> Any:
    return READERS["root"](value, name) if value else ()


def _globs(value: Any, name: str) -> tuple[str, ...]:
    """Extensions, in whatever case, as globs of names."""
    return tuple("*." + "".join(map(_either_case, each.removeprefix("."))) for each in READERS["skip"](value, name))


def _either_case(character: str) -> str:
    return f"[{character.lower()}{character.upper()}]" if character.isalpha() else escape(character)


def _zstd_level(value: Any, name: str) -> Any:
    return READERS["levels"]({"zstd": value}, name)


def _charset(value: Any, name: str) -> str:
    if not (isinstance(value, str) and value and re.fullmatch(r"[A-Za-z0-9._:+-]+", value)):
        raise ImproperlyConfigured(f"{name} must be the name of a charset, not {value!r}.")
    return value


def _prefix(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ImproperlyConfigured(f"{name} must be a URL path, not {value!r}.")
    from .serve.added_files import as_prefix  # the commands need no catalog

    return as_prefix(value)


def _function(value: Any, name: str) -> Any:
    if not callable(value):
        raise ImproperlyConfigured(f"{name} must be a function of (headers, path, url), not {value!r}.")
    return value


def _immutable(value: Any, name: str) -> Immutable:
    if not (callable(value) or isinstance(value, str)):
        raise ImproperlyConfigured(f"{name} must be a function of (path, url) or a regular expression, not {value!r}.")
    try:
        return immutable_test(value)
    except re.error as error:
        raise ImproperlyConfigured(f"{name} is no regular expression: {error}.") from error


def _anything(value: Any, name: str) -> None:
    """What has no effect cannot be wrong."""


KNOWN: Mapping[str, _Known] = {
    "ROOT": _Known(_root, key="root"),
    "MAX_AGE": _Known(_seconds, key="max_age"),
    "INDEX_FILE": _Known(index_file, key="index_file"),
    "MIMETYPES": _Known(media_types, key="mimetypes"),
    "SKIP_COMPRESS_EXTENSIONS": _Known(_globs, key="skip"),
    "KEEP_ONLY_HASHED_FILES": _Known(_untruth, key="unhashed"),
    "MINIFY": _Known(_truth, key="minify"),
    "ZSTD_LEVEL": _Known(_zstd_level, key="levels"),
    "USE_GZIP": _Known(_without("gzip"), key="encodings"),
    "USE_BROTLI": _Known(_without("br"), key="encodings"),
    "USE_ZSTD": _Known(_without("zstd"), key="encodings"),
    "AUTOREFRESH": _Known(_truth, field="autorefresh", instead="DEBUG: under it the disk is asked on every request"),
    "USE_FINDERS": _Known(_truth, field="finders", instead="DEBUG; in production, collectstatic"),
    "STATIC_PREFIX": _Known(_prefix, field="static_prefix", instead="the path of STATIC_URL"),
    "CHARSET": _Known(_charset, field="charset", instead='a charset in the types of CLEARWAY["mimetypes"]'),
    "ALLOW_ALL_ORIGINS": _Known(
        _truth,
        field="any_origin",
        instead='CLEARWAY["headers"] = {"*": {"Access-Control-Allow-Origin": None}}',
    ),
    "ADD_HEADERS_FUNCTION": _Known(_function, field="add_headers", instead='CLEARWAY["headers"]'),
    "IMMUTABLE_FILE_TEST": _Known(
        _immutable, field="immutable", instead='Cache-Control by glob in CLEARWAY["headers"], where a hash is not seen'
    ),
    "ALLOW_UNSAFE_SYMLINKS": _Known(
        _truth, field="outward_links", instead='the directory that the link leads to, in CLEARWAY["root"] or a finder'
    ),
    "MANIFEST_STRICT": _Known(
        _truth, field="strict", instead="manifest_strict of a class that inherits from ReleaseStorage"
    ),
    "USE_MANIFEST": _Known(_anything, instead="nothing: the record of the release is always read"),
    "USE_STATIC_ROOT": _Known(_anything, instead="nothing: files that no record lists are always served"),
    "ZSTD_DICTIONARY": _Known(_anything, instead="nothing: without RFC 9842 no browser can decode such a variant"),
    "ZSTD_DICTIONARY_IS_RAW": _Known(_anything, instead="nothing, as for ZSTD_DICTIONARY"),
}
