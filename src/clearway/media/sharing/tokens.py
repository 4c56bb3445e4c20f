"""What a link says: its row, signed. Who reads the database cannot make one without SECRET_KEY.

A key of SECRET_KEY_FALLBACKS is taken as well.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.core.signing import BadSignature, Signer, TimestampSigner

_SALT = "clearway.media.sharing"


def token_of(key: UUID) -> str:
    """Letters, digits, `-`, `_` and one dot."""
    return _signer().sign(urlsafe_b64encode(key.bytes).decode("ascii").rstrip("="))


def key_of(token: str) -> UUID | None:
    """None for what was never signed."""
    try:
        return UUID(bytes=urlsafe_b64decode(f"{_signer().unsign(token)}=="))
    except (BadSignature, ValueError):
        return None


def claim_of(key: UUID) -> str:
    """What the browser that opened a counted link keeps."""
    return _claims().sign(key.hex)


def is_claim(value: str, key: UUID, seconds: int) -> bool:
    """Whether it was given for this link, no longer ago than that."""
    try:
        return _claims().unsign(value, max_age=seconds) == key.hex
    except (BadSignature, ValueError):
        return False


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".")


def _claims() -> TimestampSigner:
    return TimestampSigner(salt=f"{_SALT}.claim", sep=".")
