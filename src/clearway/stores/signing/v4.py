"""The fourth version of Amazon's signature in a query string, which Google's is a dialect of.

Sources: "Authenticating Requests: Using Query Parameters" of Amazon S3, "V4 signing process" of Google Cloud Storage.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from .objects import Bucket, encoded
from .window import Window

LONGEST = 604_800  # seconds: a week, for both


@dataclass(frozen=True)
class Dialect:
    """What differs: `X-Amz` or `X-Goog`, the name of the algorithm, who is addressed, the last word of the scope."""

    prefix: str
    algorithm: str
    service: str
    ending: str


@dataclass(frozen=True)
class Signer:
    """Whose signature it is: `sign` gives the octets of one for the day of a scope and a text."""

    key_id: str
    region: str
    sign: Callable[[str, bytes], bytes]
    token: str | None = None


def signed(dialect: Dialect, signer: Signer, bucket: Bucket, key: str, time: Window, own: Mapping[str, str]) -> str:
    """The URL by which anybody may GET an object. `own` are query parameters of the request. Raises `ValueError`."""
    if not 0 < time.lifetime <= LONGEST:
        raise ValueError(f"a signature of this kind holds for 1 to {LONGEST} seconds, not {time.lifetime}")
    stamp = datetime.fromtimestamp(time.start, UTC).strftime("%Y%m%dT%H%M%SZ")
    day = stamp[:8]
    scope = f"{day}/{signer.region}/{dialect.service}/{dialect.ending}"
    query = _query(_parameters(dialect, signer, time, own, stamp, scope))
    request = _request(bucket, key, query)
    text = "\n".join([dialect.algorithm, stamp, scope, sha256(request.encode()).hexdigest()])
    signature = signer.sign(day, text.encode()).hex()
    return f"{bucket.origin}{bucket.path(key)}?{query}&{dialect.prefix}-Signature={signature}"


def _parameters(
    dialect: Dialect, signer: Signer, time: Window, own: Mapping[str, str], stamp: str, scope: str
) -> dict[str, str]:
    prefix = dialect.prefix
    token = {} if signer.token is None else {f"{prefix}-Security-Token": signer.token}
    return {
        **own,
        f"{prefix}-Algorithm": dialect.algorithm,
        f"{prefix}-Credential": f"{signer.key_id}/{scope}",
        f"{prefix}-Date": stamp,
        f"{prefix}-Expires": str(time.lifetime),
        f"{prefix}-SignedHeaders": "host",
        **token,
    }


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in parameters.items())


def _request(bucket: Bucket, key: str, query: str) -> str:
    """The canonical request: parameters in the order of their names, one header field, no content to sign."""
    rows = sorted(part.partition("=") for part in query.split("&"))
    ordered = "&".join("".join(row) for row in rows)
    return "\n".join(["GET", bucket.path(key), ordered, f"host:{bucket.host}", "", "host", "UNSIGNED-PAYLOAD"])


def derived(secret: bytes, parts: tuple[str, ...], text: bytes) -> bytes:
    """The signature by a key that is made of a secret, step by step."""
    for part in parts:
        secret = hmac.digest(secret, part.encode(), "sha256")
    return hmac.digest(secret, text, "sha256")
