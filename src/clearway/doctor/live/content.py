"""What an answer contains, once its encodings are undone."""

import re
import zlib

from clearway.doctor.contents import decoded
from clearway.probing.answer import Answer

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_LARGEST = 1 << 26  # octets of a decoded body
_SNIFFED = 1024  # octets in which a page names its encoding (WHATWG HTML §13.2.3.2)


def plain(answer: Answer) -> bytes | None:
    """The content; None where it is not what Content-Encoding says, or more than was read."""
    data = answer.body
    for coding in reversed(_codings(answer)):
        step = _inflated(data) if coding == "deflate" else decoded(_ALIASES.get(coding, coding), data)
        if step is None:
            return None
        data = step
    return data


def codings(answer: Answer) -> str:
    """The content codings, as they are said; empty for none."""
    return ", ".join(_codings(answer))


def page_text(answer: Answer) -> str:
    """The text of a page, in the encoding that it names."""
    data = plain(answer) or b""
    head = data[:_SNIFFED].decode("latin-1")
    found = _CHARSET.search(answer.headers.get("content-type", "")) or _CHARSET.search(head)
    try:
        return data.decode(found[1] if found else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


_ALIASES = {"x-gzip": "gzip"}


def _codings(answer: Answer) -> list[str]:
    said = answer.headers.get("content-encoding", "").lower().split(",")
    return [each.strip() for each in said if each.strip() not in ("", "identity")]


def _inflated(data: bytes) -> bytes | None:
    """With or without the header of zlib: servers send both (RFC 9110 §8.4.1.2)."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            decoder = zlib.decompressobj(window)
            content = decoder.decompress(data, _LARGEST)
            return content if decoder.eof else None
        except zlib.error:
            continue
    return None
