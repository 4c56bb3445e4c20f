"""CW506: another rule takes the URL"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import GRANT, MEDIA, STATIC, apache, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "a regular expression without root": lambda root: fronted(
        root, http(nginx(STATIC, "location ~* \\.(css|js)$ { expires 1h; }"))
    ),
    "a regular expression that proxies": lambda root: fronted(
        root, http(nginx(STATIC, "location ~ \\.js$ { proxy_pass http://127.0.0.1:8000; }"))
    ),
    "a rewrite of the server": lambda root: fronted(root, http(nginx("rewrite ^/static/(.*)$ /$1 last;", STATIC))),
    "caddy without a matcher": lambda root: fronted(
        root,
        "http://shop.example {\nroot * {root}\nfile_server /static/*\nreverse_proxy 127.0.0.1:8000\n}",
        front="caddy",
    ),
    "apache proxies before the alias": lambda root: fronted(
        root, apache("Alias /static/ {root}/static/", GRANT).replace("ProxyPass /static !", ""), front="apache"
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
    "with ^~": lambda root: fronted(
        root, http(nginx("location ^~ /static/ { alias {root}/static/; }", "location ~* \\.(css|js)$ { expires 1h; }"))
    ),
    "nested": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/; location ~* \\.css$ { expires 1h; } }"))
    ),
    "a regular expression with the right root": lambda root: fronted(
        root, http(nginx("root {root};", STATIC, "location ~* \\.(css|js)$ { expires 1h; }"))
    ),
    "the alias is wrong": lambda root: fronted(root, http(nginx("location /static/ { alias {root}/static; }"))),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW506", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW506", SILENT[name](tmp_path)) == []


def test_the_patch_keeps_regular_expressions_away(tmp_path: Path) -> None:
    text = http(nginx(STATIC, r"location ~* \.(css|js)$ { expires 1h; }"))
    (finding,) = causes("CW506", fronted(tmp_path, text))
    assert "+location ^~ /static/ {" in finding.fix.diff
    assert finding.breaks == {"static:css/site.css", "static:js/site.js"}
