"""`clearway init` from the command line, each time in a process of its own: what is shown, asked, written, undone."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tokenize_rt", reason="needs tokenize-rt, of the extra init")

from clearway.cli import parser
from clearway.editing.edit import Edit
from clearway.editing.errors import ChangedError
from clearway.init.plan import Plan
from clearway.init_verb import _write

pytestmark = pytest.mark.system

SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "x"
USE_TZ = True
INSTALLED_APPS = [
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
]
STATIC_URL = "static/"
"""
MANAGE = """\
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
CLEARWAY = (sys.executable, "-c", "from clearway.cli import main; raise SystemExit(main())")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write(tmp_path, {"manage.py": MANAGE, "shop/__init__.py": "", "shop/settings.py": SETTINGS})
    (tmp_path / "requirements.txt").write_text("django\n", encoding="utf-8")
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def clearway(home: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))}
    words = (*CLEARWAY, "init", *words)
    environ = {**kept, "NO_COLOR": "1"}
    return subprocess.run(words, cwd=home, env=environ, input=typed, capture_output=True, text=True, check=False)


def texts(home: Path) -> dict[str, str]:
    """Every file but what Python and we leave beside it."""
    files = [path for path in home.rglob("*") if path.is_file() and path.suffix in (".py", ".txt", ".toml")]
    return {path.relative_to(home).as_posix(): path.read_text(encoding="utf-8") for path in sorted(files)}


def data(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


def test_a_dry_run_shows_the_whole_diff_and_writes_nothing(home: Path) -> None:
    before = texts(home)
    done = clearway(home, "--dry-run")
    assert done.returncode == 1
    assert done.stdout.startswith(f"settings shop.settings, named by {home / 'manage.py'}\n\n--- shop/settings.py\n")
    assert '+    "clearway",' in done.stdout
    assert "+++ requirements.txt" in done.stdout
    assert done.stdout.endswith("clearway: 2 files to change; nothing was written\n")
    assert texts(home) == before
    assert done.stderr == ""


def test_its_diff_can_be_applied_by_patch(home: Path) -> None:
    shown = data(clearway(home, "--diff", "--format", "json"))["diff"]
    subprocess.run(["patch", "-p0"], cwd=home, input=shown, text=True, check=True, capture_output=True)
    assert data(clearway(home, "--format", "json"))["files"] == []


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_it_is_written_where_somebody_says_yes(home: Path, typed: str, code: int) -> None:
    before = texts(home)
    done = clearway(home, typed=typed)
    assert done.returncode == code
    assert done.stderr == "Change 2 files? [y/N] "
    assert (texts(home) == before) == bool(code)


@pytest.mark.parametrize("option", ["--yes", "-y", "--no-input", "--noinput"])
def test_the_answer_can_be_given_before(option: str) -> None:
    assert parser("clearway").parse_args(["init", option]).yes


def test_a_second_run_changes_nothing_and_says_so(home: Path) -> None:
    clearway(home, "--yes")
    before, files = texts(home), sorted(home.rglob("*[!c]"))
    done = clearway(home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\n\nclearway: nothing to change\n")
    assert (texts(home), sorted(home.rglob("*[!c]"))) == (before, files)


def test_the_files_before_are_kept_beside_those_after(home: Path) -> None:
    before = texts(home)
    backups = data(clearway(home, "--yes", "--format", "json"))["backups"]
    assert {name.removesuffix(".clearway-backup"): (home / name).read_text(encoding="utf-8") for name in backups} == {
        name: before[name] for name in ("shop/settings.py", "requirements.txt")
    }


def test_manage_py_has_it_too_once_clearway_is_installed(home: Path) -> None:
    clearway(home, "--yes")
    done = subprocess.run(
        [sys.executable, "manage.py", "clearway", "init"], cwd=home, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("clearway: nothing to change\n")


def test_manage_py_may_be_run_from_anywhere(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    clearway(home, "--yes")
    text = texts(home)["shop/settings.py"].replace('    "clearway.middleware.ClearwayMiddleware",\n', "")
    write(home, {"shop/settings.py": text})
    words = [sys.executable, str(home / "manage.py"), "clearway", "init", "--yes"]
    done = subprocess.run(words, cwd=tmp_path_factory.mktemp("away"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"--- {home}/shop/settings.py" in done.stdout
    assert "ClearwayMiddleware" in texts(home)["shop/settings.py"]


def test_a_peer_may_be_uninstalled_already(home: Path) -> None:
    apps = SETTINGS.replace("INSTALLED_APPS = [", 'INSTALLED_APPS = [\n    "servestatic_not_there",')
    write(home, {"shop/settings.py": apps.replace("servestatic_not_there", "whitenoise.not_there")})
    done = clearway(home, "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "whitenoise" not in texts(home)["shop/settings.py"]


def test_programs_read_what_people_read(home: Path) -> None:
    write(home, {"shop/settings.py": SETTINGS.replace("MIDDLEWARE = [", "import os\n\nMIDDLEWARE = os.sep and [")})
    told = data(clearway(home, "--format", "json"))
    assert told["schema"] == 1
    assert told["settings"] == "shop.settings"
    assert told["written"] is False
    assert told["files"] == ["shop/settings.py", "requirements.txt"]
    assert told["by_hand"] == [
        {
            "about": "MIDDLEWARE",
            "file": "shop/settings.py",
            "line": 11,
            "reason": "what stands here depends on more than the text",
            "lines": ['"clearway.middleware.ClearwayMiddleware",  # below SecurityMiddleware'],
        }
    ]


def test_what_is_left_by_hand_is_said_and_fails(home: Path) -> None:
    write(home, {"shop/settings.py": SETTINGS.replace("MIDDLEWARE = [", "import os\n\nMIDDLEWARE = os.sep and [")})
    done = clearway(home, "--yes")
    assert done.returncode == 1
    assert "by hand   MIDDLEWARE\n  where   shop/settings.py:11\n" in done.stdout  # as it was when it was shown
    assert '"clearway",' in texts(home)["shop/settings.py"]


def test_everything_is_undone_where_the_edited_settings_cannot_be_imported(home: Path) -> None:
    write(home, {"shop/settings.py": SETTINGS + 'assert "clearway" not in INSTALLED_APPS, "we have none of it"\n'})
    before = texts(home)
    done = clearway(home, "--yes")
    assert done.returncode == 2
    assert done.stderr == (
        "clearway: error: everything is as it was before, because with the edits AssertionError: we have none of it\n"
    )
    assert texts(home) == before
    assert list(home.rglob("*.clearway-backup*")) == []


def test_everything_is_undone_where_the_edited_settings_are_not_what_was_meant(home: Path) -> None:
    late = 'import sys\n\nif "clearway" in INSTALLED_APPS:\n    sys.modules[__name__].__dict__["MIDDLEWARE"] = []\n'
    write(home, {"shop/settings.py": SETTINGS + late})
    before = texts(home)
    done = clearway(home, "--yes")
    assert done.returncode == 2
    assert "because with the edits MIDDLEWARE is []" in done.stderr
    assert texts(home) == before


def test_everything_is_undone_where_one_file_cannot_be_written(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one.txt", "two.txt")]
    for path in paths:
        path.write_bytes(b"before")
    edits = [Edit.of(path, b"after") for path in paths]
    paths[1].write_bytes(b"of somebody else")
    with pytest.raises(ChangedError):
        _write(Plan(edits, [], []))
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == [b"before", b"of somebody else"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("import nowhere\n", "the settings shop.settings cannot be imported: shop/settings.py:1: ModuleNotFoundError"),
        ("INSTALLED_APPS = [\n", "the settings shop.settings cannot be imported: shop/settings.py:1: SyntaxError"),
    ],
)
def test_settings_that_cannot_be_imported_are_named_with_their_line(home: Path, settings: str, said: str) -> None:
    write(home, {"shop/settings.py": settings})
    done = clearway(home)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_settings_that_are_classes_are_left_to_a_person(home: Path) -> None:
    body = "".join(f"    {line}\n" for line in SETTINGS.splitlines()[1:])
    text = f"from pathlib import Path\nfrom configurations import Configuration\n\n\nclass Base(Configuration):\n{body}"
    write(home, {"shop/settings.py": text, "configurations.py": "raise ImportError('choose a class')\n"})
    told = data(clearway(home, "--format", "json"))
    assert told["files"] == []
    assert [(each["about"], each["line"]) for each in told["by_hand"]] == [
        ("INSTALLED_APPS", 10),
        ("MIDDLEWARE", 13),
        ("STORAGES", 10),
    ]
    assert "classes" in told["by_hand"][0]["reason"]


def test_a_missing_extra_is_one_line_with_its_remedy(home: Path) -> None:
    code = "import sys; sys.modules['tokenize_rt'] = None; from clearway.cli import main; raise SystemExit(main())"
    done = subprocess.run([sys.executable, "-c", code, "init"], cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == 'clearway: error: clearway init needs tokenize-rt: python -m pip install "clearway[init]"\n'


def test_settings_of_peers_stay_and_are_named(home: Path) -> None:
    write(home, {"shop/settings.py": SETTINGS + "WHITENOISE_MAX_AGE = 600\n"})
    done = clearway(home, "--yes")
    assert "WHITENOISE_MAX_AGE = 600" in texts(home)["shop/settings.py"]
    assert "note    WHITENOISE_MAX_AGE: read as before" in done.stdout


def test_other_settings_modules_that_name_a_peer_are_named(home: Path) -> None:
    whole = "from shop.settings import *\n"
    write(home, {"shop/settings_test.py": whole, "shop/settings_local.py": f'{whole}MIDDLEWARE += ["whitenoise.x"]\n'})
    done = clearway(home, "--diff")
    assert "clearway init --settings shop.settings_local" in done.stdout.replace("\n          ", " ")
    assert "settings_test" not in done.stdout


def test_lists_of_packages_are_found_in_the_repository_around_the_project(home: Path) -> None:
    (home / ".git").mkdir()
    inner = home / "src"
    inner.mkdir()
    for name in ("manage.py", "shop"):
        (home / name).rename(inner / name)
    assert data(clearway(inner, "--format", "json"))["files"] == ["shop/settings.py", str(home / "requirements.txt")]


def test_no_output_is_wider_than_a_terminal(home: Path) -> None:
    write(home, {"shop/settings.py": SETTINGS.replace("MIDDLEWARE = [", "import os\n\nMIDDLEWARE = os.sep and [")})
    done = clearway(home, "--yes")
    assert [
        line for line in done.stdout.splitlines() if len(line) > 80 and not line.startswith(("+", "settings"))
    ] == []
