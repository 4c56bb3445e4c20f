"""The files of a project, for the doctor: what the finders know, what was collected, what the manifest lists."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage

from clearway.catalog import layout
from clearway.catalog.errors import RecordError
from clearway.catalog.history import History
from clearway.doctor.facts import Collected, Manifest, Sources, Storage, Unavailable
from clearway.project import Project
from clearway.stores.places import manifest_names

from .storages import made

_COPIERS = frozenset({"django", "whitenoise", "servestatic", "clearway"})  # they leave the unhashed copy as it is


def sources() -> Sources:
    """What collectstatic would collect: every file of every finder, in their order; the first of a name wins."""
    files: dict[str, str] = {}
    others: dict[str, list[str]] = {}
    directories: dict[str, None] = {}
    try:
        for name, path in _found():
            if files.setdefault(name, path) != path:
                others.setdefault(name, []).append(path)
        directories |= dict.fromkeys(_directories())
    except Exception as error:  # a finder is a program, and its settings may be anything
        raise Unavailable(f"the finders cannot list their files: {error}") from error
    return Sources(files, tuple(directories), others)


def _found() -> Iterator[tuple[str, str]]:
    ignored = getattr(apps.app_configs.get("staticfiles"), "ignore_patterns", [])
    for finder in get_finders():
        for name, storage in finder.list(ignored):
            prefix = getattr(storage, "prefix", None)
            logical = f"{prefix}/{name}" if prefix else name
            yield logical.replace(os.sep, "/"), storage.path(name)


def _directories() -> Iterator[str]:
    for finder in get_finders():
        for storage in getattr(finder, "storages", {}).values():
            if isinstance(storage, FileSystemStorage):
                yield os.fspath(storage.location)


def collected(storage: Storage) -> Collected:
    """What lies in STATIC_ROOT."""
    if not settings.STATIC_ROOT:
        raise Unavailable("STATIC_ROOT is not set")
    if not storage.is_local:
        raise Unavailable(f"the collected files are kept by {storage.backend}, not on this machine")
    root = str(Path(settings.STATIC_ROOT).absolute())
    sizes: dict[str, int] = {}
    broken = {"": str(Path(root).readlink())} if _leads_nowhere(root) else {}
    try:
        for name, entry in _below(root, "", frozenset()):
            sizes[name] = _size(entry)
            if sizes[name] < 0:
                broken[name] = str(Path(entry).readlink())
    except PermissionError as error:
        raise Unavailable(f"this user may not read {error.filename}") from error
    return Collected(root, sizes, Path(root).is_dir(), broken, _altered_by(), _is_rolled_back())


def _leads_nowhere(path: str) -> bool:
    return Path(path).is_symlink() and not Path(path).exists()


def _size(entry: os.DirEntry[str]) -> int:
    """In octets; -1 for a link that leads nowhere."""
    if entry.is_symlink() and _leads_nowhere(entry.path):
        return -1
    return entry.stat().st_size


def _below(folder: str, prefix: str, above: frozenset[str]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Names and entries of files; a directory that is a link is entered, unless it leads to one that it lies in."""
    real = os.path.realpath(folder)
    if not Path(folder).is_dir() or real in above:
        return
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if not prefix and entry.name == layout.FOLDER:
                continue
            if _is_directory(entry):
                yield from _below(entry.path, f"{prefix}{entry.name}/", above | {real})
            else:
                yield prefix + entry.name, entry


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _altered_by() -> str:
    """The class of the storage whose own post-processing decides what the copies contain."""
    kinds = type(made("staticfiles")).__mro__
    by = next((kind for kind in kinds if "post_process" in vars(kind)), None)
    return f"{by.__module__}.{by.__qualname__}" if by and by.__module__.partition(".")[0] not in _COPIERS else ""


def _is_rolled_back() -> bool:
    records = Path(Project.from_settings().records)
    try:
        current = (records / layout.CURRENT).read_text().strip()
        entries = History.from_bytes((records / layout.HISTORY).read_bytes()).entries
    except (OSError, ValueError, RecordError):
        return False
    return current in entries and entries[current].created < max(entry.created for entry in entries.values())


def manifest(storage: Storage) -> Manifest:
    """The manifest of the storage of static files."""
    if not storage.is_manifest:
        raise Unavailable(f"{storage.backend or 'the storage'} keeps no manifest")
    if not storage.is_local:
        raise Unavailable(f"the manifest is kept by {storage.backend}, not on this machine")
    storing: Any = made("staticfiles")
    name = storing.manifest_name
    kept = getattr(storing, "manifest_storage", storing)
    if not isinstance(storing, FileSystemStorage) or not isinstance(kept, FileSystemStorage):
        raise Unavailable(f"the manifest is kept by {storage.backend}, not on this machine")
    if not settings.STATIC_ROOT:
        raise Unavailable("STATIC_ROOT is not set")
    file = Path(kept.path(name))
    strict = bool(getattr(storing, "manifest_strict", True))
    if not file.exists():
        return Manifest(str(file), {}, exists=False, strict=strict)
    try:
        return Manifest(str(file), manifest_names(file.read_bytes()), strict=strict)
    except (OSError, ValueError) as error:
        return Manifest(str(file), {}, problem=str(error), strict=strict)
