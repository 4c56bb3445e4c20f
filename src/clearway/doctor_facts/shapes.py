"""Settings of a shape that Django cannot use, which it says only when it needs them."""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings


def misshapen() -> str:
    """The first such setting, with its value and what it has to be; empty where there is none."""
    for name, (fits, due) in _SHAPES.items():
        value = getattr(settings._wrapped, name, None)
        if not fits(value):
            return f"{name} is {value!r:.100}, and has to be {due}"
    return ""


def _is_names(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _is_address(value: object) -> bool:
    """A string, or something that stands for one: some are made when they are used."""
    return not isinstance(value, int | float | bytes | list | tuple | dict | set)


def _is_place(value: object) -> bool:
    if value is None:
        return True
    return isinstance(value, str | os.PathLike) and "\0" not in os.fsdecode(value)


def _is_places(value: object) -> bool:
    """Paths, and pairs of a prefix and a path; what is no list has a check of its own."""
    if not isinstance(value, Iterable) or isinstance(value, str):
        return True
    return all(_is_place(each) or (isinstance(each, list | tuple) and len(each) == 2) for each in value)


def _is_storages(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(each, Mapping) for each in value.values())


_NAMES = "a list of names"
_SHAPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "MIDDLEWARE": (_is_names, _NAMES),
    "STATICFILES_FINDERS": (_is_names, _NAMES),
    "STORAGES": (_is_storages, "a dict of a dict for each alias"),
    "STATICFILES_DIRS": (_is_places, "a list of paths, or of pairs of a prefix and a path"),
    "STATIC_ROOT": (_is_place, "a path"),
    "MEDIA_ROOT": (_is_place, "a path"),
    "STATIC_URL": (_is_address, "a string"),
    "MEDIA_URL": (_is_address, "a string"),
}
