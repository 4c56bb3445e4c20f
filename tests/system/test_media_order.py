"""The page about order among uploads, in a new project that has some disorder."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.system.documents import blocks, commands

BIN = Path(sys.executable).parent
PAGE = "docs/howto/media-order.md"
SETTINGS = """
INSTALLED_APPS = ["clearway", *INSTALLED_APPS, "shop"]
MEDIA_ROOT = BASE_DIR / "media"
STORAGES["default"] = {"BACKEND": "clearway.media.MediaStorage"}
STORAGES["uploads"] = {"BACKEND": "clearway.media.MediaStorage", "OPTIONS": {"location": BASE_DIR / "uploads"}}
"""
MODELS = """
from django.db import models
class Photo(models.Model):
    image = models.FileField(upload_to="photos/2026")
class HistoricalPhoto(models.Model):
    image = models.TextField()
"""
UPLOADS = """
from django.core.files.base import ContentFile
from shop.models import HistoricalPhoto, Photo
for number in range(3):
    Photo().image.save(f"p{number}.jpg", ContentFile(bytes([255, 216, 255])))
Photo.objects.all()[0].delete()
HistoricalPhoto(image="photos/2026/p1.jpg").save()
"""

pytestmark = pytest.mark.system


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO"))}
    environment = kept | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        shlex.split(command), cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    run("django-admin startproject mysite .", tmp_path)
    run("python manage.py startapp shop", tmp_path)
    text = "from django.conf.global_settings import STORAGES\nSTORAGES = dict(STORAGES)\n"
    with (tmp_path / "mysite" / "settings.py").open("a") as settings:
        settings.write(text + SETTINGS + blocks(PAGE, "python")[0])
    (tmp_path / "shop" / "models.py").write_text(MODELS)
    (tmp_path / "uploads.py").write_text(UPLOADS)
    for words in ("makemigrations shop", "migrate", "shell -c \"exec(open('uploads.py').read())\""):
        done = run(f"python manage.py {words}", tmp_path)
        assert done.returncode == 0, done.stderr
    return tmp_path


def test_the_commands_of_the_page_do_what_it_says(project: Path) -> None:
    for command in commands(PAGE):
        done = run(command, project)
        assert done.returncode == int(command == "clearway media move uploads"), (command, done.stdout, done.stderr)
    assert (project / "uploads/photos/2026/p0.jpg").is_file()
    done = run("clearway media --older-than 0", project)
    assert "orphan" in done.stdout
    assert done.returncode == 1


def test_the_way_of_one_orphan(project: Path) -> None:
    file = project / "media/photos/2026/p0.jpg"
    assert run("clearway media quarantine --older-than 0 --apply", project).returncode == 0
    assert not file.exists()
    assert "p0.jpg  orphan" in run("clearway media held", project).stdout
    assert run("clearway media restore photos/2026/p0.jpg", project).returncode == 0
    assert file.exists()
    assert run("clearway media --older-than 0 --leave 'photos/*'", project).returncode == 0
