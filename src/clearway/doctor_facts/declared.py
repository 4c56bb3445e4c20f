"""Facts that the settings alone give, for system checks: no file is read and no storage is made."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.module_loading import import_string

from clearway.doctor.facts import Settings, Storage, Unavailable

from .records_only import has_records_only
from .settings import settings_read


class DeclaredFacts:
    """The settings, and the storages as their classes are; all other facts are not to be had."""

    left_out: Mapping[str, str] = {}

    @cached_property
    def settings(self) -> Settings:
        return settings_read()

    @cached_property
    def static_storage(self) -> Storage:
        return _declared("staticfiles")

    @cached_property
    def media_storage(self) -> Storage:
        return _declared("default")

    def __getattr__(self, name: str) -> Any:
        raise Unavailable("only the settings are looked at")


def _declared(alias: str) -> Storage:
    """The storage of an alias, by its class."""
    backend = str(settings.STORAGES.get(alias, {}).get("BACKEND", ""))
    try:
        kind = import_string(backend)
    except Exception as error:  # a module of the project: anything can happen in it
        return Storage(backend, is_local=False, is_manifest=False, problem=f"{type(error).__name__}: {error}")
    is_local = isinstance(kind, type) and issubclass(kind, FileSystemStorage)
    return Storage(backend, is_local and not has_records_only(alias), hasattr(kind, "manifest_name"))
