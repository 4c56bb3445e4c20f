"""The mappings of uWSGI, from the files of a project."""

import pytest

from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.deployed.uwsgi import static_maps
from clearway.doctor.facts import Tree


def told(files: dict[str, str]) -> list[tuple[str, str | None]]:
    return [(each.prefix, each.directory) for each in static_maps(Deployment(Tree("/srv/shop", files)))]


@pytest.mark.parametrize(
    ("lines", "prefix", "directory"),
    [
        ("static-map = /static=/srv/files", "/static", "/srv/files"),
        ("static-map=/static/=/srv/files/", "/static/", "/srv/files"),
        ("  static-map  =  /static = /srv/files  ", "/static", "/srv/files"),
        ("static-map2 = /static=/srv/files", "/static", "/srv/files/static"),
        ("check-static = /srv/files", "/", "/srv/files"),
        ("base = /srv/www\nstatic-map = /static=%(base)/files", "/static", "/srv/www/files"),
        ("static-map = /static=%(base)/files\nbase = /srv/www", "/static", "/srv/www/files"),
        ("a = /srv\nbase = %(a)/www\nstatic-map = /static=%(base)/files", "/static", "/srv/www/files"),
        ("set = base=/srv/www\nstatic-map = /static=%(base)/files", "/static", "/srv/www/files"),
        ("set-placeholder = base=/srv/www\nstatic-map = /static=%(base)/files", "/static", "/srv/www/files"),
        ("chdir = %dsite\nstatic-map = /static=%(chdir)/files", "/static", "/srv/shop/conf/site/files"),
        ("static-map = /static=%d../files", "/static", "/srv/shop/files"),
        ("static-map = /static=/srv/%n/files", "/static", "/srv/uwsgi/files"),
        ("static-map = /static=files", "/static", "/srv/shop/files"),
        ("chdir = /srv/www\nstatic-map = /static=files", "/static", "/srv/www/files"),
        ("chdir = $(HOME)\nstatic-map = /static=/srv/files", "/static", "/srv/files"),
        ("chdir = $(HOME)\nstatic-map = /static=files", "/static", None),
        ("static-map = /static=$(HOME)/files", "/static", None),
        ("static-map = /static=@(/etc/where)", "/static", None),
        ("static-map = /static=%(base)/files", "/static", None),
        ("base = %(base)/x\nstatic-map = /static=%(base)/files", "/static", None),
        ("base = /a\nbase = /b\nstatic-map = /static=%(base)/files", "/static", None),
        ("static-map = /static=%v/files", "/static", None),
        ("if-env = X\nbase = /a\nendif =\nstatic-map = /static=%(base)/files", "/static", None),
    ],
)
def test_a_line_of_an_ini_file(lines: str, prefix: str, directory: str | None) -> None:
    assert told({"conf/uwsgi.ini": f"[uwsgi]\n{lines}\n"}) == [(prefix, directory)]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\n"},
        {"uwsgi.ini": "[uwsgi]\n; static-map = /static=/a\n# static-map = /static=/a\n"},
        {"uwsgi.ini": "[uwsgi]\nstatic-map = /static\n"},
        {"uwsgi.ini": "[uwsgi]\nstatic-expires = /* 3600\n[other]\nstatic-map = /static=/a\n"},
        {"setup.ini": "[tool]\nstatic-map = /static=/a\n"},
        {"uwsgi_dev.ini": "[uwsgi]\nstatic-map = /static=/a\n"},
        {"Procfile": "web: uwsgi --ini uwsgi.ini\n"},
        {"Dockerfile": "FROM x\n# ENV UWSGI_STATIC_MAP=/static=/a\nENV UWSGI_HTTP=:8000\n"},
    ],
)
def test_nothing_is_mapped(files: dict[str, str]) -> None:
    assert told(files) == []


@pytest.mark.parametrize(
    ("files", "directory"),
    [
        ({"Procfile": "web: uwsgi --http :80 --static-map /static=/app/files -w shop.wsgi\n"}, "/app/files"),
        ({"Procfile": "web: uwsgi --http :80 --static-map=/static=/app/files\n"}, "/app/files"),
        ({"Procfile": "web: uwsgi --static-map '/static=files' -w shop.wsgi\n"}, "/srv/shop/files"),
        ({"Procfile": "web: uwsgi --chdir /app --static-map /static=files\n"}, "/app/files"),
        ({"Procfile": "web: uwsgi --static-map /static=$HOME/files\n"}, None),
        ({"Procfile": "web: uwsgi --chdir $HOME --static-map /static=files\n"}, None),
        ({"Procfile": 'web: uwsgi --static-map /static=/app/files "\n'}, "/app/files"),
        ({"Dockerfile": 'FROM x\nCMD ["uwsgi", "--static-map", "/static=/app/files"]\n'}, "/app/files"),
        ({"shop.service": "[Service]\nExecStart=/venv/bin/uwsgi --static-map /static=/srv/files\n"}, "/srv/files"),
        ({"shop.service": "[Service]\nExecStart=/venv/bin/uwsgi --static-map /static=files\n"}, None),
        ({"compose.yml": "services:\n  web:\n    image: x\n    command: uwsgi --static-map /static=/a\n"}, "/a"),
        ({"Dockerfile": 'FROM x\nENV UWSGI_HTTP=:80 UWSGI_STATIC_MAP="/static=/app/files"\n'}, "/app/files"),
        ({"compose.yml": "services:\n  web:\n    environment:\n      UWSGI_STATIC_MAP: /static=/a\n"}, "/a"),
        ({"Dockerfile": "FROM x\nENV UWSGI_STATIC_MAP=/static=${HOME}/files\n"}, None),
    ],
)
def test_an_option_of_a_command_or_of_its_environment(files: dict[str, str], directory: str | None) -> None:
    assert told(files) == [("/static", directory)]


def test_lines_are_told_where_they_are_written() -> None:
    files = {"uwsgi.ini": "[uwsgi]\nmaster = true\nstatic-map = /a=/x\nstatic-map = /b=/y\n"}
    found = static_maps(Deployment(Tree("/srv/shop", files)))
    assert [(each.location.file, each.location.line) for each in found] == [
        ("/srv/shop/uwsgi.ini", 3),
        ("/srv/shop/uwsgi.ini", 4),
    ]
    assert found[0].text == "static-map = /a=/x"
