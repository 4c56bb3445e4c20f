"""Content coding negotiation: the Accept-Encoding field (RFC 9110 §12.5.3).

Weights only exclude. Which of the acceptable codings is sent is decided by size (see `resource`), since every
client that accepts two codings is served best by the smaller answer.
"""

import re
from functools import lru_cache

IDENTITY = "identity"
# content coding: suffix of the file beside the original, in the order of preference at equal size
SUFFIXES: dict[str, str] = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
CODINGS: tuple[str, ...] = (*SUFFIXES, IDENTITY)
ALIASES: dict[str, str] = {"x-gzip": "gzip"}  # RFC 9110 §8.4.1.3

_ONLY_IDENTITY = frozenset({IDENTITY})
_WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\Z")  # qvalue, RFC 9110 §12.4.2
_LONGEST_REMEMBERED = 256  # octets of a field value; longer ones are parsed each time and never kept


def acceptable(field: str) -> frozenset[str]:
    """The codings out of `CODINGS` that an Accept-Encoding field value allows, in time linear in its length.

    An empty field, or a lone `*`, allows identity only: such clients did not ask for an encoding by name.
    """
    return _remembered(field) if len(field) <= _LONGEST_REMEMBERED else _parse(field)


def _parse(field: str) -> frozenset[str]:
    weights: dict[str, bool] = {}
    for member in field.split(","):
        coding, _, parameters = member.strip(" \t").partition(";")
        name = coding.rstrip(" \t").lower()
        if name:
            name = ALIASES.get(name, name)
            weights[name] = weights.get(name, True) and _allowed(parameters)
    if not weights or (list(weights) == ["*"] and weights["*"]):
        return _ONLY_IDENTITY
    rest = weights.get("*")
    return frozenset(coding for coding in CODINGS if _accepts(weights, coding, rest))


def _accepts(weights: dict[str, bool], coding: str, rest: bool | None) -> bool:
    if coding in weights:
        return weights[coding]
    return rest if rest is not None else coding == IDENTITY


def _allowed(parameters: str) -> bool:
    """Whether the weight is above zero; a malformed one excludes, because identity is always safe to send."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip(" \t").partition("=")
        if name.rstrip(" \t").lower() == "q":
            return bool(_WEIGHT.match(value)) and float(value) > 0
    return True


_remembered = lru_cache(maxsize=512)(_parse)
