"""Tokens: published examples, an independent reading of the rule, and, in the system tests, the real nginx."""

import hmac
from base64 import b64decode
from hashlib import sha256
from urllib.parse import unquote

import pytest

from clearway.stores.signing.tokens import bunny, cloudflare, secure_link

HOST = "https://token-tester.b-cdn.net"
END = 1_598_024_587


def test_bunny_s_own_examples_come_out() -> None:
    """The rows "plain" and "directory" of what its signers are compared by, for the key "SecurityKey"."""
    assert bunny(f"{HOST}/300kb.jpg", "SecurityKey", END) == (
        f"{HOST}/300kb.jpg?token=HS256-o10JRWlsAItyAsdKS6jJKjabHN4FrFsplDHPV1idcX4&expires=1598024587"
    )


def test_a_token_of_bunny_for_a_directory_is_a_part_of_the_path() -> None:
    url = bunny(f"{HOST}/films/a/index.m3u8", "SecurityKey", END, below="/films/a/")
    text = f"/films/a/{END}token_path=/films/a/"
    mac = hmac.new(b"SecurityKey", text.encode(), sha256).digest()
    token = url.partition("bcdn_token=HS256-")[2].partition("&")[0]
    assert b64decode(token + "=", altchars=b"-_") == mac
    assert url == f"{HOST}/bcdn_token=HS256-{token}&token_path=%2Ffilms%2Fa%2F&expires={END}/films/a/index.m3u8"


@pytest.mark.parametrize("below", ["/films", "/other/", ""])
def test_a_directory_that_does_not_hold_the_file_is_an_error(below: str) -> None:
    with pytest.raises(ValueError, match="not below"):
        bunny(f"{HOST}/films/a.ts", "key", END, below=below)


def test_cloudflare_s_rule_takes_the_token() -> None:
    """Read as the rules language says: the message before the separator, the time, and the MAC of both."""
    url = cloudflare("https://shop.example/download/caf%C3%A9%20cat.jpg", "mysecrettoken", 1_484_063_787)
    uri = url.removeprefix("https://shop.example")
    message, separator, rest = uri.partition("?verify=")
    time, dash, mac = rest.partition("-")
    assert (message, len(separator), time, dash) == ("/download/caf%C3%A9%20cat.jpg", 8, "1484063787", "-")
    assert b64decode(unquote(mac)) == hmac.new(b"mysecrettoken", f"{message}{time}".encode(), sha256).digest()
    assert "+" not in mac
    assert "/" not in mac


@pytest.mark.parametrize("url", ["/relative", f"{HOST}/a?b=c", f"{HOST}/a#b"])
def test_only_an_absolute_url_without_query_is_signed(url: str) -> None:
    for sign in (bunny, cloudflare, secure_link):
        with pytest.raises(ValueError, match="absolute URL"):
            sign(url, "key", END)


def test_slashes_that_nginx_merges_are_an_error() -> None:
    with pytest.raises(ValueError, match="merges"):
        secure_link(f"{HOST}/a//b", "key", END)


def test_a_host_alone_is_its_root() -> None:
    assert cloudflare(HOST, "key", END).startswith(f"{HOST}/?verify={END}-")
