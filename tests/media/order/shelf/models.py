"""Files by every way in which a model can name them."""

from typing import Any

from django.core.files.storage import Storage, storages
from django.db import models


def chosen() -> Storage:
    """A storage that the settings name, as a callable gives it to a field."""
    return storages.create_storage(storages.backends.get("papers", storages.backends["default"]))


class Visible(models.Manager[Any]):
    """A default manager that hides rows."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(hidden=False)


class Book(models.Model):
    code = models.CharField(max_length=10, unique=True, null=True)
    cover = models.FileField(upload_to="covers", blank=True, null=True, max_length=300)
    hidden = models.BooleanField(default=False)

    objects = Visible()

    class Meta:
        app_label = "shelf"
        base_manager_name = "objects"


class Atlas(Book):
    """The parent's table has its cover, its own has the map."""

    chart = models.FileField(upload_to="charts", max_length=300)

    class Meta:
        app_label = "shelf"


class Cheap(Book):
    class Meta:
        app_label = "shelf"
        proxy = True


class Paper(models.Model):
    file = models.FileField(upload_to="papers", storage=chosen, max_length=300)

    class Meta:
        app_label = "shelf"


class Note(models.Model):
    """Names a file in a column that is no `FileField`."""

    path = models.CharField(max_length=300)

    class Meta:
        app_label = "shelf"
