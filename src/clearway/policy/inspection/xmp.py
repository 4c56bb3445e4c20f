"""XMP (ISO 16684-1) without a location: spaces in the place of every property that begins with GPS."""

import re

from .exif import UncleanError

_ITEM = rb"[\w.-]{1,64}:gps[a-z]{1,32}"
_ATTRIBUTE = rb"\b%b\s{0,16}=\s{0,16}(?:\"[^\"]{0,512}\"|'[^']{0,512}')" % _ITEM
_ELEMENT = rb"<(?P<name>%b)\b[^>]{0,256}?(?:/>|>.{0,512}?</(?P=name)\s{0,16}>)" % _ITEM
_PROPERTY = re.compile(rb"%b|%b" % (_ELEMENT, _ATTRIBUTE), re.IGNORECASE | re.DOTALL)
_LEFT = re.compile(rb":(?:gps(?:lat|lon|pos|dest|alt)|(?:g|gp|gps[a-z]{0,31})\Z)", re.IGNORECASE)


def without_location(data: bytes) -> bytes:
    """The octets of XMP, or of a part of it. Raises `UncleanError` where a location is left, or goes on."""
    clean = _PROPERTY.sub(lambda found: b" " * len(found[0]), data)
    if _LEFT.search(clean):
        raise UncleanError("XMP")
    return clean
