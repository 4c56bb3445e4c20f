"""Presigned URLs of Amazon S3 and of the stores that speak its language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .objects import Bucket
from .v4 import Dialect, Signer, derived, signed
from .window import Window

_AMAZON = Dialect("X-Amz", "AWS4-HMAC-SHA256", "s3", "aws4_request")
# what the store is to answer with, in place of what it has stored, by header field
OVERRIDES = {
    "Cache-Control": "response-cache-control",
    "Content-Disposition": "response-content-disposition",
    "Content-Type": "response-content-type",
}


@dataclass(frozen=True)
class Credentials:
    """Of an account, or for a while: what is signed with a session token is void when that is."""

    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


def presigned(
    bucket: Bucket,
    region: str,
    credentials: Credentials,
    key: str,
    time: Window,
    fields: Mapping[str, str] | None = None,
) -> str:
    """The URL by which anybody may GET an object with the given header fields, of `OVERRIDES`. Raises `ValueError`."""

    def sign(day: str, text: bytes) -> bytes:
        parts = (day, region, _AMAZON.service, _AMAZON.ending)
        return derived(f"AWS4{credentials.secret}".encode(), parts, text)

    signer = Signer(credentials.key_id, region, sign, credentials.token)
    return signed(_AMAZON, signer, bucket, key, time, overrides(fields or {}))


def overrides(fields: Mapping[str, str]) -> dict[str, str]:
    """The query parameters that ask for header fields. Raises `ValueError` for one that a store is not told."""
    unknown = sorted(set(fields) - set(OVERRIDES))
    if unknown:
        raise ValueError(f"a signed URL cannot set {', '.join(unknown)}, only {', '.join(OVERRIDES)}")
    return {OVERRIDES[name]: fields[name] for name in sorted(fields)}
