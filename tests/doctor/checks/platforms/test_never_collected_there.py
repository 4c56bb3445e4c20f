"""Deployments in which nothing does not run collectstatic where its result stays."""

from typing import Any

import pytest
from tests.doctor.deployments import BUCKET, COLLECTS, DOCKER, site
from tests.doctor.fake_facts import collected, found

COLLECT = "python manage.py collectstatic --noinput"
RENDER = 'services:\n- type: web\n  env: python\n  buildCommand: "{build}"\n  startCommand: gunicorn shop.wsgi\n'
STAGES = "FROM python AS a\nWORKDIR /app\nCOPY . .\nRUN manage.py collectstatic\nFROM python\nWORKDIR /app\nCOPY . .\n"
FIRES: list[dict[str, str]] = [
    {"Dockerfile": DOCKER + "CMD gunicorn shop.wsgi\n"},
    {"Dockerfile": DOCKER + "# RUN python manage.py collectstatic\nCMD gunicorn shop.wsgi\n"},
    {"Dockerfile": DOCKER + "RUN python manage.py collectstatic --dry-run\n"},
    {"Dockerfile": STAGES},
    {"Dockerfile": STAGES + "COPY --from=a /venv /venv\n"},
    {"Dockerfile": STAGES.replace("\nFROM python\n", "\nFROM a AS b\nFROM python\n") + "COPY --from=b /x /x\n"},
    {"Dockerfile": STAGES + "COPY --from=0 /app/static /app/locale /app/\n"},
    {"Dockerfile": DOCKER, "fly.toml": f'app = "shop"\n[deploy]\nrelease_command = "{COLLECT}"\n'},
    {"render.yaml": RENDER.format(build="pip install -r requirements.txt")},
    {"render.yaml": RENDER.format(build="./build.sh"), "build.sh": "#!/bin/sh\npip install .\n# collectstatic\n"},
    {"railway.toml": f'[deploy]\npreDeployCommand = ["{COLLECT}"]\nstartCommand = "gunicorn shop.wsgi"\n'},
    {"railway.json": '{"deploy": {"startCommand": "gunicorn shop.wsgi"}}'},
    {
        "Procfile": f"release: {COLLECT}\nweb: gunicorn shop.wsgi\n",
        "app.json": '{"env": {"DISABLE_COLLECTSTATIC": "1"}}',
    },
    {".ebextensions/a.config": "container_commands:\n  01:\n    command: python manage.py migrate\n"},
    {".do/app.yaml": "services:\n- name: web\n  envs:\n  - key: DISABLE_COLLECTSTATIC\n    value: '1'\n"},
]
SILENT: list[dict[str, str]] = [
    {},
    {"Dockerfile": DOCKER + COLLECTS},
    {"Dockerfile": DOCKER + "RUN SECRET_KEY=x \\\n    python manage.py \\\n    collectstatic --noinput\n"},
    {"Dockerfile": DOCKER + 'RUN ["python", "manage.py", "collectstatic", "--noinput"]\n'},
    {"Dockerfile": DOCKER + "RUN <<EOF\npython manage.py collectstatic --noinput\nEOF\n"},
    {"Dockerfile": DOCKER + f'CMD ["sh", "-c", "{COLLECT} && gunicorn shop.wsgi"]\n'},
    {"Dockerfile": DOCKER + "RUN make assets\n", "Makefile": "assets:\n\tpython manage.py collectstatic --noinput\n"},
    {"Dockerfile": DOCKER + 'ENTRYPOINT ["/entrypoint"]\n', "docker/entrypoint": f"#!/bin/sh\n{COLLECT}\nexec $@\n"},
    {"Dockerfile": STAGES + "COPY --from=a /app/staticfiles /app/staticfiles\n"},
    {"Dockerfile": STAGES.replace("\nFROM python\n", "\nFROM a AS last\n")},
    {"Dockerfile": STAGES + "COPY --from=a /app /app\n"},
    {"Dockerfile": STAGES + "COPY --from=a /app/staticfiles/css /app/staticfiles/css\n"},
    {"Dockerfile": STAGES + "COPY --from=a $APP/static* /app/\n"},
    {"Dockerfile": STAGES.replace("\nFROM python\n", "\nFROM a AS b\nFROM python\n") + "COPY --from=b /app .\n"},
    {"Dockerfile": "FROM python\nCMD bash\n"},
    {"Dockerfile": DOCKER, "compose.yml": f"services:\n  web:\n    build: .\n    command: {COLLECT}\n"},
    {"Procfile": "web: gunicorn shop.wsgi\n"},
    {"Procfile": f"web: {COLLECT} && gunicorn shop.wsgi\n", "app.json": '{"env": {"DISABLE_COLLECTSTATIC": "1"}}'},
    {"Procfile": "web: gunicorn shop.wsgi\n", "app.json": '{"env": {"DISABLE_COLLECTSTATIC": {"value": "0"}}}'},
    {"render.yaml": RENDER.format(build=f"pip install . && {COLLECT}")},
    {"render.yaml": RENDER.format(build="./build.sh"), "build.sh": f"#!/bin/sh\n{COLLECT}\n"},
    {"railway.toml": f'[build]\nbuildCommand = "{COLLECT}"\n'},
    {"nixpacks.toml": f'[phases.build]\ncmds = ["{COLLECT}"]\n'},
    {".ebextensions/a.config": f"container_commands:\n  01_static:\n    command: {COLLECT}\n"},
    {".do/app.yaml": "services:\n- name: web\n  environment_slug: python\n"},
    {"app.yaml": "runtime: python312\n"},
    {"fly.toml": 'app = "shop"\n[build]\nimage = "shop:latest"\n'},
    {"Dockerfile.dev": DOCKER},
]


@pytest.mark.parametrize("files", FIRES)
def test_it_fires(files: dict[str, str]) -> None:
    [finding] = found("CW801", site(files))
    assert "does not run collectstatic where its result stays" in finding.message
    assert finding.location


@pytest.mark.parametrize("files", SILENT)
def test_it_is_silent(files: dict[str, str]) -> None:
    assert found("CW801", site(files)) == []


@pytest.mark.parametrize(
    ("settings", "given"),
    [
        ({"DEBUG": True}, {}),
        ({"STATIC_ROOT": None}, {}),
        ({"WHITENOISE_USE_FINDERS": True}, {}),
        ({}, {"static_storage": BUCKET}),
        ({}, {"collected": collected("/srv/shop/staticfiles", ["a.css"])}),
    ],
)
def test_it_is_silent_where_nothing_has_to_be_collected_there(settings: dict[str, Any], given: dict[str, Any]) -> None:
    assert found("CW801", site(FIRES[0], settings, **given)) == []


@pytest.mark.parametrize("ignored", ["staticfiles", "/staticfiles/", "static*", "staticfiles/*"])
def test_collected_files_that_are_kept_out_do_not_count(ignored: str) -> None:
    facts = site(
        FIRES[0] | {".dockerignore": f"*.pyc\n{ignored}\n"}, collected=collected("/srv/shop/staticfiles", ["a"])
    )
    assert found("CW801", facts)
