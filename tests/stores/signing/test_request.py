"""Signed requests: the same octets that botocore signs."""

from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Theirs
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.stores.signing.request import authorised
from clearway.stores.signing.s3 import Credentials

NOW = 1_795_341_600  # 22 November 2026, 10:00 UTC
URL = "https://cloudfront.amazonaws.com/2020-05-31/distribution/E1/invalidation"


def theirs(url: str, fields: dict[str, str], body: bytes, token: str | None) -> str:
    told = {**fields, "X-Amz-Date": "20261122T100000Z"} | ({"X-Amz-Security-Token": token} if token else {})
    request: Any = AWSRequest("POST", url, told, body)
    request.context["timestamp"] = "20261122T100000Z"
    auth: Any = SigV4Auth(Theirs("AKID", "se/cret", token), "cloudfront", "us-east-1")
    request.headers["X-Amz-Content-SHA256"] = auth.payload(request)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return str(auth.signature(text, request))


def ours(url: str, fields: dict[str, str], body: bytes, token: str | None) -> str:
    whose = Credentials("AKID", "se/cret", token)
    return authorised(whose, "us-east-1", "cloudfront", "POST", url, fields, body, NOW)["Authorization"]


@pytest.mark.parametrize("token", [None, "to/ken=="])
@pytest.mark.parametrize(
    "url", [URL, "http://127.0.0.1:4566/x", "https://cloudfront.amazonaws.com:443/", "http://h:80/a"]
)
@given(body=st.binary(max_size=40), value=st.text("ab \tc;=", min_size=1, max_size=12))
@settings(max_examples=25)
def test_the_signature_is_that_of_botocore(url: str, token: str | None, body: bytes, value: str) -> None:
    fields = {"Content-Type": f"text/xml{value}x"}
    assert ours(url, fields, body, token).endswith(f"Signature={theirs(url, fields, body, token)}")


def test_secrets_are_not_in_what_is_signed() -> None:
    assert "se/cret" not in ours(URL, {}, b"", None)
