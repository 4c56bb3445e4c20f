"""Dicts in the setting: which keys there are, what is right for each, and the error that says so."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Keys = Mapping[str, tuple[Callable[[Any], bool], str]]
"""By key: whether a value is right, and in words what would be."""


def check(value: Any, keys: Keys, name: str) -> None:
    """Raise `ImproperlyConfigured` unless `value`, of the setting `name`, is a dict of these keys with right values."""
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(f"{name} must be a dict, not {value!r}.")
    for key, given in value.items():
        if key not in keys:
            close = get_close_matches(str(key), keys, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(keys)}."
            raise ImproperlyConfigured(f"{name} has no key {key!r}: {hint}")
        right, wanted = keys[key]
        if not right(given):
            raise ImproperlyConfigured(f"{name}[{key!r}] must be {wanted}, not {given!r}.")


def is_seconds(value: Any) -> bool:
    """Whether it is a whole number, 0 or more, or None."""
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
