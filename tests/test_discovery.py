"""Which settings a command uses."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from clearway.discovery import VARIABLE, Choice, NoSettingsError, choose

SETDEFAULT = (
    'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\nraise SystemExit("never run")\n'
)
ASSIGNED = 'import os\n\ndef main():\n    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"\n'
PRODUCTION = SETDEFAULT.replace("shop.settings", "shop.settings.production")
STAGING = SETDEFAULT.replace("shop.settings", "shop.settings.staging")


@pytest.fixture(autouse=True)
def without_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def project(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.mark.parametrize("text", [SETDEFAULT, ASSIGNED])
def test_manage_py_is_found_from_below_and_parsed(tmp_path: Path, text: str) -> None:
    manage = tmp_path / "manage.py"
    manage.write_text(text)
    below = tmp_path / "shop" / "static"
    below.mkdir(parents=True)
    assert choose(None, below) == Choice("shop.settings", str(manage), tmp_path)


def test_the_environment_wins_and_an_argument_wins_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, {"manage.py": SETDEFAULT, "shop/wsgi.py": PRODUCTION})
    monkeypatch.setenv(VARIABLE, "shop.production")
    assert choose(None, tmp_path) == Choice("shop.production", VARIABLE, tmp_path)
    assert choose("shop.staging", tmp_path) == Choice("shop.staging", "--settings", tmp_path)


# files beside a manage.py that names shop.settings, the file that decides, and the module it names
NAMED: list[tuple[dict[str, str], str, str]] = [
    ({"shop/wsgi.py": PRODUCTION}, "shop/wsgi.py", "shop.settings.production"),
    ({"shop/asgi.py": PRODUCTION}, "shop/asgi.py", "shop.settings.production"),
    ({"wsgi.py": PRODUCTION}, "wsgi.py", "shop.settings.production"),
    ({"shop/wsgi.py": PRODUCTION, "shop/asgi.py": STAGING}, "shop/wsgi.py", "shop.settings.production"),
    (
        {"shop/wsgi.py": STAGING, "shop/asgi.py": PRODUCTION, "Procfile": "web: daphne shop.asgi:application\n"},
        "shop/asgi.py",
        "shop.settings.production",
    ),
    (
        {"api/wsgi.py": STAGING, "site/wsgi.py": PRODUCTION, "shop.service": "ExecStart=gunicorn site.wsgi\n"},
        "site/wsgi.py",
        "shop.settings.production",
    ),
    (
        {"shop/wsgi.py": 'os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("SETTINGS", "shop.live")'},
        "shop/wsgi.py",
        "shop.live",
    ),
    (
        {"shop/wsgi.py": PRODUCTION, "Procfile": "web: gunicorn --settings=x.y"},
        "shop/wsgi.py",
        "shop.settings.production",
    ),
    (
        {"shop/wsgi.py": "def broken(:", "Procfile": "release: manage.py migrate --settings shop.live"},
        "Procfile",
        "shop.live",
    ),
    ({"Procfile": "web: DJANGO_SETTINGS_MODULE=shop.live gunicorn shop.wsgi"}, "Procfile", "shop.live"),
    ({"Procfile": "web: gunicorn shop.wsgi --env DJANGO_SETTINGS_MODULE='shop.live'"}, "Procfile", "shop.live"),
    ({"Procfile": "# DJANGO_SETTINGS_MODULE=shop.old\n"}, "manage.py", "shop.settings"),
    ({"shop.service": '[Service]\nEnvironment="DJANGO_SETTINGS_MODULE=shop.live"\n'}, "shop.service", "shop.live"),
    ({"Dockerfile": "FROM python\nENV DJANGO_SETTINGS_MODULE=shop.live PORT=8000\n"}, "Dockerfile", "shop.live"),
    ({"Dockerfile": "FROM python\nENV DJANGO_SETTINGS_MODULE shop.live\n"}, "Dockerfile", "shop.live"),
    ({"Dockerfile.dev": "FROM python\nENV DJANGO_SETTINGS_MODULE=shop.local\n"}, "manage.py", "shop.settings"),
    (
        {"Procfile": "web: DJANGO_SETTINGS_MODULE=shop.a x", "Dockerfile": f"ENV {VARIABLE}=shop.b"},
        "Procfile",
        "shop.a",
    ),
    ({"Dockerfile": "FROM python\nENV DJANGO_SETTINGS_MODULE=$SETTINGS\n"}, "manage.py", "shop.settings"),
    ({"shop/wsgi.py": f'os.environ.setdefault("{VARIABLE}", f"shop.{{name}}")'}, "manage.py", "shop.settings"),
    ({"venv/lib/site-packages/x/wsgi.py": PRODUCTION, "shop/deep/wsgi.py": PRODUCTION}, "manage.py", "shop.settings"),
]


@pytest.mark.parametrize(("files", "by", "module"), NAMED)
def test_the_files_of_a_project_are_asked_in_their_order(
    tmp_path: Path, files: dict[str, str], by: str, module: str
) -> None:
    project(tmp_path, {"manage.py": SETDEFAULT} | files)
    assert choose(None, tmp_path) == Choice(module, str(tmp_path / by), tmp_path)


def test_a_project_without_manage_py_is_found_from_below(tmp_path: Path) -> None:
    project(tmp_path, {"shop/wsgi.py": PRODUCTION, "shop/settings/production.py": "", "shop/static/a.css": ""})
    expected = Choice("shop.settings.production", str(tmp_path / "shop" / "wsgi.py"), tmp_path)
    assert [choose(None, tmp_path / name) for name in ("", "shop", "shop/static")] == [expected] * 3


def test_the_packages_beside_us_are_those_of_others(tmp_path: Path) -> None:
    project(tmp_path, {"other/wsgi.py": PRODUCTION, "notes/todo.txt": ""})
    with pytest.raises(NoSettingsError):
        choose(None, tmp_path / "notes")


def test_what_stands_above_manage_py_is_not_asked(tmp_path: Path) -> None:
    project(tmp_path, {"Dockerfile": f"ENV {VARIABLE}=other.settings", "site/manage.py": SETDEFAULT, "site/a/b": ""})
    assert choose(None, tmp_path / "site" / "a").module == "shop.settings"


@pytest.mark.parametrize("text", [None, "", "def broken(:", "settings = 'DJANGO_SETTINGS_MODULE'", "\0"])
def test_nobody_says(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manage.py").write_text(text)
    with pytest.raises(NoSettingsError, match="give --settings"):
        choose(None, tmp_path)
