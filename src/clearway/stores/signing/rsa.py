"""A signature by an RSA key, for those who have `cryptography` installed; who has not gives a callable of their own."""

from collections.abc import Callable
from typing import Any


def rsa_signer(pem: bytes, digest: str, password: bytes | None = None) -> Callable[[bytes], bytes]:
    """Signs with a private key in PEM and PKCS #1 v1.5: "SHA1" for CloudFront, "SHA256" for Google.

    Raises `ImportError` without `cryptography`, and `ValueError` for what is no RSA key.
    """
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    key = serialization.load_pem_private_key(pem, password)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"the key is no RSA key, but {type(key).__name__}")
    algorithm: Any = getattr(hashes, digest)()

    def sign(text: bytes) -> bytes:
        return key.sign(text, PKCS1v15(), algorithm)

    return sign
