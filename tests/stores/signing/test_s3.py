"""Presigned URLs: the same octets that botocore signs for the same clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st

from clearway.stores.signing.objects import Bucket
from clearway.stores.signing.s3 import Credentials, presigned
from clearway.stores.signing.window import Window, window

NOW = 1_795_341_600  # 22 November 2026, 10:00 UTC
REGION = "eu-central-1"
PARAMETERS = {
    "Cache-Control": "ResponseCacheControl",
    "Content-Disposition": "ResponseContentDisposition",
    "Content-Type": "ResponseContentType",
}
KEYS = (
    "a.txt",
    "2026/11/a b.txt",
    "a//b///c",
    "/leading",
    "trailing/",
    "plus+and%2Bpercent%",
    "tilde~star*quote'(paren)!",
    "ampersand&semi;colon:at@comma,equal=dollar$",
    "question?hash#bracket[]",
    "Résumé – 日本.pdf",
    "e\u0301 decomposed",
    "\U0001f4a9",
    'back\\slash|pipe`^<>"{}',
    "tab\tline\nend\r\x7f",
    ".hidden",
    "...",
    "x" * 1024,
)


SESSION: Any = botocore.session.Session()


@dataclass(frozen=True)
class Place:
    """A bucket as a client of botocore is told of it."""

    endpoint: str
    style: str = "virtual"
    name: str = "uploads"

    @property
    def bucket(self) -> Bucket:
        parts = urlsplit(self.endpoint)
        if self.style == "path":
            return Bucket(f"{self.endpoint.rstrip('/')}/{self.name}")
        return Bucket(f"{parts.scheme}://{self.name}.{parts.netloc}{parts.path}")


def theirs(
    place: Place, key: str, credentials: Credentials, lifetime: int, fields: dict[str, str] | None = None
) -> str:
    """What botocore makes of it."""
    told = {PARAMETERS[name]: value for name, value in sorted((fields or {}).items())}
    with patch("botocore.auth.get_current_datetime", lambda: datetime.fromtimestamp(NOW, UTC).replace(tzinfo=None)):
        return str(
            client_of(place, credentials).generate_presigned_url(
                "get_object", Params={"Bucket": place.name, "Key": key, **told}, ExpiresIn=lifetime
            )
        )


@cache
def client_of(place: Place, credentials: Credentials) -> Any:
    return SESSION.create_client(
        "s3",
        region_name=REGION,
        endpoint_url=place.endpoint,
        aws_access_key_id=credentials.key_id,
        aws_secret_access_key=credentials.secret,
        aws_session_token=credentials.token,
        config=Config(signature_version="s3v4", s3={"addressing_style": place.style}),
    )


AMAZON = Place("https://s3.eu-central-1.amazonaws.com")
OWN = Place("http://127.0.0.1:9000", "path")
KEEPER = Credentials("AKIDEXAMPLE", "wJalr/XUtn+FEMI/K7MDENG")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("place", [AMAZON, OWN])
def test_every_key_is_signed_as_botocore_signs_it(place: Place, key: str) -> None:
    assert presigned(place.bucket, REGION, KEEPER, key, Window(NOW, 900)) == theirs(place, key, KEEPER, 900)


@pytest.mark.parametrize(
    "place",
    [
        Place("https://s3.us-east-1.amazonaws.com"),
        Place("https://s3.eu-central-1.amazonaws.com", "path", "with.dots"),
        Place("https://store.example:8443"),
        Place("https://store.example:443"),
        Place("http://store.example:80", "path"),
        Place("https://store.example:80"),
        Place("https://store.example/deep/path", "path"),
        Place("https://store.example/deep/path/", "path"),
        Place("https://store.example/"),
    ],
)
def test_every_endpoint_is_signed_as_botocore_signs_it(place: Place) -> None:
    assert presigned(place.bucket, REGION, KEEPER, "a/b c", Window(NOW, 900)) == theirs(place, "a/b c", KEEPER, 900)


@pytest.mark.parametrize(
    "fields",
    [
        {"Content-Disposition": "attachment; filename=\"R_sum_.pdf\"; filename*=UTF-8''R%C3%A9sum%C3%A9.pdf"},
        {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "private, max-age=300"},
        {"Cache-Control": "", "Content-Type": "a/b+c", "Content-Disposition": 'inline; filename="a&b=c?d#e.png"'},
    ],
)
def test_header_fields_that_the_store_is_told_are_signed(fields: dict[str, str]) -> None:
    ours = presigned(AMAZON.bucket, REGION, KEEPER, "a.txt", Window(NOW, 900), fields)
    assert ours == theirs(AMAZON, "a.txt", KEEPER, 900, fields)


def test_a_session_s_token_is_part_of_what_is_signed() -> None:
    session = Credentials("ASIAEXAMPLE", "secret", "to/ken+with=odd&characters==")
    url = presigned(AMAZON.bucket, REGION, session, "a.txt", Window(NOW, 900))
    assert url == theirs(AMAZON, "a.txt", session, 900)
    assert url != presigned(AMAZON.bucket, REGION, Credentials("ASIAEXAMPLE", "secret"), "a.txt", Window(NOW, 900))


@given(
    key=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    disposition=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    lifetime=st.integers(1, 604_800),
)
def test_whatever_is_signed_is_signed_as_botocore_signs_it(key: str, disposition: str, lifetime: int) -> None:
    fields = {"Content-Disposition": disposition}
    ours = presigned(OWN.bucket, REGION, KEEPER, key, Window(NOW, lifetime), fields)
    assert ours == theirs(OWN, key, KEEPER, lifetime, fields)


@pytest.mark.parametrize("lifetime", [0, -1, 604_801])
def test_a_lifetime_that_no_store_takes_is_an_error(lifetime: int) -> None:
    with pytest.raises(ValueError, match="604800"):
        presigned(AMAZON.bucket, REGION, KEEPER, "a.txt", Window(NOW, lifetime))


def test_a_header_field_that_no_store_sends_is_an_error() -> None:
    with pytest.raises(ValueError, match="X-Content-Type-Options"):
        presigned(AMAZON.bucket, REGION, KEEPER, "a.txt", Window(NOW, 900), {"X-Content-Type-Options": "nosniff"})


def test_no_secret_is_shown() -> None:
    assert "secret" not in repr(Credentials("AKID", "secret", "secret token"))


def test_a_url_is_the_same_for_as_long_as_its_window() -> None:
    urls = [presigned(OWN.bucket, REGION, KEEPER, "a", window(NOW + second, 300, 600)) for second in (0, 1, 599, 600)]
    assert urls[0] == urls[1] == urls[2] != urls[3]
    (expires,) = parse_qs(urlsplit(urls[0]).query)["X-Amz-Expires"]
    assert expires == "900"


@given(
    now=st.floats(0, 4e9, allow_nan=False),
    promised=st.integers(1, 10_000),
    every=st.integers(0, 100_000),
)
def test_a_window_holds_what_was_promised_and_never_starts_later(now: float, promised: int, every: int) -> None:
    made = window(now, promised, every)
    assert made.start <= now
    assert made.end >= int(now) + promised
    assert made.end <= now + promised + every
    if every:
        assert made == window(made.start, promised, every)


@pytest.mark.parametrize(("promised", "every"), [(0, 0), (-1, 5), (5, -1)])
def test_a_window_without_a_promise_is_an_error(promised: int, every: int) -> None:
    with pytest.raises(ValueError, match="signature"):
        window(NOW, promised, every)
