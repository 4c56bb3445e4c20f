"""The columns of the database that name files, and their rows in every database that may have some."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import Error, connections, models, router, transaction

_CHUNK = 2000  # rows that are fetched at once


@dataclass(frozen=True)
class Column:
    """A field of a model. `storage` keeps the files; None where the column names files of any storage."""

    model: Any
    field: str
    storage: Any

    @property
    def label(self) -> str:
        """As `app.Model.field`."""
        return f"{self.model._meta.label}.{self.field}"


class UnreadableError(Exception):
    """A column that could not be read, in the database that it names."""

    def __init__(self, database: str, reason: str) -> None:
        super().__init__(reason)
        self.database, self.reason = database, reason


def file_columns() -> list[Column]:
    """Those of all `FileField`s, each once: in the model whose table has it."""
    return [
        Column(model, field.name, field.storage)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and not model._meta.swapped
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField)
    ]


def named_column(label: str) -> Column:
    """The one of `app.Model.field`. Raises `ImproperlyConfigured`."""
    try:
        model_label, _, field = label.rpartition(".")
        model = apps.get_model(model_label)
        return Column(model, model._meta.get_field(field).name, None)
    except (LookupError, ValueError, FieldDoesNotExist) as error:
        raise ImproperlyConfigured(f"no field is called {label!r} (app.Model.field): {error}") from None


def rows(column: Column) -> Iterator[tuple[str, Any, str]]:
    """(database, primary key, name) of every row that names a file. Raises `UnreadableError`."""
    for database in _with_table(column):
        with _readable(database):
            for key, name in _query(column, database).iterator(_CHUNK):
                if name:
                    yield database, key, str(name)


def still_named(column: Column, names: Iterable[str]) -> set[str]:
    """Those of a few names that a row has by now. Raises `UnreadableError`."""
    found: set[str] = set()
    wanted = {f"{column.field}__in": [name for name in names if _is_text(name)]}
    for database in _with_table(column):
        with _readable(database):
            found |= {str(name) for _, name in _query(column, database).filter(**wanted)}
    return found


def _is_text(name: str) -> bool:
    """Whether a database can hold it: a file may have a name of octets that are no UTF-8."""
    return not any("\ud800" <= each <= "\udfff" for each in name)


@contextmanager
def _readable(database: str) -> Iterator[None]:
    try:
        yield
    except (Error, ImproperlyConfigured, ValueError, TypeError, OSError) as error:
        raise UnreadableError(database, _said(error)) from error


def _with_table(column: Column) -> list[str]:
    """The databases with the table. Raises `UnreadableError` where none has it, or one does not say."""
    every = _databases(column.model)
    found = [database for database in every if _has_table(column, database)]
    if not found:
        raise UnreadableError(" and ".join(every), f"there is no table {column.model._meta.db_table}")
    return found


def _query(column: Column, database: str) -> Any:
    """All rows, whatever the managers of the model leave out."""
    every: Any = models.QuerySet(model=column.model, using=database)
    return every.order_by().values_list("pk", column.field)


def _databases(model: Any) -> list[str]:
    migrated = [alias for alias in connections if router.allow_migrate_model(alias, model)]
    used = [router.db_for_read(model), router.db_for_write(model)]
    return list(dict.fromkeys([*migrated, *used]))


def _has_table(column: Column, database: str) -> bool:
    """Whether one row can be asked for. Raises `UnreadableError` where that fails though the table is there."""
    try:
        with _readable(database), transaction.atomic(using=database):
            list(_query(column, database)[:1])
    except UnreadableError:
        if _lacks_table(column, database):
            return False
        raise
    return True


def _lacks_table(column: Column, database: str) -> bool:
    try:
        with connections[database].cursor() as cursor:
            names = connections[database].introspection.table_names(cursor, include_views=True)
    except (Error, ImproperlyConfigured, OSError):
        return False
    return column.model._meta.db_table not in names


def _said(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
