"""The fourth version of Amazon's signature in header fields, for requests with a body.

Source: "Create a signed AWS API request" of the IAM user guide.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from .s3 import Credentials
from .v4 import derived

_ALGORITHM, _ENDING = "AWS4-HMAC-SHA256", "aws4_request"
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


def authorised(
    credentials: Credentials,
    region: str,
    service: str,
    method: str,
    url: str,
    fields: Mapping[str, str],
    body: bytes,
    now: int,
) -> dict[str, str]:
    """The header fields of a request, signed at `now`, seconds since 1970. The URL has no query, and is encoded."""
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    digest = sha256(body).hexdigest()
    told = {**fields, "X-Amz-Date": stamp, "X-Amz-Content-SHA256": digest}
    if credentials.token is not None:
        told["X-Amz-Security-Token"] = credentials.token
    signed = {name.lower(): " ".join(value.split()) for name, value in told.items()} | {"host": _host(url)}
    names = ";".join(sorted(signed))
    rows = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    request = "\n".join([method, urlsplit(url).path or "/", "", rows, names, digest])
    scope = (stamp[:8], region, service, _ENDING)
    text = "\n".join([_ALGORITHM, stamp, "/".join(scope), sha256(request.encode()).hexdigest()])
    signature = derived(f"AWS4{credentials.secret}".encode(), scope, text.encode()).hex()
    whose = f"Credential={credentials.key_id}/{'/'.join(scope)}"
    return {**told, "Authorization": f"{_ALGORITHM} {whose}, SignedHeaders={names}, Signature={signature}"}


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.removesuffix(_DEFAULT_PORTS.get(parts.scheme, ""))
