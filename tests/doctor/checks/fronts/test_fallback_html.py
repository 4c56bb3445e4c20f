"""CW513: a page answers in the place of a file"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "a single-page application": lambda root: fronted(
        root,
        http(nginx("root {root}/media;", "location / { try_files $uri /index.html; }", proxy="")),
        uploads=["index.html"],
    ),
    "error_page with 200": lambda root: fronted(
        root,
        http(
            nginx(
                "root {root}/other;",
                "error_page 404 =200 /page.html;",
                "location = /page.html { root {root}/static; }",
                proxy="",
            )
        ),
        names=["css/site.css", "page.html"],
    ),
    "only what is missing": lambda root: fronted(
        root,
        http(
            nginx(
                "location /static/ { alias {root}/static/; try_files $uri /page.html; }",
                "location = /page.html { root {root}/static; }",
            )
        ),
        names=["css/site.css", "page.html"],
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "404 at the end": lambda root: fronted(
        root, http(nginx("location /static/ { alias {root}/static/; try_files $uri =404; }"))
    ),
    "to the application": lambda root: fronted(
        root,
        http(
            nginx(
                "location / { try_files $uri @app; }",
                STATIC,
                "location @app { proxy_pass http://127.0.0.1:8000; }",
                proxy="",
            )
        ),
    ),
    "an error page with 404": lambda root: fronted(
        root,
        http(nginx("error_page 404 /page.html;", STATIC, "location = /page.html { root {root}/static; }")),
        names=["css/site.css", "page.html"],
    ),
    "the application serves": lambda root: fronted(root, http(nginx()), answers="whitenoise"),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW513", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW513", SILENT[name](tmp_path)) == []
