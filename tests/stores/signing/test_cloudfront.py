"""CloudFront: what botocore's signer gives for the same key, and what the public key takes."""

import json
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from clearway.stores.signing.cloudfront import KeyPair, cookies, cookies_by, policy, signed_url, signed_url_by
from clearway.stores.signing.rsa import rsa_signer

END, START = 1_795_345_200, 1_795_341_600
KEY = rsa.generate_private_key(65537, 2048)


def pem(key: Any = KEY) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))


PAIR = KeyPair("K2JCJMDEHXQW5F", rsa_signer(pem(), "SHA1"))
THEIRS: Any = CloudFrontSigner(PAIR.id, PAIR.sign)
URLS = (
    "https://d111.cloudfront.example/2026/a%20b.pdf",
    "https://d111.cloudfront.example/a?size=large&v=2",
    "https://d111.cloudfront.example/r%C3%A9sum%C3%A9.pdf",
)


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize("url", URLS)
def test_a_canned_policy_is_signed_as_botocore_signs_it(url: str) -> None:
    assert signed_url(PAIR, url, END) == THEIRS.generate_presigned_url(url, date_less_than=at(END))


@pytest.mark.parametrize("url", [*URLS, "https://d111.cloudfront.example/*"])
@pytest.mark.parametrize(
    "conditions",
    [{}, {"start": START}, {"address": "192.0.2.7"}, {"start": START, "address": "192.0.2.0/24"}],
)
def test_a_custom_policy_is_signed_as_botocore_signs_it(url: str, conditions: dict[str, Any]) -> None:
    statement = policy(url, END, **conditions)
    start = conditions.get("start")
    assert statement == THEIRS.build_policy(url, at(END), start and at(start), conditions.get("address"))
    assert signed_url_by(PAIR, url, statement) == THEIRS.generate_presigned_url(url, policy=statement)


def verified(given: dict[str, str], text: str) -> bool:
    octets = b64decode(given["CloudFront-Signature"].translate(str.maketrans("-_~", "+=/")))
    KEY.public_key().verify(octets, text.encode(), padding.PKCS1v15(), hashes.SHA1())
    return True


def test_cookies_carry_the_same_proof() -> None:
    canned = cookies(PAIR, URLS[0], END)
    assert set(canned) == {"CloudFront-Expires", "CloudFront-Signature", "CloudFront-Key-Pair-Id"}
    assert canned["CloudFront-Expires"] == str(END)
    assert verified(canned, policy(URLS[0], END))


def test_cookies_for_a_directory_carry_their_policy() -> None:
    statement = policy("https://d111.cloudfront.example/films/*", END)
    custom = cookies_by(PAIR, statement)
    assert set(custom) == {"CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"}
    read = b64decode(custom["CloudFront-Policy"].translate(str.maketrans("-_~", "+=/")))
    assert json.loads(read)["Statement"][0]["Resource"] == "https://d111.cloudfront.example/films/*"
    assert verified(custom, statement)
    assert all(character.isalnum() or character in "-_~" for value in custom.values() for character in value)


def test_a_key_of_another_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="no RSA key"):
        rsa_signer(pem(ec.generate_private_key(ec.SECP256R1())), "SHA1")
