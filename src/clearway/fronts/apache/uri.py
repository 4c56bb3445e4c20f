"""The path of a request as httpd compares it, and as it writes it (ap_normalize_path, ap_unescape_url, escapes)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from clearway.fronts.segments import OutsideError, resolved

from .refused import Refused

_QUOTED = re.compile(rb"%([0-9A-Fa-f]{2})")
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(rb"[A-Za-z0-9._~-]")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_PATH_SAFE = frozenset(b"$-_.+!*'(),:;@&=/~")
_PROXY_SAFE = frozenset(b"~$-_.+!*'(),;:@&=/")


@dataclass(frozen=True)
class Target:
    """The path, decoded; the raw path; the arguments, None without a question mark."""

    path: str
    raw: str
    arguments: str | None


def parse(target: str, merge_slashes: bool = True, slashes: str = "off") -> Target:
    """Of a target in origin form; `slashes` is AllowEncodedSlashes. Raises Refused with 400 or 404."""
    if is_malformed(target):
        raise Refused(400)
    raw, mark, arguments = target.partition("?")
    data = _normal(raw.encode("utf-8", "surrogateescape"), merge_slashes)
    if _BROKEN.search(data):
        raise Refused(400)
    if b"%00" in data or (slashes == "off" and b"%2f" in data.lower()):
        raise Refused(404)
    keep = slashes == "nodecode"
    path = _QUOTED.sub(
        lambda found: found[0] if keep and found[1].lower() == b"2f" else bytes([int(found[1], 16)]), data
    )
    if slashes == "on":
        path = _normal(path, merge_slashes, decode=False)
    return Target(path.decode("utf-8", "surrogateescape"), raw, arguments if mark else None)


def parse_again(path: str) -> str:
    """Of an internal redirect, which is read like a request once more. Raises Refused with 400 or 404."""
    data = _normal(path.encode("utf-8", "surrogateescape"), merge=True)
    if _BROKEN.search(data):
        raise Refused(400)
    if b"%00" in data or b"%2f" in data.lower():
        raise Refused(404)
    return _QUOTED.sub(lambda found: bytes([int(found[1], 16)]), data).decode("utf-8", "surrogateescape")


def shown(target: str) -> str:
    """The path of a target that is refused, as far as it was read: a broken one is not unescaped."""
    path = written(target)
    if is_malformed(target) or not path.startswith("/"):
        return path
    read = _QUOTED.sub(_decoded, path.encode("utf-8", "surrogateescape"))
    path = collapsed(read.decode("utf-8", "surrogateescape"))
    is_broken = _BROKEN.search(read) or _leaves(read)
    return path if is_broken else unquote(path, errors="surrogateescape").partition("\0")[0]


def written(target: str) -> str:
    """The path of a target before anything is done to it (ap_parse_uri)."""
    return re.sub("^/+", "/", target.partition("?")[0].partition("#")[0])


def _leaves(path: bytes) -> bool:
    try:
        resolved(path, merges_slashes=True)
    except OutsideError:
        return True
    return False


def is_malformed(target: str) -> bool:
    """Whether the request line is refused before a virtual host is sought."""
    return _CONTROL.search(target) is not None or "#" in target or not target.startswith("/")


def _normal(path: bytes, merge: bool, *, decode: bool = True) -> bytes:
    """Unreserved characters decoded, dots resolved, slashes merged. Raises Refused."""
    if decode:
        path = _QUOTED.sub(_decoded, path)
    try:
        return resolved(path, merges_slashes=merge)
    except OutsideError:
        raise Refused(400) from None


def _decoded(found: re.Match[bytes]) -> bytes:
    byte = bytes([int(found[1], 16)])
    return byte if _UNRESERVED.match(byte) else found[0]


def escaped(path: str) -> str:
    """As in a Location (ap_os_escape_path)."""
    return _escaped(path, _PATH_SAFE, "%{:02x}")


def escaped_for_proxy(path: str) -> str:
    """As sent to an upstream (ap_proxy_canonenc)."""
    return _escaped(path, _PROXY_SAFE, "%{:02X}")


def _escaped(text: str, safe: frozenset[int], form: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    return "".join(
        chr(byte) if byte in safe or (byte < 128 and chr(byte).isalnum()) else form.format(byte) for byte in data
    )


def is_url(text: str) -> bool:
    """Whether it has a scheme (ap_is_url)."""
    return re.match(r"[A-Za-z0-9+.-]+://", text) is not None


def after_prefix(path: str, prefix: str) -> str | None:
    """What follows a prefix of whole segments, any number of slashes alike (mod_alias); None where it does not fit."""
    at = 0
    for part in re.findall(r"/+|[^/]+", prefix):
        if part.startswith("/"):
            found = re.match("/+", path[at:])
            if not found:
                return None
            at += found.end()
        elif path.startswith(part, at):
            at += len(part)
        else:
            return None
    if not prefix or (not prefix.endswith("/") and path[at : at + 1] not in ("", "/")):
        return None
    return path[at:]


def collapsed(path: str) -> str:
    """A path of the disk with its dots and repeated slashes resolved; a slash at the end stays."""
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            kept = kept[:-1]
        elif part not in {"", "."}:
            kept.append(part)
    end = "/" if kept and parts[-1] in {"", ".", ".."} else ""
    return "/" + "/".join(kept) + end
