"""A process of its own with two databases, the tables of the application in those that are said, and MEDIA_ROOT."""

import subprocess
import sys
from pathlib import Path

from tests.media.order.conftest import files

_SITE = """
import asyncio, json, os, sys
from pathlib import Path
import django
from django.conf import settings
here, migrated = Path(sys.argv[1]), sys.argv[2].split(",")
databases = {n: {"ENGINE": "django.db.backends.sqlite3", "NAME": here / f"{n}.sqlite3"} for n in ("default", "other")}
settings.configure(
    INSTALLED_APPS=["clearway", "tests.media.order.shelf"], DATABASES=databases, MEDIA_ROOT=here / "media",
    ROOT_URLCONF="tests.media.order.shelf.urls", ALLOWED_HOSTS=["*"], SECRET_KEY="tests", USE_TZ=True,
    STORAGES={"default": {"BACKEND": "clearway.media.MediaStorage"}},
)
django.setup()
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connections, transaction
from tests.media.order.shelf.models import Book, Paper
for alias in migrated:
    with connections[alias].schema_editor() as editor:
        for model in apps.get_models():
            if not model._meta.proxy:
                editor.create_model(model)
"""


def output_of(folder: Path, program: str, migrated: str = "default,other") -> str:
    """What the process prints."""
    words = [sys.executable, "-W", "ignore", "-c", _SITE + program, str(folder), migrated]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_after(folder: Path, program: str) -> set[str]:
    """The files that the process leaves in MEDIA_ROOT."""
    output_of(folder, program)
    return files(folder / "media")
