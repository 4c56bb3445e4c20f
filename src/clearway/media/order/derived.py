"""Files that no row names though they are wanted: those that other applications derive, and what a project says."""

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase

from django.apps import apps
from django.conf import settings

from .columns import Column, file_columns, named_column
from .places import Place

# application: the setting that names its directory, and what it is otherwise
_DIRECTORIES = {
    "imagekit": ("IMAGEKIT_CACHEFILE_DIR", "CACHE/images"),
    "sorl.thumbnail": ("THUMBNAIL_PREFIX", "cache/"),
    "compressor": ("COMPRESS_OUTPUT_DIR", "CACHE"),
    "versatileimagefield": ("", "__sized__"),
}
_COLUMNS = {
    "easy_thumbnails": ("easy_thumbnails.Source.name", "easy_thumbnails.Thumbnail.name"),
    "clearway.media.sharing": ("clearway_sharing.ShareLink.name",),
}


def left_alone(given: Iterable[str]) -> list[str]:
    """The patterns of names that are no orphans: those of applications that are installed, and those given."""
    known = [
        f"{str(getattr(settings, setting, '') or default).strip('/')}/*"
        for name, (setting, default) in _DIRECTORIES.items()
        if apps.is_installed(name)
    ]
    return [*known, *given]


def is_left(name: str, patterns: Iterable[str]) -> bool:
    """Whether a file is never called an orphan: by a pattern, of which `*` crosses slashes, or since it is hidden."""
    return name.startswith(".") or "/." in name or matches(name, patterns)


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name is one of these globs'."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def all_columns(given: Iterable[str]) -> list[Column]:
    """Those of `FileField`s, and others that name files. Raises `ImproperlyConfigured`."""
    known = [label for name, labels in _COLUMNS.items() if apps.is_installed(name) for label in labels]
    return [*file_columns(), *map(named_column, [*known, *given])]


def of_others(place: Place, others: Iterable[Place]) -> list[str]:
    """Patterns of what lies below a place and belongs to another storage, or to the static files."""
    inner = [*others, *_static()]
    return [f"{place.prefix_of(other)}*" for other in inner if place.contains(other) and place != other]


def _static() -> list[Place]:
    root = getattr(settings, "STATIC_ROOT", None)
    return [Place("directory", os.path.realpath(root))] if root else []
