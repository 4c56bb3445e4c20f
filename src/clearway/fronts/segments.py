"""The segments of a path as nginx and httpd resolve them; Caddy's, Go's `path.Clean`, stay at the root instead."""

import re


class OutsideError(ValueError):
    """A path that leaves the root."""


def resolved(path: bytes, *, merges_slashes: bool) -> bytes:
    """A decoded path without dot segments (RFC 3986 §5.2.4), repeated slashes merged first. Raises OutsideError."""
    if merges_slashes:
        path = re.sub(rb"/{2,}", b"/", path)
    kept: list[bytes] = []
    parts = path.split(b"/")[1:]
    for number, part in enumerate(parts):
        if part not in {b".", b".."}:
            kept.append(part)
            continue
        if part == b"..":
            if not kept:
                raise OutsideError("the path leaves the root")
            kept.pop()
        if number == len(parts) - 1:
            kept.append(b"")
    return b"/" + b"/".join(kept)
