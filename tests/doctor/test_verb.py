"""`clearway doctor` and `clearway explain` from the command line, in processes of their own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.doctor.corpus import BASE
from tests.doctor.forks import Done, Forks

from clearway.doctor.registry import all_checks

WHITENOISE = 'MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The base project, of which nothing is collected."""
    root = tmp_path / "shop"
    shutil.copytree(BASE, root, ignore=shutil.ignore_patterns("__pycache__"))
    add(root, WHITENOISE)
    return root


def add(root: Path, text: str) -> None:
    with (root / "shop" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write(text)


def collect(root: Path, forks: Forks) -> None:
    assert forks.run(["manage.py", "collectstatic", "--noinput", "-v0"], root).code == 0


def doctor(forks: Forks, root: Path, *words: str) -> Done:
    return forks.run(["clearway", "doctor", *words], root)


def test_a_process_of_its_own_says_the_same(shop: Path, forks: Forks) -> None:
    """What no fork shows: every import, and nothing on stderr."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))}
    words = [sys.executable, "-c", "from clearway.cli import main; raise SystemExit(main())", "doctor"]
    done = subprocess.run(words, cwd=shop, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == doctor(forks, shop).out


def test_manage_py_has_the_verb_once_the_app_is_installed(shop: Path, forks: Forks) -> None:
    add(shop, 'INSTALLED_APPS.insert(0, "clearway")\n')
    done = forks.run(["manage.py", "clearway", "doctor", "--format", "json"], shop)
    assert json.loads(done.out)["findings"][0]["cause"] == "not-collected"


def test_the_exit_code_is_the_same_in_every_format(shop: Path, forks: Forks) -> None:
    formats = ("text", "json", "html", "sarif", "github")
    assert {doctor(forks, shop, "--format", each).code for each in formats} == {1}
    collect(shop, forks)
    assert {doctor(forks, shop, "--format", each).code for each in formats} == {0}


def test_a_healthy_project_is_one_line(shop: Path, forks: Forks) -> None:
    collect(shop, forks)
    done = doctor(forks, shop)
    assert done.out.count("\n") == 1
    assert done.out.startswith("clearway: nothing is wrong: ")
    assert doctor(forks, shop, "-v", "0").out == ""


def test_json_has_its_schema_and_every_check(shop: Path, forks: Forks) -> None:
    told = json.loads(doctor(forks, shop, "--format", "json").out)
    assert told["schema"] == 1
    assert [each["id"] for each in told["checks"]] == [check.rule.id for check in all_checks()]


def test_only_and_skip_choose_by_id_and_by_name(shop: Path, forks: Forks) -> None:
    def ids(*words: str) -> list[str]:
        return [each["id"] for each in json.loads(doctor(forks, shop, "--format", "json", *words).out)["checks"]]

    assert ids("--only", "CW230", "--only", "collected-copy-outdated") == ["CW230", "CW231"]
    assert ids("--only", "cw230", "--only", "cw231", "--skip", "not-collected") == ["CW231"]
    assert "CW230" not in ids("--skip", "CW230")


@pytest.mark.parametrize("option", ["--only", "--skip"])
def test_an_unknown_id_is_wrong_usage(shop: Path, forks: Forks, option: str) -> None:
    done = doctor(forks, shop, option, "not-colected")
    assert (done.code, done.out) == (2, "")
    assert "did you mean not-collected?" in done.err


def test_warnings_fail_unless_errors_alone_are_to(shop: Path, forks: Forks) -> None:
    add(shop, "WHITENOISE_MAX_AGE = 31536000\n")
    collect(shop, forks)
    assert doctor(forks, shop).code == 1
    assert doctor(forks, shop, "--fail-level", "error").code == 0
    assert doctor(forks, shop, "--fail-level", "note").code == 2


@pytest.mark.parametrize("form", ["json", "sarif", "github", "html"])
def test_what_a_project_prints_is_not_in_the_report(form: str, shop: Path, forks: Forks) -> None:
    """Some greet whoever loads their settings."""
    with (shop / "shop" / "settings.py").open("a") as settings:
        settings.write('\nprint("welcome")\n')
    done = forks.run(["clearway", "doctor", "--format", form], shop)
    assert "welcome" not in done.out
    assert "welcome" in done.err


def test_settings_that_fail_are_a_finding(shop: Path, forks: Forks) -> None:
    add(shop, "import a_package_of_production_only\n")
    done = doctor(forks, shop, "--format", "json")
    (first,) = json.loads(done.out)["findings"]
    assert (done.code, first["id"]) == (1, "CW110")
    assert first["evidence"] == ["ModuleNotFoundError: No module named 'a_package_of_production_only'"]
    assert first["location"]["file"] == str(shop / "shop" / "settings.py")


def test_development_is_said_first_with_the_other_settings(shop: Path, forks: Forks) -> None:
    (shop / "shop" / "settings_production.py").write_text("from .settings import *\nDEBUG = False\n")
    add(shop, "DEBUG = True\n")
    done = doctor(forks, shop)
    assert done.out.startswith("DEBUG is on")
    assert "shop.settings_production" in done.out.splitlines()[0] + done.out.splitlines()[1]
    assert done.code == 0
    assert doctor(forks, shop, "--settings", "shop.settings_production").code == 1


def test_where_nothing_is_there_nothing_is_called_healthy(tmp_path: Path, forks: Forks) -> None:
    done = doctor(forks, tmp_path, "--only", "CW230")
    assert done.code == 2
    assert done.out.startswith("no Django settings were found here")
    assert done.out.splitlines()[-1].startswith("clearway: nothing could be looked at")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--nginx", "gone.conf"], "--nginx gone.conf: no such file or directory"),
        (["--caddy", "shop"], "--caddy shop: is a directory"),
        (["--nginx", "site.conf", "--worker", "nobody-of-this-name"], "there is no user 'nobody-of-this-name' here"),
    ],
)
def test_what_an_option_names_has_to_be_there(words: list[str], told: str, shop: Path, forks: Forks) -> None:
    (shop / "site.conf").write_text("server { listen 80; }")
    done = doctor(forks, shop, *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


@pytest.mark.parametrize("text", ["raise SystemExit\n", "import sys\nsys.exit('set SHOP_ENV')\n"])
def test_settings_that_end_the_program_are_a_finding(text: str, shop: Path, forks: Forks) -> None:
    add(shop, text)
    done = doctor(forks, shop, "--format", "json")
    assert [each["id"] for each in json.loads(done.out)["findings"]] == ["CW110"]


@pytest.mark.parametrize(
    "text",
    [
        "STORAGES = {'default': {}}\n",
        "INSTALLED_APPS = []\n",
        "STATICFILES_FINDERS = ['shop.finders.Gone']\n",
    ],
)
def test_settings_that_nothing_can_work_with_crash_no_check(text: str, shop: Path, forks: Forks) -> None:
    add(shop, text)
    report = json.loads(doctor(forks, shop, "--format", "json").out)
    assert [each for each in report["checks"] if each["status"] == "crashed"] == []


def test_explain_prints_a_page(shop: Path, forks: Forks) -> None:
    done = forks.run(["clearway", "explain", "not-collected"], shop)
    assert done.code == 0
    assert done.out.startswith("CW230 not-collected\n\nFiles that the finders know are not in STATIC_ROOT.\n")


def test_explain_lists_all(tmp_path: Path, forks: Forks) -> None:
    done = forks.run(["clearway", "explain", "--format", "json"], tmp_path)
    assert [each["id"] for each in json.loads(done.out)["checks"]] == [check.rule.id for check in all_checks()]


def test_explain_knows_what_was_meant(tmp_path: Path, forks: Forks) -> None:
    done = forks.run(["clearway", "explain", "CW2300"], tmp_path)
    assert done.code == 2
    assert "did you mean CW230?" in done.err


@pytest.mark.parametrize(
    "line",
    [
        "MIDDLEWARE = None",
        "MIDDLEWARE = [5]",
        "STORAGES = []",
        'STATICFILES_DIRS = [("a",)]',
        'STATIC_ROOT = "/srv\\0/shop"',
        "STATIC_URL = 5",
    ],
)
def test_settings_that_django_cannot_use_are_the_one_finding(shop: Path, forks: Forks, line: str) -> None:
    add(shop, line + "\n")
    told = json.loads(doctor(forks, shop, "--format", "json").out)
    assert [each["id"] for each in told["findings"]] == ["CW110"]
    assert told["summary"]["crashed"] == 0


@pytest.mark.parametrize("lines", ["ALLOWED_HOSTS = [None]", 'STATIC_ROOT = BASE_DIR / "itself"'])
def test_odd_settings_crash_no_check(shop: Path, forks: Forks, lines: str) -> None:
    (shop / "itself").symlink_to("itself")
    add(shop, lines + "\n")
    told = json.loads(doctor(forks, shop, "--format", "json").out)
    assert [each for each in told["checks"] if each["status"] == "crashed"] == []
