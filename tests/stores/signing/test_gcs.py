"""Google's signed URLs. The RSA rows are what google-cloud-storage 3.17.1 signed, with SHA-256 in the place of RSA."""

import hmac
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from clearway.stores.signing.gcs import ENDPOINT, signed_with_hmac, signed_with_rsa
from clearway.stores.signing.objects import Bucket
from clearway.stores.signing.rsa import rsa_signer
from clearway.stores.signing.window import Window

TIME = Window(1_795_341_600, 3600)  # 20261122T100000Z
FIELDS = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="a b.pdf"'}
IN_PATH, IN_HOST = Bucket(f"{ENDPOINT}/uploads"), Bucket("https://uploads.storage.googleapis.com")


@pytest.mark.parametrize(
    ("bucket", "key", "target", "signature"),
    [
        (
            IN_PATH,
            "a b/ü+%.pdf",
            "https://storage.googleapis.com/uploads/a%20b/%C3%BC%2B%25.pdf",
            "2f209ad474538dd10ab1764ee6aed2501e6d9cfecb0d60d82997346c924038e5",
        ),
        (
            IN_HOST,
            "x//y.pdf",
            "https://uploads.storage.googleapis.com/x//y.pdf",
            "ce20c39db905783f44c8fa6c1e29f581b43c98b1e5e901d76dad9c3a446d16a1",
        ),
    ],
)
def test_a_service_account_signs_the_text_that_google_s_client_signs(
    bucket: Bucket, key: str, target: str, signature: str
) -> None:
    def digest(text: bytes) -> bytes:
        return sha256(text).digest()

    url = signed_with_rsa(bucket, "robot@shop.iam.example", digest, key, TIME, FIELDS)
    assert url.partition("?")[0] == target
    assert parse_qs(urlsplit(url).query) == {
        "X-Goog-Algorithm": ["GOOG4-RSA-SHA256"],
        "X-Goog-Credential": ["robot@shop.iam.example/20261122/auto/storage/goog4_request"],
        "X-Goog-Date": ["20261122T100000Z"],
        "X-Goog-Expires": ["3600"],
        "X-Goog-SignedHeaders": ["host"],
        "X-Goog-Signature": [signature],
        "response-content-disposition": ['attachment; filename="a b.pdf"'],
        "response-content-type": ["application/pdf"],
    }


def test_a_real_key_gives_a_signature_that_its_public_half_takes() -> None:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    texts: list[bytes] = []
    sign = rsa_signer(pem, "SHA256")

    def noting(text: bytes) -> bytes:
        texts.append(text)
        return sign(text)

    url = signed_with_rsa(IN_PATH, "robot@shop.iam.example", noting, "a", TIME)
    (signature,) = parse_qs(urlsplit(url).query)["X-Goog-Signature"]
    key.public_key().verify(bytes.fromhex(signature), texts[0], padding.PKCS1v15(), hashes.SHA256())


def test_an_hmac_key_is_used_step_by_step() -> None:
    texts: list[bytes] = []

    def noting(text: bytes) -> bytes:
        texts.append(text)
        return b""

    account = "GOOG1EXAMPLE"
    signed_with_rsa(IN_PATH, account, noting, "a b", TIME)
    day = hmac.new(b"GOOG4very secret", b"20261122", sha256).digest()
    step = hmac.new(hmac.new(day, b"auto", sha256).digest(), b"storage", sha256).digest()
    key = hmac.new(step, b"goog4_request", sha256).digest()
    url = signed_with_hmac(IN_PATH, account, "very secret", "a b", TIME)
    head, _, request = texts[0].decode().rpartition("\n")
    assert "GOOG4-RSA-SHA256" in head
    query = (
        "X-Goog-Algorithm=GOOG4-HMAC-SHA256&X-Goog-Credential=GOOG1EXAMPLE%2F20261122%2Fauto%2Fstorage%2Fgoog4_request"
    )
    canonical = "\n".join(
        [
            "GET",
            "/uploads/a%20b",
            f"{query}&X-Goog-Date=20261122T100000Z&X-Goog-Expires=3600&X-Goog-SignedHeaders=host",
            "host:storage.googleapis.com",
            "",
            "host",
            "UNSIGNED-PAYLOAD",
        ]
    )
    rsa_canonical = canonical.replace("GOOG4-HMAC", "GOOG4-RSA")
    assert request == sha256(rsa_canonical.encode()).hexdigest()
    text = head.replace("RSA", "HMAC") + "\n" + sha256(canonical.encode()).hexdigest()
    assert url.endswith(f"&X-Goog-Signature={hmac.new(key, text.encode(), sha256).hexdigest()}")


def test_the_lifetime_that_google_cannot_be_told_is_left_out() -> None:
    url = signed_with_hmac(IN_PATH, "id", "secret", "a", TIME, {"Cache-Control": "private", "Content-Type": "a/b"})
    assert "cache-control" not in url
    assert "response-content-type=a%2Fb" in url
