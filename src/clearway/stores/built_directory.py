"""A directory that holds releases and belongs to no Django project: what `clearway build` makes."""

import json
from collections.abc import Callable, Mapping
from hashlib import md5
from pathlib import Path

from clearway.catalog import layout

from .directory import Directory
from .places import LocalPlaces
from .records import Records
from .store import Store

_VERSION = "1.1"  # of the form that Django's ManifestStaticFilesStorage writes


def places(root: Path) -> LocalPlaces:
    """Where the releases of a directory lie: in the directory itself."""
    published = Directory(root)
    return LocalPlaces(published, Records(Directory(root / layout.FOLDER)), manifest_writer(published))


def manifest_writer(published: Store) -> Callable[[Mapping[str, str]], None]:
    """What writes `staticfiles.json` where it changed."""

    def publish(names: Mapping[str, str]) -> None:
        data = manifest(names)
        if published.head(layout.MANIFEST) is None or published.read(layout.MANIFEST).rstrip() != data:
            published.swap(layout.MANIFEST, data)
            published.flush()

    return publish


def is_reserved(name: str) -> bool:
    """Whether a logical name is that of Clearway's own files, or of the manifest."""
    return name == layout.MANIFEST or name.partition("/")[0] == layout.FOLDER


def manifest(names: Mapping[str, str]) -> bytes:
    """`staticfiles.json` for published names by logical names, octet by octet as Django's storage writes it."""
    pairs = sorted(names.items())
    digest = md5(json.dumps(pairs).encode(), usedforsecurity=False).hexdigest()[:12]
    return json.dumps({"paths": dict(pairs), "version": _VERSION, "hash": digest}).encode()
