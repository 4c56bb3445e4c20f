"""Tokens of share links that nobody was given: all are what is not there, and none is an error of the server."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core import signing
from django.test import Client, override_settings
from tests.media.bad_input.names import GROUPS
from tests.media.bad_input.tokens import altered, forged
from tests.media.sharing.conftest import CONTENT, database, file  # noqa: F401

from clearway.media.sharing import tokens
from clearway.media.sharing.models import ShareLink

ALPHABET = re.compile(r"[A-Za-z0-9_.-]+")


@pytest.fixture
def links(file: Any) -> dict[str, ShareLink]:  # noqa: F811
    """One that may be opened by everybody who has it, and one that may be opened once."""

    def link(uses: int | None) -> ShareLink:
        return ShareLink.objects.open_for(file, by=None, lifetime=timedelta(hours=1), uses=uses, note="")

    return {"open": link(None), "once": link(1)}


def get(token: str, client: Client | None = None, **more: Any) -> Any:
    return (client or Client()).get(f"/share/{quote(token, errors='surrogatepass')}/", **more)


def said(response: Any) -> tuple[int, bytes]:
    body = b"".join(response) if response.streaming else response.content
    response.close()
    return response.status_code, body


def test_a_token_that_nobody_was_given_is_not_there(links: dict[str, ShareLink]) -> None:
    for link in links.values():
        token = tokens.token_of(link.pk)
        nothing = said(get("none"))
        assert nothing[0] == 404
        for other in dict.fromkeys((*altered(token), *forged(link.pk))):
            if other != token:
                assert said(get(other)) == nothing, ascii(other[:200])
    link = links["open"]
    assert said(get(tokens.token_of(link.pk))) == (200, CONTENT)


@pytest.mark.parametrize("group", ["climbing", "elsewhere", "quoting", "invisible", "formed"])
def test_a_bad_name_is_no_token(links: dict[str, ShareLink], group: str) -> None:
    nothing = said(get("none"))
    for name in GROUPS[group]():
        if name and "/" not in name:
            response = get(name)
            assert said(response) == nothing, ascii(name)
            assert all(value.isprintable() for _, value in response.items())


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        "\u00e9",
        "a" * 8000,
        ".",
        "..",
        "x.y.z",
        '"',
        "x; path=/",
        "{token}",
        "{other}",
        "{late}",
        "{hex}",
        "{bare}",
    ],
)
def test_a_link_that_was_used_up_stays_so_whatever_cookie_comes(links: dict[str, ShareLink], cookie: str) -> None:
    link, client, stranger = links["once"], Client(), Client()
    token = tokens.token_of(link.pk)
    assert client.post(f"/share/{token}/").status_code == 303
    assert said(get(token, client)) == (200, CONTENT)
    given = {
        "{token}": token,
        "{other}": tokens.claim_of(links["open"].pk),
        "{late}": late(link),
        "{hex}": link.pk.hex,
        "{bare}": signing.Signer(salt="clearway.media.sharing.claim", sep=".").sign(link.pk.hex),
    }
    stranger.cookies["clearway-share"] = given.get(cookie, cookie)
    assert said(get(token, stranger)) == said(get("none"))
    assert stranger.post(f"/share/{token}/").status_code == 404


def late(link: ShareLink) -> str:
    """What was given to the browser long ago."""
    signer = tokens._claims()
    signer.timestamp = lambda: signing.b62_encode(1)  # type: ignore[method-assign]
    return str(signer.sign(link.pk.hex))


def test_a_link_of_another_secret_key_is_not_there(links: dict[str, ShareLink]) -> None:
    token = tokens.token_of(links["open"].pk)
    with override_settings(SECRET_KEY="another"):
        assert get(token).status_code == 404
    assert ALPHABET.fullmatch(token)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "FOO"])
def test_another_method_tells_nothing_of_a_token(links: dict[str, ShareLink], method: str) -> None:
    one, other = (Client().generic(method, f"/share/{token}/") for token in (tokens.token_of(links["open"].pk), "none"))
    assert (one.status_code, one.content) == (other.status_code, other.content)
