"""The layers of `clearway trace` that are the project's: settings, source, collected file, record."""

import filecmp
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from posixpath import normpath
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import FileSystemStorage, InvalidStorageError, storages

from .catalog import layout
from .catalog.asset import Asset
from .catalog.names import is_canonical, is_public
from .fronts.expectation import Expectation
from .fronts.rendering.words import short
from .fronts.road import Step
from .project import Project
from .settings_lines import line_of
from .stores.directory import Directory, Modes
from .stores.places import manifest_names
from .stores.records import KeptRecords


@dataclass(frozen=True)
class Recorded:
    """A name as a release, or Django's manifest, lists it; `release` is empty for the manifest."""

    logical: str
    published: str
    release: str = ""
    is_current: bool = True
    asset: Asset | None = None


def expectation(project: Project, path: str, *, live: bool) -> Expectation:
    """What the project says of a URL path (decoded). `live`: files are answered from their sources (DEBUG)."""
    path = _as_servers_read(path)
    if (name := _below(path, project.static_prefix, project.script)) and _is_owned(project, name):
        return _static(project, name, live=live)
    if project.media_prefix and (name := _below(path, project.media_prefix, project.script)):
        return _media(project, name)
    said = f"below neither STATIC_URL {project.static_prefix} nor MEDIA_URL {project.media_prefix or '(not set)'}"
    return Expectation((Step("settings", said, line_of("STATIC_URL")),))


def _as_servers_read(path: str) -> str:
    """With dot segments and repeated slashes resolved, which decides nothing where a path has none."""
    resolved = normpath("/" + path.lstrip("/"))
    return resolved + "/" if path.endswith("/") and resolved != "/" else resolved


def _below(path: str, prefix: str, script: str) -> str:
    """The name below a prefix, with the script name before it or not; empty outside of it."""
    for each in (script[:-1] + prefix, prefix):
        if path.startswith(each):
            return path[len(each) :]
    return ""


def _is_owned(project: Project, name: str) -> bool:
    """Whether a name below STATIC_URL is a static file's; where that is the whole site, only those that are known."""
    if project.static_prefix != "/":
        return True
    return bool(_find(name)) or (is_public(name) and Path(project.static_root or "", name).is_file())


def _static(project: Project, name: str, *, live: bool) -> Expectation:
    storage = _storage()
    root = project.static_root or "not set"
    said = f"STATIC_URL {project.static_prefix}, STATIC_ROOT {short(root)}, {_title(storage)}"
    steps = [Step("settings", said + (", DEBUG is on" if project.debug else ""), line_of("STATIC_URL"))]
    if not is_public(name) or name == layout.MANIFEST:
        hidden = Step("source", f"{name} is no file for the public")
        return Expectation((*steps, hidden), "static", hidden=True)
    if not isinstance(storage, FileSystemStorage) or not project.static_root or project.has_records_only:
        steps += [_source(name, None, project), _elsewhere(storage, project, live=live)]
        return Expectation(tuple(steps), "static")
    recorded = _recorded(project, storage, name)
    steps += [
        _source(name, recorded, project),
        _collected(project, name, recorded, live=live),
        _record(storage, name, recorded, live=live),
    ]
    published = {name: None, **({recorded.published: None} if recorded else {})}
    files = tuple(str(Path(project.static_root, each)) for each in published)
    found = _find(recorded.logical if recorded else name) if live else None
    type_ = recorded.asset.type if recorded and recorded.asset else None
    return Expectation(tuple(steps), "static", (*((found[0],) if found else ()), *files), media_type=type_)


def _storage() -> Any:
    try:
        return storages["staticfiles"]
    except (InvalidStorageError, ImportError, ValueError) as error:  # the last where a manifest is damaged
        return error


def _title(storage: Any) -> str:
    return f"no storage ({storage})" if isinstance(storage, Exception) else type(storage).__name__


def _elsewhere(storage: Any, project: Project, *, live: bool) -> Step:
    if isinstance(storage, Exception):
        return Step("collected", f"STORAGES['staticfiles'] cannot be used: {storage}", line_of("STORAGES"), ok=live)
    if project.has_records_only:
        return Step("collected", "elsewhere: this machine has records alone", line_of("CLEARWAY"))
    if isinstance(storage, FileSystemStorage):
        return Step("collected", "STATIC_ROOT is not set: nothing can be collected", line_of("STATIC_ROOT"), ok=live)
    return Step("collected", f"kept by {type(storage).__name__}, not on this machine")


# --- source


def _source(name: str, recorded: Recorded | None, project: Project) -> Step:
    logical = recorded.logical if recorded else name
    if found := _find(logical):
        return Step("source", f"{_shown(found[0])}, by {found[1]}")
    if recorded:
        return Step("source", f"no finder knows {logical} any more")
    if project.static_root and Path(project.static_root, name).is_file():
        return Step("source", f"no finder knows {name}: it was made in STATIC_ROOT")
    return Step("source", f"no finder knows {name}{_nearly(name)}", ok=False)


def _shown(file: str) -> str:
    """A file of an installed package from where it is imported."""
    places = [place for place in map(str, sys.path) if "-packages" in place and file.startswith(place + os.sep)]
    return file[len(max(places, key=len)) + 1 :] if places else short(file)


def _nearly(name: str) -> str:
    """A name that differs in case only: two names for some file systems, one for others."""
    folder, _, last = name.rpartition("/")
    for finder in get_finders():
        for storage in getattr(finder, "storages", {}).values():
            try:
                files = storage.listdir(folder)[1]
            except (OSError, SuspiciousOperation, NotImplementedError):
                continue
            if near := next((each for each in files if each.lower() == last.lower()), None):
                return f", but {f'{folder}/{near}' if folder else near}: names are compared with their case"
    return ""


def _find(name: str) -> tuple[str, str] | None:
    """The file of a logical name and the finder that knows it."""
    for finder in get_finders() if is_canonical(name) else ():
        try:
            found: Any = finder.find(name)
        except (SuspiciousOperation, OSError):
            continue
        if found:
            return os.fspath(found if isinstance(found, str) else found[0]), type(finder).__name__
    return None


# --- collected


def _collected(project: Project, name: str, recorded: Recorded | None, *, live: bool) -> Step:
    problem, said = _compared(project, name, recorded)
    if problem and live:
        return Step("collected", f"{problem}; DEBUG answers from the source")
    return Step("collected", problem or said, ok=not problem)


def _compared(project: Project, name: str, recorded: Recorded | None) -> tuple[str, str]:
    """What is wrong, or else what is right."""
    file, asset = Path(project.static_root or "", name), recorded.asset if recorded else None
    found = _find(recorded.logical if recorded else name)
    if not file.is_file():
        if asset and recorded and name == recorded.logical and not asset.plain:
            return "", f"{name} is not kept beside {asset.name} (unhashed)"
        return f"{short(str(file))} is not there; run collectstatic", ""
    if asset and recorded and name == recorded.published and _digest(file) != asset.sha256:
        return f"{short(str(file))} is not what the release recorded; run collectstatic", ""
    if found and _is_stale(found[0], file, recorded, name):
        return f"{short(str(file))} is older than its source; run collectstatic", ""
    return "", f"{short(str(file))}{', as its source is' if found else ''}"


def _is_stale(source: str, file: Path, recorded: Recorded | None, name: str) -> bool:
    """Whether the content of the source has changed since; unknown for names with a hash of other storages."""
    if recorded is None or name == recorded.logical != recorded.published:
        return not _same(source, file)
    plain = recorded.asset.plain if recorded.asset and recorded.is_current else None
    return plain is not None and _digest(Path(source)) != plain.sha256


def _same(source: str, file: Path) -> bool:
    try:
        return filecmp.cmp(source, file, shallow=False)
    except OSError:
        return False


def _digest(file: Path) -> str:
    digest = sha256()
    try:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


# --- record


def _record(storage: Any, name: str, recorded: Recorded | None, *, live: bool) -> Step:
    if recorded and recorded.asset:
        which = "current release" if recorded.is_current else "retained release"
        more = " ".join(sorted(recorded.asset.variants))
        told = f"{which} {recorded.release}: {recorded.logical} is {recorded.published}"
        return Step("record", told + (f", also in {more}" if more else ""))
    if recorded:
        return Step("record", f"{layout.MANIFEST}: {recorded.logical} is {recorded.published}")
    if not hasattr(storage, "manifest_name"):
        return Step("record", f"{type(storage).__name__} keeps no record")
    if Path(storage.location, name).is_file():
        return Step("record", f"no release lists {name}: it was made later")
    return Step("record", f"no release lists {name}", ok=live)


def _recorded(project: Project, storage: FileSystemStorage, name: str) -> Recorded | None:
    return next(_in_releases(project, name), None) or _in_manifest(storage, name)


def _in_releases(project: Project, name: str) -> Iterator[Recorded]:
    """From the retained releases, the current one first."""
    records = _records(project.records)
    current = records.current()
    for release in records.retained() if current else ():
        logical = name if name in release.assets else _logical(release.assets, name)
        if logical is not None:
            asset = release.assets[logical]
            yield Recorded(logical, asset.name, release.id, release.id == current, asset)


@lru_cache(1)
def _records(folder: str) -> KeptRecords:
    """Of all URLs that are traced: reading a record takes long, and it never changes."""
    return KeptRecords(Directory(Path(folder), Modes(0o644, 0o755)))


def _logical(assets: Any, published: str) -> str | None:
    return next((logical for logical, asset in assets.items() if asset.name == published), None)


def _in_manifest(storage: FileSystemStorage, name: str) -> Recorded | None:
    manifest = getattr(storage, "manifest_name", None)
    try:
        names = manifest_names(Path(storage.location, manifest).read_bytes()) if manifest else {}
    except (OSError, ValueError):
        return None
    logical = next((key for key, value in names.items() if name in (key, value)), None)
    return Recorded(logical, names[logical]) if logical is not None else None


# --- media


def _media(project: Project, name: str) -> Expectation:
    root = project.media_root
    said = f"MEDIA_URL {project.media_prefix}, MEDIA_ROOT {short(root) if root else 'not set'}"
    settings = Step("settings", said, line_of("MEDIA_URL"))
    if not root or not is_canonical(name):
        reason = "MEDIA_ROOT is not set" if not root else f"{name} is the name of no file"
        return Expectation((settings, Step("source", reason, ok=False)), "media")
    file = str(Path(root, name))
    there = Path(file).is_file()
    said = f"{short(file)}{'' if there else ' is not there'}"
    return Expectation((settings, Step("source", said, ok=there)), "media", (file,))
