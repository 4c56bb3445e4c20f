"""Mappings of platforms against STATIC_URL and STATIC_ROOT."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, DOCKER, WHITENOISE, site
from tests.doctor.fake_facts import found


def fly(*pairs: tuple[str, str]) -> dict[str, str]:
    statics = "".join(f'[[statics]]\nguest_path = "{path}"\nurl_prefix = "{url}"\n' for path, url in pairs)
    return {"Dockerfile": DOCKER, "fly.toml": f'app = "shop"\n{statics}'}


def engine(*handlers: str) -> dict[str, str]:
    return {"app.yaml": "runtime: python312\nhandlers:\n" + "".join(f"- {each}\n" for each in handlers)}


def beanstalk(options: str) -> dict[str, str]:
    return {".ebextensions/django.config": f"option_settings:\n{options}"}


ALL, STATIC = "url: /.*\n  script: auto", "url: /static\n  static_dir: staticfiles/"
NEW, OLD = "aws:elasticbeanstalk:environment:proxy:staticfiles", "aws:elasticbeanstalk:container:python:staticfiles"
SITE = "services:\n- name: web\nstatic_sites:\n- name: assets\n  output_dir: {directory}\n  routes:\n  - path: {path}\n"
FIRES: list[tuple[dict[str, str], dict[str, Any], str]] = [
    (fly(), {}, "has no mapping for /static/"),
    (fly(("/code/staticfiles", "/static")), {}, "maps /static/ to another directory"),
    (fly(("/app/staticfiles", "/assets")), {}, "maps /assets/, and STATIC_URL is /static/"),
    (fly(("/app/staticfiles", "/static/"), ("/app/a", "/static/admin")), {}, "overlap"),
    (fly(*((f"/app/{n}", f"/p{n}") for n in range(11))), {}, "takes 10 mappings at most"),
    (engine(ALL), {}, "has no mapping for /static/"),
    (engine(), {}, "has no mapping for /static/"),
    (engine(ALL, STATIC), {}, "a handler for everything stands before"),
    (engine("url: /static\n  static_dir: catalogue/static", ALL), {}, "to another directory"),
    (engine("url: /assets\n  static_dir: staticfiles", ALL), {}, "maps /assets/, and STATIC_URL is /static/"),
    (beanstalk("  aws:elasticbeanstalk:container:python:\n    WSGIPath: shop.wsgi\n"), {}, "has no mapping"),
    (beanstalk(f"  {OLD}:\n    /static/: staticfiles/\n"), {}, "in a namespace of old platforms"),
    (beanstalk(f"  {NEW}:\n    /static: static\n"), {}, "to another directory"),
    (beanstalk(f"- namespace: {NEW}\n  option_name: /static\n  value: www\n"), {}, "to another directory"),
    ({".do/app.yaml": SITE.format(directory="dist", path="/static")}, {}, "to another directory"),
]
SILENT: list[tuple[dict[str, str], dict[str, Any]]] = [
    ({}, {}),
    ({"Procfile": "web: gunicorn shop.wsgi"}, {}),
    (fly(("/app/staticfiles", "/static")), {}),
    (fly(("/app/staticfiles/", "/static/"), ("/app/media", "/media/")), {}),
    (fly(("/app/public", "/")), {"STATIC_ROOT": "/srv/shop/public/static"}),
    (fly(("/data/static", "/static/")), {"STATIC_ROOT": "/data/static"}),
    (engine(STATIC, ALL), {}),
    (engine("url: /static/\n  static_dir: staticfiles", ALL), {}),
    (beanstalk(f"  {NEW}:\n    /static: staticfiles\n"), {}),
    (beanstalk(f'  "{NEW}":\n    /static/: staticfiles/\n'), {}),
    (beanstalk(f"- namespace: {NEW}\n  option_name: /static\n  value: staticfiles\n"), {}),
    ({".do/app.yaml": SITE.format(directory="/staticfiles", path="/static")}, {}),
    (fly(), {"DEBUG": True}),
    (fly(), {"STATIC_ROOT": None}),
    (fly(), {"STATIC_URL": "https://cdn.example/static/"}),
]


@pytest.mark.parametrize(("files", "settings", "said"), FIRES)
def test_it_fires(files: dict[str, str], settings: dict[str, Any], said: str) -> None:
    [finding] = found("CW802", site(files, settings))
    assert said in finding.message
    assert finding.location


@pytest.mark.parametrize(("files", "settings"), SILENT)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW802", site(files, settings)) == []


def test_it_is_silent_where_the_application_or_a_bucket_answers() -> None:
    assert found("CW802", site(fly(), process=WHITENOISE)) == []
    assert found("CW802", site(fly(), static_storage=BUCKET)) == []
