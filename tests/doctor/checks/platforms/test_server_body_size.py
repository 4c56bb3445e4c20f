"""CW809: limits of servers that files of the project state."""

from typing import Any

import pytest
from tests.doctor.deployments import DOCKER, site
from tests.doctor.fake_facts import found

from clearway.fronts.described import Described

FIVE = {"CLEARWAY": {"media": {"max_size": 5_000_000}}}
UNIT = "[Service]\nExecStart=/srv/venv/bin/uwsgi --http :8000 --limit-post 1048576 --module shop.wsgi\n"
TRAEFIK = """services:
  web:
    build: .
    labels:
      - "traefik.http.middlewares.limit.buffering.maxRequestBodyBytes=2000000"
"""
FIRES: list[tuple[dict[str, str], dict[str, Any], str]] = [
    ({"uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\nlimit-post = 1048576\n"}, FIVE, "uWSGI"),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = 10m\n"}, FIVE, "uWSGI"),  # ten octets
    ({"deploy/uwsgi.ini": "[uwsgi]\nlimit-post = 9999999\nlimit-post = 1000\n"}, FIVE, "uWSGI"),
    ({"Procfile": "web: uwsgi --http :$PORT --limit-post=1048576 --module shop.wsgi"}, FIVE, "uWSGI"),
    ({"shop.service": UNIT}, FIVE, "uWSGI"),
    ({"Dockerfile": DOCKER + "ENV UWSGI_LIMIT_POST=1048576\nCMD uwsgi\n"}, FIVE, "uWSGI"),
    ({"Procfile": "web: waitress-serve --max-request-body-size=1000000 shop.wsgi:application"}, FIVE, "waitress"),
    ({"Procfile": "web: mod_wsgi-express start-server --limit-request-body 1000000 shop/wsgi.py"}, FIVE, "mod_wsgi"),
    ({"docker-compose.yml": TRAEFIK}, FIVE, "Traefik"),
    ({"traefik.toml": "[http.middlewares.limit.buffering]\n  maxRequestBodyBytes = 2000000\n"}, FIVE, "Traefik"),
    ({".platform/nginx/conf.d/body.conf": "client_max_body_size 4M;\n"}, FIVE, "nginx of Elastic Beanstalk"),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = 1048576\n"}, {"MAX_UPLOAD_SIZE": 9_000_000}, "uWSGI"),
]
SILENT: list[tuple[dict[str, str], dict[str, Any]]] = [
    ({}, FIVE),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = 1048576\n"}, {}),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = 0\n"}, FIVE),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = 5000000\n"}, FIVE),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = 20000000\n"}, FIVE),
    ({"uwsgi.ini": "[uwsgi]\n; limit-post = 1000\n"}, FIVE),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = %(size)\n"}, FIVE),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = 1000\nlimit-post = 9999999\n"}, FIVE),
    ({"uwsgi-dev.ini": "[uwsgi]\nlimit-post = 1000\n"}, FIVE),
    ({"uwsgi.ini": "[other]\nlimit-post = 1000\n"}, FIVE),
    ({"uwsgi.ini": "[uwsgi]\nlimit-post = 1000\n"}, FIVE | {"DEBUG": True}),
    ({"Procfile": "web: waitress-serve --max-request-body-size=10000000 shop.wsgi:application"}, FIVE),
    ({"docker-compose.yml": TRAEFIK.replace('      - "', '      # - "')}, FIVE),
    ({"docker-compose.yml": TRAEFIK.replace("2000000", "0")}, FIVE),
    ({".platform/nginx/conf.d/body.conf": "# client_max_body_size 4M;\nclient_max_body_size 40M;\n"}, FIVE),
    ({"nginx/body.conf": "client_max_body_size 4M;\n"}, FIVE),  # of a front, which has a rule of its own
]


@pytest.mark.parametrize(("files", "settings", "server"), FIRES)
def test_it_fires(files: dict[str, str], settings: dict[str, Any], server: str) -> None:
    [finding] = found("CW809", site(files, settings))
    assert server in finding.message
    assert (finding.cause, finding.level) == ("body-size", "warning")
    assert finding.location is not None


@pytest.mark.parametrize(("files", "settings"), SILENT)
def test_it_is_silent(files: dict[str, str], settings: dict[str, Any]) -> None:
    assert found("CW809", site(files, settings)) == []


def test_the_smallest_limit_is_told() -> None:
    files = {"uwsgi.ini": "[uwsgi]\nlimit-post = 4000000\n", "docker-compose.yml": TRAEFIK}
    [finding] = found("CW809", site(files, FIVE))
    assert "Traefik" in finding.message


def test_a_model_with_a_file_field_takes_a_photo() -> None:
    [finding] = found("CW809", site({"uwsgi.ini": "[uwsgi]\nlimit-post = 1000\n"}, file_fields=["shop.Photo.image"]))
    assert "shop.Photo.image takes files" in finding.evidence


def test_the_request_that_fails_decides() -> None:
    files = {"uwsgi.ini": "[uwsgi]\nlimit-post = 4000000\n"}
    for octets, level in ((8_000_000, ["error"]), (3_000_000, [])):
        described = Described.of("POST", [], octets, [])
        assert [each.level for each in found("CW809", site(files, FIVE, described=described))] == level
