"""uWSGI's mappings against STATIC_ROOT and MEDIA_ROOT."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, CLEARWAY, DOCKER, WHITENOISE
from tests.doctor.fake_facts import collected, found
from tests.doctor.uwsgi_sites import NGINX, uwsgi_site

ASSETS = "static-map = /static=%(chdir)assets"
FIRES: list[tuple[dict[str, str] | str, dict[str, Any], str, str]] = [
    (ASSETS, {}, "STATIC_ROOT", "admin/base.css is there, and not in {root}/assets"),
    ("static-map = /static/=%dassets/", {}, "STATIC_ROOT", "admin/base.css is there"),
    ("static-map = /static=assets", {}, "STATIC_ROOT", "admin/base.css is there"),
    ("static-map = /static=%dstatik", {}, "STATIC_ROOT", "and not in {root}/statik"),
    ("static-map2 = /static=%dassets", {}, "STATIC_ROOT", "and not in {root}/assets/static"),
    ("static-map2 = /static=%dstaticfiles", {}, "STATIC_ROOT", "and not in {root}/staticfiles/static"),
    (f"{ASSETS}\nstatic-map = /media=%dmedia", {}, "STATIC_ROOT", "admin/base.css"),
    (f"{ASSETS}\nstatic-map = /static/css=%dstaticfiles/css", {}, "STATIC_ROOT", "admin/base.css"),
    (f"{ASSETS}\ncheck-static = %dpublic", {}, "STATIC_ROOT", "admin/base.css"),
    ("static-map = /shop/static=%dassets", {"STATIC_URL": "/shop/static/"}, "STATIC_ROOT", "admin"),
    ("static-map = /shop/static=%dassets", {"STATIC_URL": "static/", "FORCE_SCRIPT_NAME": "/shop"}, "STATIC_ROOT", ""),
    (ASSETS, {"STATIC_URL": "/shop/static/", "FORCE_SCRIPT_NAME": "/shop"}, "STATIC_ROOT", "admin"),
    ({"Procfile": "web: uwsgi --static-map /static={root}/assets"}, {}, "STATIC_ROOT", "admin/base.css"),
    ({"Dockerfile": DOCKER + "CMD uwsgi --static-map /static=/app/assets"}, {}, "STATIC_ROOT", "not in /app/assets"),
    ({"Dockerfile": DOCKER + "ENV UWSGI_STATIC_MAP=/static=/app/assets"}, {}, "STATIC_ROOT", "not in /app/assets"),
    (
        {
            "uwsgi.ini": "[uwsgi]\nstatic-map = /static={root}/assets\n",
            "uwsgi-dev.ini": "[uwsgi]\nstatic-map = /static={root}/assets\n",
        },
        {},
        "STATIC_ROOT",
        "admin/base.css",
    ),
    ("static-map = /media=%dassets", {}, "MEDIA_ROOT", "a.png is there, and not in {root}/assets"),
]
SILENT: list[tuple[dict[str, str] | str, dict[str, Any]]] = [
    ("module = shop.wsgi", {}),
    ("static-map = /static=%dstaticfiles", {}),
    ("static-map = /static/=%(chdir)staticfiles/\nstatic-map = /media=%dmedia", {}),
    (f"{ASSETS}\nstatic-map = /static=%dstaticfiles", {}),
    (f"{ASSETS}\nstatic-map = /static/admin=%dstaticfiles/admin", {}),
    (f"{ASSETS}\nstatic-map = /static/admin=/usr/lib/python3/django/admin", {}),
    (f"{ASSETS}\nstatic-map = /static=$(HOME)/files", {}),
    (f"{ASSETS}\ncheck-static = $(HOME)", {}),
    ("static-map = /static=$(HOME)/files", {}),
    ("static-map = /static=%(base)/assets", {}),
    ("static-map = /static=/srv/nowhere/staticfiles", {}),
    ("static-map = /assets=%dassets", {}),
    ("static-map = /=%dassets", {}),
    ("check-static = %dassets", {}),
    ("static-map = /static=%dstaticfiles", {"STATIC_URL": "/static/v2/"}),
    ("static-map = /favicon.ico=%dassets/favicon.ico", {}),
    (ASSETS, {"DEBUG": True}),
    (ASSETS, {"STATIC_ROOT": None}),
    (ASSETS, {"STATIC_URL": "https://cdn.example/static/"}),
    ({"uwsgi-dev.ini": "[uwsgi]\nstatic-map = /static={root}/assets\n"}, {}),
    ({"Dockerfile": DOCKER + "CMD uwsgi --static-map /static=/app/staticfiles"}, {}),
    ({"Dockerfile": DOCKER + "CMD uwsgi --static-map /static=/app/made"}, {}),
    ({"uwsgi.ini": "[uwsgi]\nstatic-map = /static={root}/assets\n", "nginx.conf": NGINX}, {}),
    ("static-map = /media=/srv/nowhere", {}),
    ("static-map = /media=%dassets", {"MEDIA_URL": "https://cdn.example/media/"}),
]


@pytest.mark.parametrize(("files", "settings", "setting", "said"), FIRES)
def test_it_fires(
    files: dict[str, str] | str, settings: dict[str, Any], setting: str, said: str, tmp_path: Path
) -> None:
    [finding] = found("CW807", uwsgi_site(tmp_path, files, settings))
    assert finding.message.endswith(f"to another directory than {setting}")
    assert said.replace("{root}", str(tmp_path)) in finding.evidence[-1]
    assert finding.location
    assert str(finding.location.line) in finding.evidence[0]


@pytest.mark.parametrize(("files", "settings"), SILENT)
def test_it_is_silent(files: dict[str, str] | str, settings: dict[str, Any], tmp_path: Path) -> None:
    assert found("CW807", uwsgi_site(tmp_path, files, settings)) == []


@pytest.mark.parametrize(
    "given",
    [
        {"process": WHITENOISE},
        {"process": CLEARWAY},
        {"static_storage": BUCKET},
        {"collected": collected("/srv/shop/staticfiles")},
        {"collected": collected("/srv/shop/staticfiles", ["css/site.css", "css/site.css.gz", "staticfiles.json"])},
    ],
)
def test_it_is_silent_where_others_answer_or_all_is_there(given: dict[str, Any], tmp_path: Path) -> None:
    assert found("CW807", uwsgi_site(tmp_path, ASSETS, **given)) == []


def test_it_is_silent_where_the_other_directory_is_a_link_to_the_right_one(tmp_path: Path) -> None:
    facts = uwsgi_site(tmp_path, "static-map = /static=%dlink")
    (tmp_path / "link").symlink_to(tmp_path / "staticfiles")
    assert found("CW807", facts) == []


def test_it_is_silent_where_a_volume_holds_the_directory(tmp_path: Path) -> None:
    services = "services:\n  web:\n    build: .\n    volumes:\n    - files:/app/assets\n"
    files = {"Dockerfile": DOCKER + "CMD uwsgi --static-map /static=/app/assets", "compose.yml": services}
    assert found("CW807", uwsgi_site(tmp_path, files)) == []


def test_it_is_silent_where_nothing_was_uploaded(tmp_path: Path) -> None:
    facts = uwsgi_site(tmp_path, "static-map = /media=%dassets")
    (tmp_path / "media" / "a.png").rename(tmp_path / "media" / ".gitkeep")
    assert found("CW807", facts) == []
