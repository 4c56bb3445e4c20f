"""`clearway front varnish` and `nginx-edge` from the command line: what the settings decide."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from clearway.cli import main

EDGES = ("varnish", "nginx-edge")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    with override_settings(STATIC_URL="https://cdn.example/assets/", STATIC_ROOT=tmp_path, CLEARWAY={}):
        yield


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["front", *words, "--format", "json"]) == 0
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(
    ("publish", "words", "origin"),
    [
        ({}, [], "http://127.0.0.1:8000/assets/"),
        ({}, ["--upstream", "10.0.0.7:8001"], "http://10.0.0.7:8001/assets/"),
        ({}, ["--origin", "http://origin.example/live"], "http://origin.example/live/"),
        ({"target": "/mnt/share"}, [], "http://127.0.0.1:8000/assets/"),
        (
            {"target": "s3://shop/live", "options": {"endpoint": "http://127.0.0.1:9000"}},
            [],
            "http://127.0.0.1:9000/shop/live/",
        ),
        (
            {"target": "s3://shop/live", "options": {"AWS_REGION": "eu-central-1"}},
            ["--upstream", "127.0.0.1:8443"],
            "https://shop.s3.eu-central-1.amazonaws.com/live/",
        ),
        (
            {"target": "s3://static.shop.example/my files", "options": {"region": "eu-central-1"}},
            ["--upstream", "127.0.0.1:8443"],
            "https://s3.eu-central-1.amazonaws.com/static.shop.example/my%20files/",
        ),
        ({"target": "gs://shop"}, ["--upstream", "127.0.0.1:8443"], "https://storage.googleapis.com/shop/"),
    ],
)
def test_the_origin_is_the_bucket_else_the_application(
    capsys: pytest.CaptureFixture[str], edge: str, publish: dict[str, Any], words: list[str], origin: str
) -> None:
    with override_settings(CLEARWAY={"publish": publish}):
        read = printed(capsys, edge, *words)
    assert (read["origin"], read["prefix"]) == (origin, "/assets/")


@pytest.mark.parametrize(
    ("words", "settings", "message"),
    [
        (["varnish"], {"CLEARWAY": {"publish": {"target": "gs://shop"}}}, "Varnish connects without TLS"),
        (["varnish", "--origin", "https://shop.example"], {}, "Varnish connects without TLS"),
        (["varnish", "--certificate", "/c", "--key", "/k"], {}, "Varnish speaks no TLS"),
        (["nginx-edge"], {"CLEARWAY": {"publish": {"target": "az://shop"}}}, "Give --origin"),
        (["nginx-edge"], {"CLEARWAY": {"publish": {"target": "s3://shop"}}}, "Give --origin"),
        (["nginx-edge", "--snippet"], {}, "--snippet is for the server in front of the application"),
        (["nginx-edge", "--docker"], {}, "--docker is for"),
        (["varnish", "--check", "/etc/varnish/default.vcl"], {}, "--check is for"),
        (["nginx-edge", "--origin", "http://shop.example/a$b"], {}, "cannot be written"),
        (["nginx-edge"], {"STATIC_URL": "https://cdn.example/a$b/"}, "cannot be written"),
        (["nginx-edge", "--upstream", "unix:/run/x"], {}, "not the address of an origin"),
    ],
)
def test_what_cannot_be_written_is_said(
    capsys: pytest.CaptureFixture[str], words: list[str], settings: dict[str, Any], message: str
) -> None:
    with override_settings(**settings):
        assert main(["front", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_wrong_address_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as raised:
        main(["front", "varnish", "--purge-from", "10.0.0.300"])
    assert raised.value.code == 2


def test_networks_may_purge(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--purge-from", "10.0.0.0/8", "--purge-from", "2001:db8::1"]
    assert '    "10.0.0.0"/8;\n    "2001:db8::1";\n' in printed(capsys, "varnish", *words)["configuration"]
    assert "    10.0.0.0/8 1;\n    2001:db8::1 1;\n" in printed(capsys, "nginx-edge", *words)["configuration"]


@pytest.mark.parametrize("edge", EDGES)
def test_other_origins_may_not_read_where_the_settings_say_so(capsys: pytest.CaptureFixture[str], edge: str) -> None:
    assert "Access-Control-Allow-Origin" in printed(capsys, edge)["configuration"]
    with override_settings(WHITENOISE_ALLOW_ALL_ORIGINS=False):
        text = printed(capsys, edge)["configuration"]
    assert "add_header Access-Control" not in text
    assert "set resp.http.Access-Control" not in text


@pytest.mark.parametrize(
    ("header", "nginx", "varnish"),
    [
        (None, "X-Forwarded-Proto https;", 'X-Forwarded-Proto = {"https"};'),
        (("HTTP_X_FORWARDED_PROTO", "https"), "X-Forwarded-Proto https;", 'X-Forwarded-Proto = {"https"};'),
        (("HTTP_X_FORWARDED_SSL", "on"), "X-Forwarded-Ssl on;", 'X-Forwarded-Ssl = {"on"};'),
    ],
)
def test_the_application_is_told_https_in_the_word_that_it_knows(
    capsys: pytest.CaptureFixture[str], header: tuple[str, str] | None, nginx: str, varnish: str
) -> None:
    with override_settings(SECURE_PROXY_SSL_HEADER=header):
        assert f"proxy_set_header {nginx}" in printed(capsys, "nginx-edge")["configuration"]
        assert f"set bereq.http.{varnish}" in printed(capsys, "varnish")["configuration"]
