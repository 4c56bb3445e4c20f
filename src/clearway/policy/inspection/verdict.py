"""What of an inspection keeps a file out, and what is only told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clearway.policy.limits import LIMITED, Limits
from clearway.policy.media import DOCUMENT

from .inspection import Inspection

_UNKNOWN = "application/octet-stream"
_PROGRAM = "application/x-executable"
_SURE = ("audio/", "image/", "video/")  # what is found of others can be a container that many types share
_OFFICE = ("application/vnd.openxmlformats", "application/vnd.oasis", "application/epub")


@dataclass(frozen=True)
class Finding:
    """One thing that is said of a file; `params` are for the sentence that says it."""

    code: str
    params: Mapping[str, Any]
    refused: bool


def findings(seen: Inspection, limits: Limits) -> tuple[Finding, ...]:
    """Of a file, or of as much of it as came."""
    told = dict(_limited(seen, limits)) | {code: {} for code in sorted(seen.seen)} | dict(_typed(seen))
    refused = {*LIMITED, *limits.refuse}
    return tuple(Finding(code, params, code in refused) for code, params in told.items())


def _limited(seen: Inspection, limits: Limits) -> Iterator[tuple[str, dict[str, Any]]]:
    pixels = seen.width * seen.height
    if limits.max_size is not None and seen.size > limits.max_size:
        yield "too_large", {"limit": limits.max_size}
    if limits.max_pixels is not None and pixels > limits.max_pixels:
        yield "too_many_pixels", {"width": seen.width, "height": seen.height, "limit": limits.max_pixels}
    if limits.max_frames is not None and seen.frames > limits.max_frames:
        yield "too_many_frames", {"limit": limits.max_frames}
    shown = [seen.other] if seen.other and seen.other.startswith(_SURE) else []
    for media_type in [each for each in (seen.named, *shown) if not limits.accepts(each)][:1]:
        yield "type_not_accepted", {"type": media_type, "accepted": ", ".join(limits.accept)}


def _typed(seen: Inspection) -> Iterator[tuple[str, dict[str, Any]]]:
    if seen.other is not None:
        yield (
            "wrong_type" if _is_disguise(seen.named, seen.other) else "other_type",
            {
                "named": seen.named,
                "found": seen.other,
            },
        )


def _is_disguise(named: str, found: str) -> bool:
    """Whether somebody would be deceived: a picture that is none, a document that is a program.

    A picture of another format, a protected document (which is no ZIP) and an old document that is text are common.
    """
    kind = named.partition("/")[0]
    if kind == "image":
        return not (found.startswith("image/") and not found.endswith(DOCUMENT)) and not named.endswith(DOCUMENT)
    if kind in ("audio", "video"):
        return found != _UNKNOWN and not found.startswith(("audio/", "video/"))
    if named.startswith(_OFFICE):
        return found != "application/x-ole-storage"
    return named == "application/pdf" or found == _PROGRAM
