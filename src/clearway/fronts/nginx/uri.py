"""The path of a request as nginx compares it: decoded, dots resolved, slashes merged (ngx_http_parse_complex_uri)."""

import re
from dataclasses import dataclass

from clearway.fronts.segments import OutsideError, resolved

_QUOTED = re.compile(rb"%([0-9A-Fa-f]{2})")
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})|%00")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_FATAL = re.compile(r"[\0\r\n]| H(?!TTP/)")  # where spaces are taken: one before an H is taken for the protocol's

_LOOSE = re.compile(rb"%(?:(?P<code>[0-9A-Fa-f]{2})|[0-9A-Fa-f].?|(?P<other>.)|\Z)", re.DOTALL)

# What nginx escapes when it writes a path (NGX_ESCAPE_URI) and an argument (NGX_ESCAPE_ARGS).
_DOUBTFUL = '"<>\\^`{|}'  # escaped in later versions only
_URI_UNSAFE = re.compile(rb"[\x00-\x20\x7f-\xff#%?\"<>\\^`{|}]")
_ARGS_UNSAFE = re.compile(rb"[\x00-\x20\x7f-\xff#%&+;?\"<>\\^`{|}]")


@dataclass(frozen=True)
class Target:
    """A request target: the path as compared, the arguments as sent, and what was special about the writing."""

    path: str
    arguments: str
    quoted: bool = False  # a percent sign was decoded
    plus: bool = False
    spaced: bool = False


class BadTargetError(ValueError):
    """nginx answers 400: why."""


def has_control(target: str) -> bool:
    """Whether it holds spaces or control characters, which not every version takes."""
    return _CONTROL.search(target) is not None


def parse(target: str, merge_slashes: bool = True, *, takes_spaces: bool = False) -> Target:
    """Of a target in origin form. Raises BadTargetError for what is answered 400."""
    if not target.startswith("/"):
        raise BadTargetError("the target does not begin with a slash")
    if (_FATAL if takes_spaces else _CONTROL).search(target):
        raise BadTargetError("the target holds a control character or a space")
    raw, _, arguments = target.partition("#")[0].partition("?")
    data = raw.encode("utf-8", "surrogateescape")
    if _BROKEN.search(data):
        raise BadTargetError("a percent sign without two hexadecimal digits, or %00")
    decoded = _QUOTED.sub(lambda match: bytes([int(match[1], 16)]), data)
    path = _resolved(decoded, merge_slashes).decode("utf-8", "surrogateescape")
    return Target(path, arguments, b"%" in data, b"+" in decoded, " " in target)


def _resolved(path: bytes, merge_slashes: bool) -> bytes:
    try:
        return resolved(path, merges_slashes=merge_slashes)
    except OutsideError as error:
        raise BadTargetError(str(error)) from None


def has_doubtful(text: str) -> bool:
    """Whether it holds what only later versions escape."""
    return any(each in text for each in _DOUBTFUL)


def escaped(path: str, *, few: bool = False) -> str:
    """A path as nginx writes it into a request line (NGX_ESCAPE_URI); `few` as versions that escape less."""
    return _escaped(path, _URI_UNSAFE, few=few)


def escaped_argument(text: str, *, few: bool = False) -> str:
    """A capture as nginx writes it into arguments (NGX_ESCAPE_ARGS)."""
    return _escaped(text, _ARGS_UNSAFE, few=few)


def _escaped(text: str, unsafe: re.Pattern[bytes], *, few: bool) -> str:
    kept = _DOUBTFUL.encode() if few else b""
    data = text.encode("utf-8", "surrogateescape")
    return "".join(f"%{byte:02X}" if unsafe.match(bytes([byte])) and byte not in kept else chr(byte) for byte in data)


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
