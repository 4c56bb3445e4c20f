"""`PrivateFileField`: a file field that says who may have its files."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.files.storage import Storage, storages
from django.db.models import FileField, Model
from django.http import HttpRequest

from .asked import AskedFile
from .verdict import verdict

RowPermission = Callable[[HttpRequest, Any], bool | Awaitable[bool]]


def private_storage() -> Storage:
    """That of the alias `private` in STORAGES."""
    return storages["private"]


class PrivateFileField(FileField):
    """A `FileField` whose files `private_files` sends where `permission(request, row)` is true.

    The storage is `STORAGES["private"]` unless another is given, and the column has an index, since the row is found by
    the name of the file. Without a permission nobody is sent the file.
    """

    def __init__(self, *args: Any, permission: RowPermission | None = None, **options: Any) -> None:
        self.permission = permission
        super().__init__(*args, **{"storage": private_storage, "db_index": True, **options})

    def deconstruct(self) -> Any:
        """Without the permission and its usual storage, which are no matter of the database."""
        name, _, args, options = super().deconstruct()
        if options.get("storage") is private_storage:
            del options["storage"]
        return name, "clearway.media.private.PrivateFileField", args, options


def by_field(request: HttpRequest, file: AskedFile) -> bool:
    """The permission of the `PrivateFileField` of whichever row names the file; where several do, one will do."""
    return any(_allows(request, field, row) for field, row in _rows(file))


def _rows(file: AskedFile) -> Iterator[tuple[PrivateFileField, Model]]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, PrivateFileField) and field.permission and field.storage == file.storage:
                rows = model._default_manager.filter(**{field.attname: file.name})
                yield from ((field, row) for row in rows if getattr(row, field.attname).name == file.name)


def _allows(request: HttpRequest, field: PrivateFileField, row: Model) -> bool:
    assert field.permission is not None
    return verdict(field.permission(request, row))
