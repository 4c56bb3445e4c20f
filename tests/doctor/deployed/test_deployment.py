"""A deployment, from the files of a project."""

import pytest

from clearway.doctor.deployed.command import Phase
from clearway.doctor.deployed.deployment import Deployment
from clearway.doctor.facts import Tree

DOCKER = "FROM python\nWORKDIR /app\nCOPY . .\n"


def deployment(files: dict[str, str]) -> Deployment:
    return Deployment(Tree("/srv/shop", files))


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({}, []),
        ({"Procfile": "web: x"}, ["heroku"]),
        ({"heroku.yml": "build:\n  docker:\n    web: Dockerfile\n"}, ["heroku"]),
        ({"Procfile": "web: x", "railway.toml": ""}, ["railway"]),
        ({"Procfile": "web: x", "nixpacks.toml": ""}, ["railway"]),
        ({"Procfile": "web: x", ".ebextensions/a.config": "x: y"}, ["beanstalk"]),
        ({"fly.toml": "broken ="}, []),
        ({"app.yaml": "name: no engine\n"}, []),
        ({"render.yaml": "services:\n- type: web\n  runtime: static\n"}, []),
    ],
)
def test_platforms_are_known_by_their_files(files: dict[str, str], names: list[str]) -> None:
    assert [each.name for each in deployment(files).platforms] == names


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["docker-compose.yml"], "docker-compose.yml"),
        (["compose.yaml", "compose.override.yaml"], "compose.yaml"),
        (["docker-compose.yml", "docker-compose.prod.yml"], "docker-compose.prod.yml"),
        (["docker-compose.local.yml", "docker-compose.production.yml"], "docker-compose.production.yml"),
        (["local.yml", "production.yml"], "production.yml"),
        (["docker-compose.dev.yml"], ""),
        (["deploy/compose.yml"], "deploy/compose.yml"),
    ],
)
def test_the_compose_file_of_production_is_chosen(names: list[str], chosen: str) -> None:
    assert deployment(dict.fromkeys(names, "services: {}\n")).compose_file == chosen


def test_commands_of_all_files_with_the_scripts_they_start() -> None:
    files = {
        "Dockerfile": DOCKER + 'RUN make css\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["gunicorn", "shop.wsgi"]\n',
        "docker/entrypoint.sh": "#!/bin/sh\n# a comment\nscripts/late.sh\nexec \\\n  $@\n",
        "scripts/late.sh": "python manage.py collectstatic\n",
        "scripts/never.sh": "python manage.py flush\n",
        "Procfile": "release: python manage.py migrate\nweb: gunicorn shop.wsgi\n",
        "shop.service": "[Service]\nExecStartPre=/srv/pre\nExecStart=gunicorn shop.wsgi\n",
    }
    found = {(each.text, each.phase) for each in deployment(files).commands}
    assert {
        ("make css", Phase.BUILD),
        ("/entrypoint.sh", Phase.START),
        ("exec    $@", Phase.START),
        ("python manage.py collectstatic", Phase.START),
        ("python manage.py migrate", Phase.RELEASE),
        ("/srv/pre", Phase.START),
    } <= found | {(" ".join(text.split()).replace("exec $@", "exec    $@"), phase) for text, phase in found}
    assert not [text for text, _ in found if "flush" in text or "comment" in text]


@pytest.mark.parametrize(
    ("services", "collects"),
    [
        ("  web:\n    build: .\n", True),
        ("  web:\n    build: .\n    command: gunicorn shop.wsgi\n", False),
        ("  web:\n    build: .\n  worker:\n    build: .\n    command: celery\n", True),
    ],
)
def test_a_command_of_compose_takes_the_place_of_that_of_the_image(services: str, collects: bool) -> None:
    files = {"Dockerfile": DOCKER + "CMD manage.py collectstatic\n", "compose.yaml": f"services:\n{services}"}
    assert any(each.collects for each in deployment(files).commands) == collects


def test_scripts_that_call_each_other_end() -> None:
    files = {"Procfile": "web: a.sh", "a.sh": "b.sh\n", "b.sh": "a.sh\n"}
    assert len(deployment(files).commands) < 20


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({}, "/srv/shop/static"),
        ({"Dockerfile": DOCKER}, "/app/static"),
        ({"Dockerfile": DOCKER, "compose.yaml": "services:\n  web:\n    build: .\n"}, "/app/static"),
        ({"compose.yaml": "services:\n  web:\n    build: .\n    working_dir: /code\n"}, "/code/static"),
        (
            {
                "d/Dockerfile": DOCKER,
                "compose.yaml": "services:\n  w:\n    build: {context: ., dockerfile: d/Dockerfile}\n",
            },
            "/app/static",
        ),
    ],
)
def test_paths_of_the_project_move_with_it(files: dict[str, str], place: str) -> None:
    assert deployment(files).inside("/srv/shop/static") == place
    assert deployment(files).inside("/var/www/static") == "/var/www/static"


@pytest.mark.parametrize(
    ("files", "by"),
    [
        ({}, ""),
        ({"Procfile": "web: x"}, "Procfile"),
        ({"Dockerfile": DOCKER + "RUN manage.py collectstatic\n"}, "Dockerfile"),
        ({"Dockerfile": DOCKER.replace("/app", "/srv/shop") + "RUN manage.py collectstatic\n"}, ""),
        ({"render.yaml": "services:\n- env: python\n  buildCommand: manage.py collectstatic\n"}, "render.yaml"),
        ({"render.yaml": "services:\n- env: python\n  preDeployCommand: manage.py collectstatic\n"}, ""),
        (
            {
                "Dockerfile": DOCKER,
                "compose.yaml": 'services:\n  a:\n    build: .\n    volumes: ["s:/app/staticfiles"]\n',
            },
            "compose.yaml",
        ),
        (
            {
                "Dockerfile": DOCKER,
                "compose.yaml": 'services:\n  a:\n    build: .\n    volumes: ["./s:/app/staticfiles"]\n',
            },
            "",
        ),
        ({"x.service": "ExecStartPre=manage.py collectstatic\n"}, ""),
        ({"build.sh": "manage.py collectstatic\n"}, ""),
    ],
)
def test_who_collects_elsewhere(files: dict[str, str], by: str) -> None:
    assert deployment(files).has_elsewhere("/srv/shop/staticfiles") == by
