"""Bundlers: files that Vite, webpack or esbuild named by their content already, found through their manifests.

They are published under the names they have: a second hash would break the names inside the bundle.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename, dirname, join, splitext
from typing import Any

from .sources import Source

HIDDEN = ".vite/manifest.json"  # where Vite puts it; collectstatic ignores names that begin with a dot
_MANIFESTS = frozenset(
    [
        "manifest.json",
        "asset-manifest.json",
        "assets-manifest.json",
        "webpack-stats.json",
        "stats.json",
        "meta.json",
        "metafile.json",
        "esbuild-meta.json",
    ]
)
_COMPANIONS = (".map", ".LICENSE.txt", ".LEGAL.txt")  # named after the file they belong to
_HEX = re.compile(r"(?=\D*\d)(?=[^a-f]*[a-f])[0-9a-f]{8,64}")
_TAIL = re.compile(r"(?:.*[-._])?([A-Za-z0-9_-]{8})")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A JSON file that may be a bundler's, and the logical name of the folder that it speaks of."""

    folder: str
    data: bytes
    name: str = ""


def manifests(sources: Iterable[Source]) -> Iterator[Manifest]:
    """Of the sources, and Vite's, which lies beside them in a folder that the finders pass over."""
    seen: set[str] = set()
    for source in sources:
        if basename(source.name) in _MANIFESTS:
            folder = dirname(source.name)
            yield Manifest(dirname(folder) if basename(folder) == ".vite" else folder, source.read(), source.name)
        yield from _hidden(source, seen)


def _hidden(source: Source, seen: set[str]) -> Iterator[Manifest]:
    folder, place = dirname(source.name), dirname(source.path)
    while place and place not in seen:
        seen.add(place)
        path = Path(place, HIDDEN)
        if path.is_file():
            yield Manifest(folder, path.read_bytes(), join(folder, HIDDEN))
        if not folder or basename(folder) != basename(place):
            return  # the name of a folder in STATICFILES_DIRS begins with a prefix of the project's
        folder, place = dirname(folder), dirname(place)


def outputs(sources: Sequence[Source], found: Iterable[Manifest]) -> dict[str, bool]:
    """The logical names that stay as they are, and whether their content stays too.

    It does where a manifest lists a file with a hash in its name. It need not for a source map, which is named after
    such a file: a comment in the source changes the map alone.
    """
    names = {source.name for source in sources}
    by_path = {source.path: source.name for source in sources if source.path}
    kept: dict[str, bool] = {}
    for manifest in found:
        read = _read(manifest.data)
        for file in read.files if read else ():
            name = by_path.get(file) or _found(file, manifest.folder, names)
            if read and name and _stem(name) not in read.unhashed and is_hashed(name):
                kept[name] = True
    companions = {name + tail: False for name in kept for tail in _COMPANIONS if name + tail in names}
    return companions | kept


def is_hashed(name: str) -> bool:
    """Whether the name of a bundler's output has a hash in it: hexadecimal digits, or eight that nobody would write."""
    stem = _stem(name)
    tail = _TAIL.fullmatch(stem)
    return any(_HEX.fullmatch(part) for part in re.split(r"[-._~]", stem)) or bool(tail and _looks_random(tail[1]))


def _looks_random(token: str) -> bool:
    is_mixed = not token.islower() and not token.istitle()
    return any(character.isdigit() for character in token) or is_mixed


def _stem(name: str) -> str:
    base = basename(name)
    return splitext(base.removesuffix(".map"))[0]


def _found(file: str, folder: str, names: set[str]) -> str | None:
    """The longest end of a path or URL that is a name below the folder of the manifest."""
    parts = file.partition("?")[0].replace("\\", "/").split("/")
    ends = (join(folder, *parts[place:]) for place in range(len(parts)) if parts[place])
    return next((end for end in ends if end in names), None)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The files of a manifest, and the stems of names that are no outcome of hashing."""

    files: tuple[str, ...]
    unhashed: frozenset[str]


def _read(data: bytes) -> _Listed | None:
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError):
        return None
    readers = (reader(manifest) for reader in _READERS) if isinstance(manifest, dict) else ()
    return next((listed for listed in readers if listed), None)


def _vite(manifest: Mapping[str, Any]) -> _Listed | None:
    rows = list(manifest.values())
    if not rows or not all(isinstance(row, dict) and isinstance(row.get("file"), str) for row in rows):
        return None
    files = [file for row in rows for file in (row["file"], *_strings(row.get("css")), *_strings(row.get("assets")))]
    sources = [*manifest, *(str(row[key]) for row in rows for key in ("src", "name") if row.get(key))]
    return _listed(files, sources)


def _esbuild(manifest: Mapping[str, Any]) -> _Listed | None:
    inputs, outputs = manifest.get("inputs"), manifest.get("outputs")
    if not isinstance(inputs, dict) or not isinstance(outputs, dict):
        return None
    return _listed(outputs, inputs)


def _webpack_stats(manifest: Mapping[str, Any]) -> _Listed | None:
    """Of webpack itself, whose assets are a list, and of webpack-bundle-tracker, whose assets are a mapping."""
    assets = manifest.get("assets")
    if "chunks" not in manifest or not isinstance(assets, dict | list):
        return None
    rows = [row for row in (assets.values() if isinstance(assets, dict) else assets) if isinstance(row, dict)]
    return _listed([str(row.get("path") or row.get("name") or "") for row in rows], ())


def _webpack_manifest(manifest: Mapping[str, Any]) -> _Listed | None:
    """Of webpack-manifest-plugin, whose files are values; Create React App puts them below a key."""
    files = manifest.get("files", manifest)
    if not isinstance(files, dict) or not files or not all(isinstance(file, str) for file in files.values()):
        return None
    changed = {key: file for key, file in files.items() if basename(key) != basename(file)}
    return _listed(changed.values(), changed)


def _listed(files: Iterable[str], unhashed: Iterable[str]) -> _Listed:
    return _Listed(tuple(files), frozenset(_stem(name) for name in unhashed))


def _strings(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


_READERS: Sequence[Callable[[Mapping[str, Any]], _Listed | None]] = (_vite, _esbuild, _webpack_stats, _webpack_manifest)
