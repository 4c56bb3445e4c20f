"""CW523: fields of an outer level are lost"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "of the server": lambda root: fronted(
        root,
        http(
            nginx(
                "add_header X-Content-Type-Options nosniff;",
                "location /static/ { alias {root}/static/; add_header Cache-Control max-age=60; }",
            )
        ),
    ),
    "of http": lambda root: fronted(
        root,
        http(
            nginx("location /static/ { alias {root}/static/; add_header X-A b; }"),
            more="add_header Access-Control-Allow-Origin *;",
        ),
    ),
    "for pages": lambda root: fronted(
        root,
        http(
            nginx(
                "add_header Content-Security-Policy \"default-src 'self'\";",
                STATIC,
                proxy=(
                    "location / { proxy_pass http://127.0.0.1:8000; "
                    "proxy_set_header Host $host; add_header X-Served-By web1; }"
                ),
            )
        ),
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "repeated": lambda root: fronted(
        root,
        http(
            nginx(
                "add_header X-Content-Type-Options nosniff;",
                (
                    "location /static/ { alias {root}/static/; add_header X-A b; "
                    "add_header X-Content-Type-Options nosniff; }"
                ),
            )
        ),
    ),
    "inherited": lambda root: fronted(root, http(nginx("add_header X-Content-Type-Options nosniff;", STATIC))),
    "expires drops nothing": lambda root: fronted(
        root,
        http(
            nginx(
                "add_header X-Content-Type-Options nosniff;", "location /static/ { alias {root}/static/; expires 1h; }"
            )
        ),
    ),
    "a field that files do not need": lambda root: fronted(
        root,
        http(
            nginx("add_header X-Frame-Options DENY;", "location /static/ { alias {root}/static/; add_header X-A b; }")
        ),
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW523", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW523", SILENT[name](tmp_path)) == []


def test_fonts_of_another_host_fail_without_the_field(tmp_path: Path) -> None:
    location = "location /static/ { alias {root}/static/; add_header X-A b; }"
    files = nginx("add_header Access-Control-Allow-Origin *;", location, name="cdn.shop.example", proxy="")
    facts = fronted(tmp_path, http(nginx(), files), host="cdn.shop.example", names=["fonts/a.woff2"])
    assert [each.level for each in causes("CW523", facts)] == ["error"]
