"""Whether this machine has the record of the static files, and the files are elsewhere."""

from django.core.exceptions import ImproperlyConfigured

from clearway.project import Project


def has_records_only(alias: str) -> bool:
    """For an alias of STORAGES: that of uploads never has."""
    try:
        return alias == "staticfiles" and Project.from_settings().has_records_only
    except ImproperlyConfigured:
        return False
