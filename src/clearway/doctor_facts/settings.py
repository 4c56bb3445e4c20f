"""What Django's settings say, for the doctor."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from clearway.doctor.facts import Settings, Storage
from clearway.settings_lines import line_of

from .buckets import attributes_of, kinds_of, written
from .records_only import has_records_only
from .storages import made


def settings_read() -> Settings:
    """All settings with their values."""
    held = settings._wrapped
    names = [name for name in dir(held) if name.isupper()]
    given = frozenset(name for name in names if settings.is_overridden(name))
    return Settings({name: getattr(held, name) for name in names}, line_of, given)


def storage(alias: str) -> Storage:
    """The storage of an alias of STORAGES."""
    backend = str(settings.STORAGES.get(alias, {}).get("BACKEND", ""))
    try:
        kept = made(alias)
    except Exception as error:  # its class is the project's: anything can happen in it
        kinds, given = written(backend)
        problem = f"{type(error).__name__}: {error}"
        return Storage(backend, is_local=False, is_manifest=False, problem=problem, kinds=kinds, attributes=given)
    is_local = isinstance(kept, FileSystemStorage) and not has_records_only(alias)
    is_manifest = hasattr(kept, "manifest_name")
    given = {} if is_local else attributes_of(kept)
    return Storage(backend, is_local, is_manifest, kinds=kinds_of(kept), attributes=given)
