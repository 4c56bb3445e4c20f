"""`CLEARWAY["publish"]`: where releases are published to, and how."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from .http.negotiation import SUFFIXES
from .stores.purging.kinds import KEYS, LISTS

_KEYS = ("target", "coding", "options", "purge")
_SECRET = re.compile(r"token|secret|key|password", re.IGNORECASE)
_SITE = "url"  # of `purge`, for every kind


@dataclass(frozen=True)
class Publish:
    """`target` is a URL or a path, `options` are the client's by name: `{"endpoint": "https://…", "region": "eu"}`.

    `coding` is the one content coding that texts are published in; empty when each has its variants beside it.
    `purge` is the cache that is told what changed, such as `{"kind": "cloudflare", "zone": "…"}`; it has no secrets.
    """

    target: str = ""
    coding: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)  # may have credentials
    purge: Mapping[str, Any] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """Where URLs without a host lead, as `purge` says; empty where nobody said."""
        return str(self.purge.get(_SITE, ""))


def read_publish(value: Any, name: str) -> Publish:
    """The value of the setting `name`. Raises `ImproperlyConfigured`, which says what is right."""
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(f"{name} must be a dict, not {type(value).__name__}.")
    _check_keys(value, _KEYS, name)
    coding, options = value.get("coding") or "", value.get("options") or {}
    if coding and coding not in SUFFIXES:
        raise ImproperlyConfigured(f"{name}['coding'] must be one of {', '.join(SUFFIXES)}, not {coding!r}.")
    if not isinstance(options, Mapping) or not all(isinstance(part, str) for row in options.items() for part in row):
        raise ImproperlyConfigured(f"{name}['options'] must be a dict of texts.")
    target = without_password(str(value.get("target") or ""), f"{name}['target']")
    purge = _read_purge(value.get("purge") or {}, f"{name}['purge']")
    return Publish(target, coding, dict(options), purge)


def without_password(place: str, name: str) -> str:
    """A URL or a path that may be printed. Raises `ImproperlyConfigured` for a URL with credentials, and hides them."""
    _, is_url, rest = place.partition("://")
    if is_url and "@" in rest.partition("/")[0]:
        raise ImproperlyConfigured(f"{name} holds no user name or password: credentials belong into the environment.")
    return place


def _read_purge(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ImproperlyConfigured(f"{name} must be a dict, not {type(value).__name__}.")
    if not value:
        return {}
    if value.get("kind") not in KEYS:
        raise ImproperlyConfigured(f"{name}['kind'] must be one of {', '.join(KEYS)}, not {value.get('kind')!r}.")
    known, needed = KEYS[value["kind"]]
    _check_keys(value, ("kind", _SITE, *sorted(known)), name)
    for key in needed - value.keys():
        raise ImproperlyConfigured(f"{name} needs {key!r}: which of your caches it is.")
    for key in value:
        if key in LISTS:
            if isinstance(value[key], str) or not all(isinstance(each, str) for each in value[key]):
                raise ImproperlyConfigured(f"{name}[{key!r}] must be a list of texts.")
        elif not isinstance(value[key], str):
            raise ImproperlyConfigured(f"{name}[{key!r}] must be a text, not {type(value[key]).__name__}.")
    return dict(value)


def _check_keys(value: Mapping[str, Any], known: Sequence[str], name: str) -> None:
    for key in value:
        if key not in known:
            close = get_close_matches(str(key), known, n=1)
            secret = "secrets belong into the environment; " if _SECRET.search(str(key)) else ""
            hint = f"did you mean {close[0]!r}?" if close else f"{secret}the keys are {', '.join(known)}."
            raise ImproperlyConfigured(f"{name} has no key {key!r}: {hint}")
