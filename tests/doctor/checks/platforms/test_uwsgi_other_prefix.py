"""uWSGI's mappings against STATIC_URL and MEDIA_URL."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, DOCKER, WHITENOISE
from tests.doctor.fake_facts import found
from tests.doctor.uwsgi_sites import NGINX, uwsgi_site

RIGHT = "static-map = /static=%dstaticfiles"
ASSETS = {"STATIC_URL": "/assets/"}
FIRES: list[tuple[dict[str, str] | str, dict[str, Any], str]] = [
    (RIGHT, ASSETS, "uWSGI answers below /static, and the pages ask below /assets/"),
    (f"{RIGHT}\nstatic-map = /media=%dmedia", ASSETS, "below /assets/"),
    ("static-map = static=%dstaticfiles", {}, "uWSGI answers below static, and the pages ask below /static/"),
    ("check-static = %dstaticfiles", {}, "uWSGI answers below /, and the pages ask below /static/"),
    (RIGHT, {"STATIC_URL": "/static/v2/"}, "uWSGI answers below /static, and the pages ask below /static/v2/"),
    ("static-map2 = /staticfiles=%d", {}, "uWSGI answers below /staticfiles, and"),
    ({"Procfile": "web: uwsgi --static-map /static={root}/staticfiles"}, ASSETS, "below /assets/"),
    ({"Dockerfile": DOCKER + "CMD uwsgi --static-map /static=/app/staticfiles"}, ASSETS, "below /assets/"),
    ("static-map = /uploads=%dmedia", {}, "uWSGI answers below /uploads, and the pages ask below /media/"),
]
SILENT: list[tuple[dict[str, str] | str, dict[str, Any]]] = [
    ("module = shop.wsgi", {}),
    (RIGHT, {}),
    ("static-map = /static/=%dstaticfiles/\nstatic-map = /media=%dmedia", {}),
    (RIGHT, {"STATIC_URL": "static/", "FORCE_SCRIPT_NAME": "/shop"}),
    (RIGHT, {"STATIC_URL": "/shop/static/", "FORCE_SCRIPT_NAME": "/shop"}),
    ("static-map = /shop/static=%dstaticfiles", {"STATIC_URL": "static/", "FORCE_SCRIPT_NAME": "/shop"}),
    (f"{RIGHT}\nstatic-map = /assets=%dassets", ASSETS),
    (f"{RIGHT}\nstatic-map = /assets=$(HOME)/files", ASSETS),
    (f"{RIGHT}\ncheck-static = %dpublic", ASSETS),
    ("static-map = /static=$(HOME)/staticfiles", ASSETS),
    ("static-map = /static=%dassets", ASSETS),
    ("static-map = /static/admin=%dstaticfiles/admin", ASSETS),
    ("check-static = %dstaticfiles\n" + RIGHT, {}),
    ("static-map2 = /staticfiles=%d", {"STATIC_URL": "/staticfiles/"}),
    ("check-static = %d", {"STATIC_URL": "/staticfiles/"}),
    (RIGHT, ASSETS | {"DEBUG": True}),
    (RIGHT, ASSETS | {"STATIC_ROOT": None}),
    (RIGHT, {"STATIC_URL": "https://cdn.example/assets/"}),
    ({"uwsgi.ini": "[uwsgi]\nstatic-map = /files={root}/staticfiles\n", "nginx.conf": NGINX}, {}),
    ("static-map = /uploads=%dmedia", {"MEDIA_URL": "https://cdn.example/media/"}),
]


@pytest.mark.parametrize(("files", "settings", "said"), FIRES)
def test_it_fires(files: dict[str, str] | str, settings: dict[str, Any], said: str, tmp_path: Path) -> None:
    [finding] = found("CW808", uwsgi_site(tmp_path, files, settings))
    assert said in finding.message
    assert finding.location
    assert str(finding.location.line) in finding.evidence[0]


@pytest.mark.parametrize(("files", "settings"), SILENT)
def test_it_is_silent(files: dict[str, str] | str, settings: dict[str, Any], tmp_path: Path) -> None:
    assert found("CW808", uwsgi_site(tmp_path, files, settings)) == []


@pytest.mark.parametrize("given", [{"process": WHITENOISE}, {"static_storage": BUCKET}])
def test_it_is_silent_where_others_answer(given: dict[str, Any], tmp_path: Path) -> None:
    assert found("CW808", uwsgi_site(tmp_path, RIGHT, ASSETS, **given)) == []


@pytest.mark.parametrize(
    ("line", "settings", "count"),
    [
        (RIGHT, {}, 0),
        (RIGHT, ASSETS, 0),
        ("static-map = /static/admin=%dstaticfiles/admin", {}, 0),
        (RIGHT, {"STATIC_ROOT": "/srv/other"} | ASSETS, 1),
        ("static-map = /media=%dmedia", {}, 1),
    ],
)
def test_nobody_answers_is_said_only_where_no_mapping_is_meant(
    line: str, settings: dict[str, Any], count: int, tmp_path: Path
) -> None:
    assert len(found("CW301", uwsgi_site(tmp_path, line, settings))) == count
