"""The application in projects with users of their own: tables, links, and nothing left to migrate."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = """
SECRET_KEY = "x"
USE_TZ = {use_tz}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "people", "clearway.media.sharing"]
AUTH_USER_MODEL = "people.Person"
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = {{
    "default": {{"BACKEND": "django.core.files.storage.FileSystemStorage"}},
    "staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    "private": {{"BACKEND": "clearway.media.private.PrivateStorage", "OPTIONS": {{"location": {root!r}}}}},
}}
ROOT_URLCONF = "urls"
ALLOWED_HOSTS = ["*"]
TEMPLATES = [{{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}}]
"""
MODELS = """
import uuid
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from clearway.media.private import PrivateFileField

class Person(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    USERNAME_FIELD = "email"

class Paper(models.Model):
    pdf = PrivateFileField()
"""
USE = """
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
for words in (["makemigrations", "people"], ["makemigrations", "--check"], ["migrate"]):
    call_command(*words, verbosity=0)
from django.core.checks import run_checks
assert run_checks() == []
from people.models import Paper, Person
from clearway.media.sharing import create_link
from clearway.media.sharing.models import ShareLink
paper, ann = Paper(), Person.objects.create(email="ann@example.com")
paper.pdf.save("a.txt", ContentFile(b"shared"))
file = Paper.objects.get().pdf
link = create_link(file, by=ann)
answers = [Client().get(link.get_absolute_url())]
print(answers[0].status_code, answers[0].getvalue())
once = create_link(file, uses=1).get_absolute_url()
browser = Client()
print(browser.get(once).status_code, browser.post(once).status_code, browser.get(once).getvalue())
print(ShareLink.objects.of_person(ann).revoke(), Client().get(link.get_absolute_url()).status_code)
Person.objects.filter(pk=ann.pk).delete()
print(ShareLink.objects.count())
"""


@pytest.mark.parametrize("use_tz", [True, False])
def test_people_with_uuids_share_files(tmp_path: Path, use_tz: bool) -> None:
    people = tmp_path / "people"
    people.mkdir()
    (people / "__init__.py").touch()
    (people / "models.py").write_text(MODELS)
    (tmp_path / "site_settings.py").write_text(SETTINGS.format(use_tz=use_tz, root=str(tmp_path / "private")))
    (tmp_path / "urls.py").write_text(
        "from django.urls import include, path\n"
        "urlpatterns = [path('share/', include('clearway.media.sharing.urls'))]\n"
    )
    assert run(tmp_path, USE).splitlines() == ["200 b'shared'", "200 303 b'shared'", "1 404", "1"]


def test_without_the_application_it_is_said_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "site_settings.py").write_text('INSTALLED_APPS = ["clearway"]\nSECRET_KEY = "x"\n')
    text = run(
        tmp_path,
        "import django\ndjango.setup()\n"
        "from django.core.exceptions import ImproperlyConfigured\n"
        "try:\n    import clearway.media.sharing.models\n"
        "except ImproperlyConfigured as error:\n    print(error)\n",
    )
    assert text == 'Share links need "clearway.media.sharing" in INSTALLED_APPS.\n'


def run(folder: Path, code: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))}
    environ = kept | {"DJANGO_SETTINGS_MODULE": "site_settings", "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environ, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
