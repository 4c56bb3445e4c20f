"""A new project, and one that had WhiteNoise: `clearway init`, then collectstatic, the doctor, and a real server."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.system.servers import gunicorn, running

pytest.importorskip("tokenize_rt", reason="needs tokenize-rt, of the extra init")

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

CLEARWAY = (sys.executable, "-c", "from clearway.cli import main; raise SystemExit(main())")
PRODUCTION = {"DEBUG = True": "DEBUG = False", "ALLOWED_HOSTS = []": "ALLOWED_HOSTS = ['127.0.0.1']"}
STORAGES = """
STATIC_ROOT = BASE_DIR / 'staticfiles'
STORAGES = {
    # ...
    'staticfiles': {
        'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage',
    },
}
"""
APP, SESSIONS, URL = (
    "    'django.contrib.staticfiles'",
    "    'django.contrib.sessions.middleware",
    "STATIC_URL = 'static/'\n",
)
WHITENOISE = {
    APP: f"    'whitenoise.runserver_nostatic',\n{APP}",
    SESSIONS: f"    'whitenoise.middleware.WhiteNoiseMiddleware',\n{SESSIONS}",
    URL: URL + STORAGES,
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What `django-admin startproject` writes, for production."""
    run(tmp_path, sys.executable, "-m", "django", "startproject", "shop", ".")
    (tmp_path / "requirements.txt").write_text("Django\ngunicorn\n", encoding="utf-8")
    edit(tmp_path / "shop" / "settings.py", PRODUCTION)
    return tmp_path


def run(home: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run(words, cwd=home, env=environ(), capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))}
    return {**kept, "CLEARWAY_CACHE": "off", "PYTHONDONTWRITEBYTECODE": "1"}


def edit(path: Path, edits: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in edits.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def whole_road(home: Path) -> None:
    """Collected, found healthy, and the admin's page and its styles as a browser asks for them."""
    run(home, sys.executable, "manage.py", "check", "--fail-level", "INFO")
    run(home, sys.executable, "manage.py", "collectstatic", "--noinput")
    assert "nothing is wrong" in run(home, *CLEARWAY, "doctor")
    with running(gunicorn("shop.wsgi"), cwd=home, environ=environ(), log=home / "log") as server:
        with urlopen(f"{server.url}/admin/login/") as page:
            href = page.read().decode().partition('<link rel="stylesheet" href="')[2].partition('"')[0]
        with urlopen(server.url + href) as css:
            assert css.headers["Content-Type"] == "text/css; charset=utf-8"
            assert "immutable" in css.headers["Cache-Control"]
            assert css.headers["ETag"].startswith('"')


def test_a_new_project_is_set_up(home: Path) -> None:
    run(home, *CLEARWAY, "init", "--yes")
    assert (home / "requirements.txt").read_text(encoding="utf-8") == "Django\nclearway\ngunicorn\n"
    whole_road(home)
    assert run(home, *CLEARWAY, "init").endswith("clearway: nothing to change\n")


def test_a_project_with_whitenoise_is_taken_over(home: Path) -> None:
    pytest.importorskip("whitenoise", reason="needs whitenoise")
    edit(home / "shop" / "settings.py", WHITENOISE)
    edit(home / "shop" / "wsgi.py", {"application = ": "from whitenoise import WhiteNoise\napplication = "})
    with (home / "shop" / "wsgi.py").open("a", encoding="utf-8") as wsgi:
        wsgi.write("application = WhiteNoise(application)\n")
    (home / "requirements.txt").write_text("Django\nwhitenoise[brotli]>=6\n", encoding="utf-8")
    run(home, sys.executable, "manage.py", "collectstatic", "--noinput")
    run(home, *CLEARWAY, "init", "--yes")
    texts = [path.read_text(encoding="utf-8") for path in (*home.glob("shop/*.py"), home / "requirements.txt")]
    assert [text for text in texts if "whitenoise" in text.lower()] == []
    whole_road(home)
    assert run(home, *CLEARWAY, "init").endswith("clearway: nothing to change\n")
