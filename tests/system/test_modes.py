"""Collected by root under umask 077, read by another user: the modes are ours, not the umask's."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.helpers.released import write

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = [pytest.mark.system, pytest.mark.skipif(not ROOT, reason="only root can become another user")]
NOBODY = 65534

SETTINGS = """
from pathlib import Path
HERE = Path(__file__).parent
SECRET_KEY = "x"
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
STATIC_URL, STATIC_ROOT = "static/", HERE / "deep" / "static_root"
STATICFILES_DIRS = [HERE / "assets"]
STORAGES = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
USE_TZ = True
"""
# run as root, becomes nobody, reads everything below a directory; says what could not be read
READ_ALL = """
import json, os, sys
os.setgroups([]); os.setgid(%d); os.setuid(%d)
read, refused = [], []
for directory, names, files in os.walk(sys.argv[1], onerror=lambda error: refused.append(error.filename)):
    for name in files:
        path = os.path.join(directory, name)
        try:
            with open(path, "rb") as file:
                file.read()
            read.append(os.path.relpath(path, sys.argv[1]))
        except OSError:
            refused.append(path)
print(json.dumps({"read": read, "refused": refused}))
""" % (NOBODY, NOBODY)  # noqa: UP031  # the braces are the script's


@pytest.fixture
def home() -> Iterator[Path]:
    """Where another user may look into; pytest's own directories are private."""
    made = Path(tempfile.mkdtemp(prefix="clearway-modes-"))
    made.chmod(0o755)
    write(made, {"modes_settings.py": SETTINGS.encode(), "assets/site.css": b"body { color: teal }\n" * 99})
    write(made, {"assets/d/e/app.js": b"export {};\n" * 99})
    yield made
    shutil.rmtree(made)


def collect(home: Path, umask: int, *options: str) -> None:
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "modes_settings",
        "PYTHONPATH": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        "CLEARWAY_CACHE": "off",
    }
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0", *options]
    done = subprocess.run(
        command, cwd=home, env=environ, umask=umask, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr


def read_all(root: Path) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, root], capture_output=True, text=True, timeout=60, check=True
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_everything_that_root_collected_can_be_read_by_another_user(home: Path) -> None:
    root = home / "deep" / "static_root"
    collect(home, 0o077)
    found = read_all(root)
    assert found["refused"] == []
    names = set(found["read"])
    assert {"staticfiles.json", ".clearway/current", ".clearway/history.json", "site.css"} <= names
    assert any(name.startswith("d/e/app.") and name.endswith(".js.br") for name in names)
    assert names == {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    modes = {path.stat().st_mode & 0o7777 for path in [root, *root.rglob("*")] if path.is_dir()}
    assert modes == {0o755}
    assert {path.stat().st_mode & 0o7777 for path in root.rglob("*") if path.is_file()} == {0o644}


def test_a_second_build_under_another_umask_leaves_the_modes_alone(home: Path) -> None:
    root = home / "deep" / "static_root"
    collect(home, 0o077)
    write(home, {"assets/new/more.css": b"a { color: red }\n" * 50})
    collect(home, 0o000)
    collect(home, 0o277)
    assert read_all(root)["refused"] == []
    assert {path.stat().st_mode & 0o7777 for path in root.rglob("*") if path.is_file()} == {0o644}


def test_the_reader_sees_what_it_may_not_read(tmp_path: Path, home: Path) -> None:
    write(home, {"secret/x.txt": b"x", "closed.txt": b"x"})
    (home / "secret").chmod(0o700)
    (home / "closed.txt").chmod(0o600)
    assert sorted(read_all(home)["refused"]) == [str(home / "closed.txt"), str(home / "secret")]
