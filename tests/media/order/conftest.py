"""The application's tables, and a storage below a directory of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.db import connection
from django.test import override_settings

APPS = ["clearway", "django.contrib.auth", "django.contrib.contenttypes", "tests.media.order.shelf"]


@pytest.fixture
def media(tmp_path: Path) -> Iterator[Path]:
    """MEDIA_ROOT of `MediaStorage`, and a second storage, `papers`, beside it."""
    backends: dict[str, Any] = {
        "default": {"BACKEND": "clearway.media.MediaStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    options = {"INSTALLED_APPS": APPS, "MEDIA_ROOT": tmp_path / "media", "STORAGES": backends}
    with override_settings(**options, ROOT_URLCONF="tests.media.order.shelf.urls", CLEARWAY={}), tables():
        (tmp_path / "media").mkdir()
        yield tmp_path / "media"


class tables:  # noqa: N801  # a context
    """The tables of the application, for the block."""

    def __enter__(self) -> None:
        with connection.schema_editor() as editor:
            for model in self._models():
                editor.create_model(model)

    def __exit__(self, *error: object) -> None:
        names = connection.introspection.table_names()
        with connection.schema_editor() as editor:
            for model in reversed(self._models()):
                if model._meta.db_table in names:
                    editor.delete_model(model)

    def _models(self) -> list[Any]:
        return [model for model in apps.get_app_config("shelf").get_models() if not model._meta.proxy]


def files(root: Path) -> set[str]:
    """What lies there, but for what nobody is served."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return {name for name in found if not name.startswith(".")}


__all__ = ["files", "media", "storages", "tables"]
