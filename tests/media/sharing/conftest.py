"""A database of its own in a file, so that many threads can ask it, and a directory of private files."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings

CONTENT = bytes(range(256)) * 20


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    kept, told = connections["default"], connections.settings["default"]
    name = told["NAME"]
    told["NAME"] = str(tmp_path_factory.mktemp("database") / "db.sqlite3")
    del connections["default"]
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections.close_all()
        told["NAME"] = name
        connections["default"] = kept


@pytest.fixture
def file(database: None, tmp_path: Path) -> Iterator[Any]:
    """A private file, as a field would give it."""
    from clearway.media.private import AskedFile
    from clearway.media.sharing.models import ShareLink

    private = {"BACKEND": "clearway.media.private.PrivateStorage"}
    with override_settings(
        ROOT_URLCONF="tests.media.sharing.site",
        MEDIA_ROOT=tmp_path / "media",
        STATIC_ROOT=tmp_path / "static",
        STORAGES={**settings.STORAGES, "private": private},
        CLEARWAY={"media": {"private": {"root": os.fspath(tmp_path / "private")}}},
    ):
        name = storages["private"].save("Résumé.txt", ContentFile(CONTENT))
        yield AskedFile(storages["private"], name)
        ShareLink.objects.all().delete()


@pytest.fixture
def browser(file: Any) -> Client:
    return Client()
