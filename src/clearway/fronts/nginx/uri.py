"""The path of a request as nginx compares it: decoded, dots resolved, slashes merged (ngx_http_parse_complex_uri)."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(rb"%([0-9A-Fa-f]{2})")
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})|%00")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")

_LOOSE = re.compile(rb"%(?:(?P<code>[0-9A-Fa-f]{2})|[0-9A-Fa-f].?|(?P<other>.)|\Z)", re.DOTALL)

# RFC 3986 marks that nginx leaves alone when it writes a path (NGX_ESCAPE_URI) and an argument (NGX_ESCAPE_ARGS).
_URI_SAFE = re.compile(rb"[^\x00-\x20\x7f-\xff#%?\"<>\\^`{|}]")
_ARGS_SAFE = re.compile(rb"[^\x00-\x20\x7f-\xff#%&+;?\"<>\\^`{|}]")


@dataclass(frozen=True)
class Target:
    """A request target: the path as compared, the arguments as sent, and what was special about the writing."""

    path: str
    arguments: str
    quoted: bool = False  # a percent sign was decoded
    plus: bool = False


class BadTargetError(ValueError):
    """nginx answers 400: why."""


def parse(target: str, merge_slashes: bool = True) -> Target:
    """Of a target in origin form. Raises BadTargetError for what is answered 400."""
    if not target.startswith("/"):
        raise BadTargetError("the target does not begin with a slash")
    if _CONTROL.search(target):
        raise BadTargetError("the target holds a control character or a space")
    raw, _, arguments = target.partition("#")[0].partition("?")
    data = raw.encode("utf-8", "surrogateescape")
    if _BROKEN.search(data):
        raise BadTargetError("a percent sign without two hexadecimal digits, or %00")
    decoded = _QUOTED.sub(lambda match: bytes([int(match[1], 16)]), data)
    path = _resolved(decoded, merge_slashes).decode("utf-8", "surrogateescape")
    return Target(path, arguments, b"%" in data, b"+" in decoded)


def _resolved(path: bytes, merge_slashes: bool) -> bytes:
    if merge_slashes:
        path = re.sub(rb"/{2,}", b"/", path)
    kept: list[bytes] = []
    parts = path.split(b"/")[1:]
    for number, part in enumerate(parts):
        if part not in {b".", b".."}:
            kept.append(part)
            continue
        if part == b"..":
            if not kept:
                raise BadTargetError("the path leaves the root")
            kept.pop()
        if number == len(parts) - 1:
            kept.append(b"")
    return b"/" + b"/".join(kept)


def escaped(path: str) -> str:
    """A path as nginx writes it into a request line (NGX_ESCAPE_URI)."""
    return _escaped(path, _URI_SAFE)


def escaped_argument(text: str) -> str:
    """A capture as nginx writes it into arguments (NGX_ESCAPE_ARGS)."""
    return _escaped(text, _ARGS_SAFE)


def _escaped(text: str, safe: re.Pattern[bytes]) -> str:
    data = text.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if safe.match(bytes([byte])) else f"%{byte:02X}" for byte in data)


def unescaped_redirect(text: str) -> str:
    """What nginx decodes in a redirect's address: nothing behind the first question mark, and no sign it needs."""
    match = re.search(r"\?|%3[fF]", text)
    head, tail = (text[: match.start()], "?" + text[match.end() :]) if match else (text, "")
    data = head.encode("utf-8", "surrogateescape")
    return _LOOSE.sub(_needless, data).decode("utf-8", "surrogateescape") + tail


def _needless(match: re.Match[bytes]) -> bytes:
    decoded = _loosely(match)
    return decoded if not match["code"] or b"%" < decoded < b"\x7f" else match[0]


def extension(path: str) -> str:
    """What types look at, in lower case (ngx_http_set_exten)."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot + 1 :].lower() if dot > 0 else ""


def parse_internal(target: str) -> Target:
    """The URI of an X-Accel-Redirect: decoded once. Raises BadTargetError for what is refused as unsafe."""
    raw, _, arguments = target.partition("?")
    data = raw.encode("utf-8", "surrogateescape")
    decoded = _LOOSE.sub(_loosely, data)
    if not decoded or b"\0" in decoded or any(part == b".." for part in decoded.split(b"/")):
        raise BadTargetError("unsafe URI")
    return Target(decoded.decode("utf-8", "surrogateescape"), arguments)


def _loosely(match: re.Match[bytes]) -> bytes:
    """A broken percent sign is dropped (ngx_unescape_uri)."""
    return bytes([int(match["code"], 16)]) if match["code"] else match["other"] or b""
