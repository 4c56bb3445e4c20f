"""What is printed for a cache, as its own compiler and its own test of a configuration read it."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from tests.helpers.daemons import program
from tests.system.certificate import write_certificate
from tests.system.edges import printed
from tests.system.real_nginx import complaints, written

pytestmark = pytest.mark.system
CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "at the root": ({"STATIC_URL": "https://cdn.example/"}, ["--origin", "http://127.0.0.1:9000/shop"]),
    "below a script": ({"FORCE_SCRIPT_NAME": "/my shop", "STATIC_URL": "static/"}, []),
    "a name with spaces": ({"STATIC_URL": "https://cdn.example/a b/"}, []),
    "by another": ({}, ["--origin", "https://shop.example/live", "--upstream", "127.0.0.1:8443"]),
    "who may purge": ({}, ["--purge-from", "10.0.0.0/8", "--purge-from", "2001:db8::/32"]),
    "one coding": ({"CLEARWAY": {"publish": {"target": "gs://shop", "coding": "br"}}}, ["--upstream", "[::1]:8443"]),
    "gzip alone": ({"CLEARWAY": {"publish": {"target": "gs://shop", "coding": "gzip"}}}, ["--upstream", "[::1]:84"]),
    "no codings": ({"CLEARWAY": {"encodings": []}}, []),
    "two codings": ({"CLEARWAY": {"encodings": ["gzip", "br"]}}, ["--origin", "http://127.0.0.1:9000/a b"]),
}


@pytest.mark.parametrize("case", CASES)
def test_nginx_takes_what_is_printed(tmp_path: Path, case: str) -> None:
    settings, words = CASES[case]
    with override_settings(**{"STATIC_URL": "https://cdn.example/assets/", "CLEARWAY": {}, **settings}):
        text = printed("nginx-edge", *words)
    assert complaints(written(tmp_path, at_home(text, tmp_path))) == ""


def test_nginx_takes_certificates_and_an_origin_by_tls(tmp_path: Path) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    write_certificate(chain, key)
    words = ["--origin", "https://localhost/live", "--certificate", str(chain), "--key", str(key)]
    with override_settings(STATIC_URL="https://cdn.example/assets/", CLEARWAY={}):
        text = printed("nginx-edge", *words)
    assert "proxy_ssl_verify on;" in text
    text = text.replace("/etc/ssl/certs/ca-certificates.crt", str(chain))
    assert complaints(written(tmp_path, at_home(text, tmp_path))) == ""


def at_home(text: str, home: Path) -> str:
    """With the directory of this machine's cache, which needs no rights."""
    return re.sub(r"/var/cache/[\w-]+", str(home / "cache"), text)


@pytest.mark.parametrize("case", ["below a script", "who may purge", "gzip alone", "no codings"])
def test_varnish_takes_what_is_printed(tmp_path: Path, case: str) -> None:
    if program("varnishd") is None:
        pytest.skip("needs varnish")
    settings, words = CASES[case]
    with override_settings(**{"STATIC_URL": "https://cdn.example/assets/", "CLEARWAY": {}, **settings}):
        (tmp_path / "edge.vcl").write_text(printed("varnish", *words), encoding="utf-8")
    command = [
        program("varnishd") or "",
        "-j",
        "none",
        "-C",
        "-f",
        str(tmp_path / "edge.vcl"),
        "-n",
        str(tmp_path / "work"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
