"""`CLEARWAY["publish"]`: where releases are published to, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .http.negotiation import SUFFIXES

_KEYS = ("target", "coding", "options")


@dataclass(frozen=True)
class Publish:
    """`target` is a URL or a path, `options` are the client's by name: `{"endpoint": "https://…", "region": "eu"}`.

    `coding` is the one content coding that texts are published in; empty when each has its variants beside it.
    """

    target: str = ""
    coding: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)  # may have credentials


def read_publish(value: Any, name: str) -> Publish:
    """The value of the setting `name`. Raises `ImproperlyConfigured`, which says what is right."""
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(f"{name} must be a dict, not {type(value).__name__}.")
    for key in value:
        if key not in _KEYS:
            close = get_close_matches(str(key), _KEYS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"the keys are {', '.join(_KEYS)}."
            raise ImproperlyConfigured(f"{name} has no key {key!r}: {hint}")
    coding, options = value.get("coding") or "", value.get("options") or {}
    if coding and coding not in SUFFIXES:
        raise ImproperlyConfigured(f"{name}['coding'] must be one of {', '.join(SUFFIXES)}, not {coding!r}.")
    if not isinstance(options, Mapping) or not all(isinstance(part, str) for row in options.items() for part in row):
        raise ImproperlyConfigured(f"{name}['options'] must be a dict of texts.")
    return Publish(str(value.get("target") or ""), coding, dict(options))
