"""CW543: private files behind a public URL"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import (
    GRANT,
    MEDIA,
    OTHER,
    STATIC,
    apache,
    caddy,
    causes,
    fronted,
    http,
    nginx,
)
from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import HandOff

GRANTED = "<Directory {root}/media>\nRequire all granted\n</Directory>"
INTERNAL = "location ^~ /media/private/ { internal; alias {root}/media/private/; }"
CADDY = "handle_path /media/* {\nroot * {root}/media\nfile_server\n}"


def made(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).mkdir(parents=True)
    return root


FIRES: dict[str, tuple[Callable[[Path], Fake], str]] = {
    "below media": (
        lambda root: fronted(root, http(nginx(STATIC, MEDIA)), private_roots=["media/private"]),
        "/media/private/",
    ),
    "deep below": (
        lambda root: fronted(root, http(nginx(STATIC, MEDIA)), private_roots=["media/a b/c"]),
        "/media/a b/c/",
    ),
    "media itself": (lambda root: fronted(root, http(nginx(MEDIA)), private_roots=["media"]), "/media/"),
    "below static": (lambda root: fronted(root, http(nginx(STATIC)), private_roots=["static/p"]), "/static/p/"),
    "a location of its own": (
        lambda root: fronted(root, http(nginx("location /dl/ { alias {root}/p/; }")), private_roots=["p"]),
        "/dl/",
    ),
    "a part of it": (
        lambda root: fronted(root, http(nginx("location /dl/ { alias {root}/p/2024/; }")), private_roots=["p"]),
        "/dl/",
    ),
    "the root of the server": (
        lambda root: fronted(
            root,
            http(nginx("root {root};", proxy="location /app/ { proxy_pass http://127.0.0.1:8000; }")),
            private_roots=["p"],
        ),
        "/p/",
    ),
    "an application for what is missing": (
        lambda root: fronted(
            root,
            http(nginx("location /media/ { root {root}; try_files $uri @app; }", "location @app { return 404; }")),
            private_roots=["media/p"],
        ),
        "/media/p/",
    ),
    "caddy": (lambda root: fronted(root, caddy(CADDY), front="caddy", private_roots=["media/p"]), "/media/p/"),
    "apache": (
        lambda root: fronted(
            root, apache(GRANTED, "Alias /media {root}/media"), front="apache", private_roots=["media/p"]
        ),
        "/media/p/",
    ),
}  # fmt: skip
SILENT: dict[str, Callable[[Path], Fake]] = {
    "nothing private": lambda root: fronted(root, http(nginx(STATIC, MEDIA))),
    "beside": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), private_roots=["private"]),
    "a name that begins alike": lambda root: fronted(root, http(nginx(MEDIA)), private_roots=["media-private"]),
    "internal below media": lambda root: fronted(
        root, http(nginx(STATIC, MEDIA, INTERNAL)), private_roots=["media/private"]
    ),
    "denied": lambda root: fronted(
        root, http(nginx(MEDIA, "location /media/private/ { deny all; }")), private_roots=["media/private"]
    ),
    "media is internal": lambda root: fronted(
        root, http(nginx("location /media/ { internal; alias {root}/media/; }")), private_roots=["media"]
    ),
    "the path that is handed off": lambda root: fronted(
        root,
        http(nginx("location /protected/ { alias {root}/p/; }")),
        private_roots=["p"],
        handed_off=[HandOff("/protected/", None, str(root / "p"))],
    ),
    "another worker may not": lambda root: fronted(
        made(root, "media/p"), http(nginx(MEDIA)), private_roots=["media/p"], worker=OTHER
    ),
    "apache grants nothing": lambda root: fronted(
        root, apache(GRANT, "Alias /media {root}/media"), front="apache", private_roots=["media/p"]
    ),
    "the application answers media": lambda root: fronted(root, http(nginx(STATIC)), private_roots=["media/p"]),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once_with_the_url(name: str, tmp_path: Path) -> None:
    case, url = FIRES[name]
    (finding,) = causes("CW543", case(made(tmp_path, "media/private", "p/2024")))
    assert f"GET {url}clearway-check-probe" in finding.evidence[0]
    assert finding.evidence[-1].startswith("PRIVATE = ")


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    if name == "another worker may not":
        tmp_path.chmod(0o700)
    assert causes("CW543", SILENT[name](tmp_path)) == []
