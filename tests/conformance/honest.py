"""A small origin server that is right in every row: the ground on which `broken.py` puts one fault at a time.

It is written from the RFCs and shares nothing with the servers under test, so a row that it fails is a wrong row.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXDATE = "%a, %d %b %Y %H:%M:%S GMT"
MODIFIED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MODIFIED_TEXT = MODIFIED.strftime(FIXDATE)
FORMS = (FIXDATE, "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
SUFFIXES = {"gzip": ".gz", "br": ".br", "zstd": ".zst"}
TYPES = {
    "css": "text/css; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "json": "application/json",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
    "txt": "text/plain; charset=utf-8",
}
TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
SPEC = re.compile(r"([0-9]*)-([0-9]*)")
HASHED = re.compile(r"\.[0-9a-f]{12}\.")
ALLOW = ("Allow", "GET, HEAD, OPTIONS")
SHORT, FOREVER = "public, max-age=60", "public, max-age=31536000, immutable"

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    version: str
    fields: Fields
    content: bytes = b""

    def get(self, name: str) -> str | None:
        found = [value for key, value in self.fields if key.lower() == name.lower()]
        return ", ".join(found) if found else None


@dataclass(frozen=True)
class Reply:
    status: int
    fields: Fields = ()
    body: bytes = b""

    def get(self, name: str) -> str | None:
        return {key.lower(): value for key, value in self.fields}.get(name.lower())

    def with_field(self, name: str, value: str | None) -> Reply:
        """With this field as the only one of its name; None leaves it out."""
        kept = tuple(pair for pair in self.fields if pair[0].lower() != name.lower())
        return replace(self, fields=kept if value is None else (*kept, (name, value)))


def answer(request: Request, prefix: str, files: Mapping[str, bytes]) -> Reply:
    """The right answer, without Date, Content-Length and Connection, which belong to the message."""
    path = unquote(urlsplit(request.target).path)
    name = path.removeprefix(prefix)
    if request.method == "OPTIONS":
        return Reply(204, (ALLOW,))
    if request.method not in {"GET", "HEAD"}:
        return error(405, ALLOW)
    if not path.startswith(prefix) or name not in files:
        return error(404, ("Cache-Control", "no-store"))
    return conditional(request, represent(request, name, files))


def error(status: int, *fields: tuple[str, str]) -> Reply:
    return Reply(status, (("Content-Type", "text/plain"), *fields), f"{status}\n".encode())


def represent(request: Request, name: str, files: Mapping[str, bytes]) -> Reply:
    variants = {coding: files[name + end] for coding, end in SUFFIXES.items() if name + end in files}
    variants = {} if name.endswith(".tar") else variants
    coding = select(request.get("Accept-Encoding"), variants)
    body = variants.get(coding, files[name])
    extra = [("Content-Encoding", coding)] if coding in variants else []
    extra += [("Vary", "Accept-Encoding")] if variants else []
    return Reply(200, (*metadata(name, body), *extra), body)


def metadata(name: str, body: bytes) -> Fields:
    return (
        ("Content-Type", TYPES.get(name.rpartition(".")[2], "application/octet-stream")),
        ("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"'),
        ("Last-Modified", MODIFIED_TEXT),
        ("Cache-Control", FOREVER if HASHED.search(name) else SHORT),
        ("Accept-Ranges", "bytes"),
    )


def select(accept: str | None, variants: Mapping[str, bytes]) -> str:
    weights = dict(weight(member) for member in (accept or "").split(",") if member.strip())
    wanted = [coding for coding in variants if weights.get(coding, 0.0) > 0]
    return min(wanted, key=lambda coding: len(variants[coding]), default="identity")


def weight(member: str) -> tuple[str, float]:
    coding, _, parameter = member.lower().partition(";")
    name = {"x-gzip": "gzip"}.get(coding.strip(), coding.strip())
    found = re.fullmatch(r"\s*q=(\d(?:\.\d{0,3})?)\s*", parameter)
    return name, float(found[1]) if found else float(not parameter)


def moment(value: str) -> datetime | None:
    for form in FORMS:
        try:
            found = datetime.strptime(value, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return found if found.year < datetime.now(UTC).year + 50 else found.replace(year=found.year - 100)
    return None


def matches(field: str, tag: str | None, *, strong: bool) -> bool:
    if field.strip() == "*":
        return True
    tags = [(bool(weak), opaque) for weak, opaque in TAG.findall(field)]
    return any(opaque == tag and not (strong and weak) for weak, opaque in tags)


def conditional(request: Request, full: Reply) -> Reply:
    """RFC 9110 §13.2.2, in its order."""
    tag = full.get("ETag")
    match, unmodified = request.get("If-Match"), moment(request.get("If-Unmodified-Since") or "")
    none_match, since = request.get("If-None-Match"), moment(request.get("If-Modified-Since") or "")
    if match is not None:
        if not matches(match, tag, strong=True):
            return error(412)
    elif unmodified and unmodified < MODIFIED:
        return error(412)
    unseen = since is None or since < MODIFIED
    stale = unseen if none_match is None else not matches(none_match, tag, strong=False)
    return ranged(request, full) if stale else not_modified(full)


def not_modified(full: Reply) -> Reply:
    kept = {"etag", "vary", "cache-control"}
    return Reply(304, tuple(pair for pair in full.fields if pair[0].lower() in kept))


def ranged(request: Request, full: Reply) -> Reply:
    unit, _, spec = (request.get("Range") or "").partition("=")
    found = SPEC.fullmatch(spec.strip())
    validators = {full.get("ETag"), full.get("Last-Modified"), None}
    if request.method != "GET" or unit.lower() != "bytes" or not found or found[0] == "-":
        return full
    if request.get("If-Range") not in validators:
        return full
    return slice_of(full, found[1], found[2])


def slice_of(full: Reply, first: str, last: str) -> Reply:
    size = len(full.body)
    if first and last and position(last) < position(first):
        return full
    start = position(first) if first else max(size - position(last), 0)
    stop = min(position(last) + 1, size) if first and last else size
    if start >= size:
        return error(416, ("Content-Range", f"bytes */{size}"))
    part = replace(full, status=206, body=full.body[start:stop])
    return part.with_field("Content-Range", f"bytes {start}-{stop - 1}/{size}")


def position(digits: str) -> int:
    """A position; more digits than any file has octets all mean the same."""
    return int(digits) if len(digits) < 19 else 10**19
