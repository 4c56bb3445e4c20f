"""`CLEARWAY["media"]`, and what else the setting says of users' files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from clearway.http.media_types import type_by_extension
from clearway.policy.limits import Limits
from clearway.policy.media import RESOURCE_POLICIES, MediaPolicy

from .gate_setting import GATE_KEYS, Gate, read_gate
from .keys import Keys, check, is_seconds
from .order_setting import ORDER_KEYS, Order, read_order
from .private_setting import Private, read_private


@dataclass(frozen=True)
class Media:
    """`serve`: whether the middleware and the wrappers answer files below MEDIA_URL; `policy`: how, and others too."""

    serve: bool = False
    policy: MediaPolicy = field(default_factory=MediaPolicy)
    private: Private = field(default_factory=Private)
    order: Order = field(default_factory=Order)
    gate: Gate = field(default_factory=Gate)

    @property
    def limits(self) -> Limits:
        """Those of every upload."""
        return self.gate.limits


def read_media(value: Any, name: str) -> Media:
    """The value of the setting `name`. Raises `ImproperlyConfigured`, which says what is right."""
    check(value, _KEYS, name)
    inline = tuple(each.lower() for each in value.get("inline", ()))
    told = {key: value[key] for key in ("max_age", "resource_policy") if key in value}
    private = read_private(value.get("private", {}), f"{name}['private']")
    return Media(value.get("serve", False), MediaPolicy(inline, **told), private, read_order(value), read_gate(value))


def _are_types(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) and _is_type(each) for each in value)


def _is_type(text: str) -> bool:
    kind, _, rest = text.partition("/")
    return text.isascii() and kind.isalnum() and rest.translate(_IN_TYPES).isalnum()


_IN_TYPES = str.maketrans(dict.fromkeys("+-._", "x"))
_KEYS: Keys = {
    "serve": (lambda value: isinstance(value, bool), "True or False"),
    "inline": (_are_types, 'a list of media types, such as ["application/pdf"]'),
    "max_age": (is_seconds, "None, or seconds, 0 or more"),
    **GATE_KEYS,
    **ORDER_KEYS,
    "private": (lambda value: isinstance(value, Mapping), "a dict"),
    "resource_policy": (lambda value: value in RESOURCE_POLICIES, f"one of {', '.join(RESOURCE_POLICIES)}"),
}


def media_policy() -> MediaPolicy:
    """That of the project. Raises `ImproperlyConfigured`."""
    return read_media(_setting("media"), 'CLEARWAY["media"]').policy


def private_setting() -> Private:
    """That of the project. Raises `ImproperlyConfigured`."""
    return read_media(_setting("media"), 'CLEARWAY["media"]').private


def order_setting() -> Order:
    """That of the project. Raises `ImproperlyConfigured`."""
    return read_media(_setting("media"), 'CLEARWAY["media"]').order


def gate_setting() -> Gate:
    """That of the project. Raises `ImproperlyConfigured`."""
    return read_media(_setting("media"), 'CLEARWAY["media"]').gate


def type_of_name(name: str) -> str:
    """The media type by which a file of this name is sent, without parameters."""
    types = {str(key).lower(): str(value) for key, value in dict(_setting("mimetypes")).items()}
    return type_by_extension(name, types)


def _setting(key: str) -> Any:
    given = getattr(settings, "CLEARWAY", None)
    return given.get(key, {}) if isinstance(given, Mapping) else {}
