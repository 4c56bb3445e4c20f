"""What `CLEARWAY["media"]` says of uploads: `Limits`, and what is done with the files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clearway.policy.limits import SUSPECT, TOLD, Limits

from .keys import Keys

UNREACHABLE = ("hold", "refuse")


@dataclass(frozen=True)
class Gate:
    """What every upload passes.

    limits               what an upload may be
    strip_location       whether pictures forget where they were taken
    scanner              dotted path of a scanner or its class, `{"BACKEND": …, "OPTIONS": {…}}`, or the scanner itself
    scanner_unreachable  "hold": a file that could not be scanned is kept and not served; "refuse": it is not kept
    """

    limits: Limits = field(default_factory=Limits)
    strip_location: bool = False
    scanner: Any = None
    scanner_unreachable: str = "hold"


def read_gate(value: Mapping[str, Any]) -> Gate:
    """From the whole value of `CLEARWAY["media"]`, of which each key is right."""
    limits: dict[str, Any] = {key: value[key] for key in LIMIT_KEYS if key in value}
    own = {key: value[key] for key in GATE_KEYS if key in value and key not in LIMIT_KEYS}
    return Gate(limits_of(limits), **own)


def limits_of(given: Mapping[str, Any], over: Limits | None = None) -> Limits:
    """From values that are right, over others."""
    texts = {key: tuple(each.lower() for each in given[key]) for key in ("accept", "refuse") if key in given}
    known = {key: getattr(over or Limits(), key) for key in LIMIT_KEYS}
    return Limits(**{**known, **given, **texts})


def _is_limit(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


def _are_ranges(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) and _is_range(each) for each in value)


def _is_range(text: str) -> bool:
    kind, slash, rest = text.partition("/")
    return text.isascii() and bool(slash) and kind.isalnum() and (rest == "*" or rest.translate(_IN_TYPES).isalnum())


def _are_codes(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(each in (*SUSPECT, *TOLD) for each in value)


def _is_scanner(value: Any) -> bool:
    if isinstance(value, Mapping):
        return isinstance(value.get("BACKEND"), str) and not set(value) - {"BACKEND", "OPTIONS"}
    return value is None or callable(value) or (isinstance(value, str) and "." in value)


_IN_TYPES = str.maketrans(dict.fromkeys("+-._", "x"))
_COUNT = "None, or a whole number of {}, 1 or more"
LIMIT_KEYS: Keys = {
    "max_size": (_is_limit, _COUNT.format("octets")),
    "max_pixels": (_is_limit, _COUNT.format("pixels")),
    "max_frames": (_is_limit, _COUNT.format("frames")),
    "max_files": (_is_limit, _COUNT.format("files")),
    "accept": (_are_ranges, 'a list of media types and families, such as ["image/*", "application/pdf"]'),
    "refuse": (_are_codes, f"a list of any of {', '.join((*SUSPECT, *TOLD))}"),
}
GATE_KEYS: Keys = {
    **LIMIT_KEYS,
    "strip_location": (lambda value: isinstance(value, bool), "True or False"),
    "scanner": (_is_scanner, 'a dotted path, {"BACKEND": …, "OPTIONS": {…}}, or a callable'),
    "scanner_unreachable": (lambda value: value in UNREACHABLE, f"one of {', '.join(UNREACHABLE)}"),
}
