"""CW537: an upload is a page of the site"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

FIRES: dict[str, Callable[[Path], Fake]] = {
    "a drawing": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["a.svg"]),
    "a drawing, by the file of a site": lambda root: fronted(root, nginx(STATIC, MEDIA), uploads=["a.svg"]),
    "a page": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["a.html"]),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "a sandbox": lambda root: fronted(
        root,
        http(nginx(STATIC, "location /media/ { alias {root}/media/; add_header Content-Security-Policy sandbox; }")),
        uploads=["a.svg"],
    ),
    "a download": lambda root: fronted(
        root,
        http(nginx(STATIC, "location /media/ { alias {root}/media/; add_header Content-Disposition attachment; }")),
        uploads=["a.svg"],
    ),
    "as a file, by the file of a site": lambda root: fronted(
        root,
        nginx(STATIC, "location /media/ { alias {root}/media/; types { } default_type application/octet-stream; }"),
        uploads=["a.svg"],
    ),
    "a picture, by the file of a site": lambda root: fronted(root, nginx(STATIC, MEDIA), uploads=["a.png"]),
    "a picture": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["a.png"]),
    "as text": lambda root: fronted(
        root,
        http(nginx(STATIC, "location /media/ { alias {root}/media/; types { } default_type text/plain; }")),
        uploads=["a.svg"],
    ),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW537", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW537", SILENT[name](tmp_path)) == []
