"""Signed URLs of Google Cloud Storage, by an HMAC key or by the RSA key of a service account."""

from collections.abc import Callable, Mapping

from .objects import Bucket
from .s3 import overrides
from .v4 import Dialect, Signer, derived, signed
from .window import Window

ENDPOINT = "https://storage.googleapis.com"
_HMAC = Dialect("X-Goog", "GOOG4-HMAC-SHA256", "storage", "goog4_request")
_RSA = Dialect("X-Goog", "GOOG4-RSA-SHA256", "storage", "goog4_request")
_REGION = "auto"


def signed_with_hmac(
    bucket: Bucket, access_id: str, secret: str, key: str, time: Window, fields: Mapping[str, str] | None = None
) -> str:
    """By an HMAC key ("interoperability"). Header fields as for `s3.presigned`; Google lets itself be told the type and
    disposition. Raises `ValueError`.
    """

    def sign(day: str, text: bytes) -> bytes:
        return derived(f"GOOG4{secret}".encode(), (day, _REGION, _HMAC.service, _HMAC.ending), text)

    return _signed(_HMAC, Signer(access_id, _REGION, sign), bucket, key, time, fields)


def signed_with_rsa(
    bucket: Bucket,
    account: str,
    sign: Callable[[bytes], bytes],
    key: str,
    time: Window,
    fields: Mapping[str, str] | None = None,
) -> str:
    """By the service account of this e-mail address; `sign` gives the RSA-SHA256 signature (PKCS #1 v1.5) of a text."""
    return _signed(_RSA, Signer(account, _REGION, lambda _, text: sign(text)), bucket, key, time, fields)


def _signed(
    dialect: Dialect, signer: Signer, bucket: Bucket, key: str, time: Window, fields: Mapping[str, str] | None
) -> str:
    told = {name: value for name, value in (fields or {}).items() if name != "Cache-Control"}
    return signed(dialect, signer, bucket, key, time, overrides(told))
