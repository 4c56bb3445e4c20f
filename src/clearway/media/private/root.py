"""The directory of private files: one that nothing public can be told to serve."""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_PUBLIC = ("MEDIA_ROOT", "STATIC_ROOT")


def checked_root(location: str | os.PathLike[str]) -> str:
    """An absolute path. Raises `ImproperlyConfigured` where the directory has files in common with a public one."""
    public = tuple((name, os.fspath(getattr(settings, name, None) or "")) for name in _PUBLIC)
    return _checked(os.path.abspath(location), public)


@lru_cache(64)
def _checked(root: str, public: tuple[tuple[str, str], ...]) -> str:
    for name, path in public:
        if path and _overlap(root, path):
            raise ImproperlyConfigured(
                f"Private files in {root} and {name}, {path}, lie in each other: whatever serves {name} would serve "
                f'them to everybody. Give CLEARWAY["media"]["private"]["root"] a directory beside it.'
            )
    return root


def _overlap(one: str, other: str) -> bool:
    first, second = Path(os.path.realpath(one)), Path(os.path.realpath(other))
    return first.is_relative_to(second) or second.is_relative_to(first)
