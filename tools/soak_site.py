"""The site that the soak runs on: small releases, the runs that are interrupted, what must hold at every instant."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clearway.build.pipeline import build
from clearway.build.plan import plan
from clearway.build.recipe import Recipe
from clearway.build.sources import Source
from clearway.catalog import layout
from clearway.catalog.index import Index
from clearway.catalog.release import Release
from clearway.releases import prune, rollback
from clearway.releases.files import files_of
from clearway.releases.verify import verify
from clearway.stores.directory import TEMPORARY_PREFIX, Directory
from clearway.stores.places import LocalPlaces
from clearway.stores.records import Records

RECIPE = Recipe("/static/", levels={"gzip": 1, "br": 1, "zstd": 1})
NOW = 1_800_000_000
Run = Callable[[Path], None]


def sources(version: int, extra: int = 0) -> list[Source]:
    """A tree with references, a cycle, files that change with each version and files that do not."""
    files = {
        "css/site.css": b'@import "base.css"; h1{background:url("../img/logo.png")}' + b" " * 400,
        "css/base.css": b"/* %d */ @import 'site.css';" % version + b"b{} " * 100,
        "img/logo.png": b"\x89PNG%d" % version + bytes(range(256)),
        "js/app.js": b"let version = %d;\n" % version * 50,
        "LICENSE": b"MIT",
        f"only/{version}.txt": b"only here %d " % version * 40,
    }
    files |= {f"many/{number}.css": b"a{width:%dpx} " % (number * version) * 60 for number in range(extra)}
    return [Source(name, partial(bytes, data)) for name, data in files.items()]


def places(root: Path) -> LocalPlaces:
    published = Directory(root)

    def publish(names: Mapping[str, str]) -> None:
        data = json.dumps({"paths": dict(sorted(names.items())), "version": "1.1"}).encode()
        head = published.head(layout.MANIFEST)
        if head is None or published.read(layout.MANIFEST) != data:
            published.swap(layout.MANIFEST, data)
            published.flush()

    return LocalPlaces(published, Records(Directory(root / layout.FOLDER)), publish)


# --- the runs


def build_version(root: Path, version: int, extra: int = 0) -> None:
    here = places(root)
    with here.records.locked():
        made = plan(sources(version, extra), RECIPE.static_url)
        build(made, RECIPE, here, NOW + version, workers=2)


def roll_back(root: Path) -> None:
    """To the first release; done again, it finds itself there."""
    here = places(root)
    with here.records.locked():
        first = min(here.records.history().entries.items(), key=lambda row: row[1].created)[0]
        planned = rollback.plan(here, first)
        if planned.differences:
            raise RuntimeError(f"cannot go back: {planned.differences}")
        rollback.carry_out(planned, here, NOW + 100)


def prune_all(root: Path) -> None:
    here = places(root)
    with here.records.locked():
        prune.carry_out(prune.plan(here, 1, 0, NOW + 200), here)


@dataclass(frozen=True)
class Case:
    """A run that is interrupted, and the state that it begins in."""

    name: str
    prepare: Run
    run: Run


def cases(extra: int = 0) -> list[Case]:
    def built(*versions: int) -> Run:
        return lambda root: _built(root, versions, extra)

    return [
        Case("first build", lambda root: None, lambda root: build_version(root, 1, extra)),
        Case("adoption", _foreign, lambda root: build_version(root, 1, extra)),
        Case("build", built(1, 2), lambda root: build_version(root, 3, extra)),
        Case("rollback", built(1, 2, 3), roll_back),
        Case("prune", built(1, 2, 3), prune_all),
    ]


def _built(root: Path, versions: tuple[int, ...], extra: int) -> None:
    """Releases, with unhashed files of the last one: a rollback must write them again."""
    for version in versions:
        for source in sources(version, extra):
            path = root / source.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source.read())
        build_version(root, version, extra)


def _foreign(root: Path) -> None:
    """What Django's own manifest storage leaves."""
    root.mkdir(parents=True, exist_ok=True)
    paths = {}
    for source in sources(0):
        stem, dot, suffix = source.name.rpartition(".")
        digest = hashlib.md5(source.read(), usedforsecurity=False).hexdigest()[:12]
        paths[source.name] = f"{stem}.{digest}{dot}{suffix}" if dot else f"{source.name}.{digest}"
        path = root / paths[source.name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read())
    (root / layout.MANIFEST).write_text(json.dumps({"paths": paths, "version": "1.1"}))


# --- what must hold


def complaints(root: Path, foreign: Mapping[str, str]) -> Iterator[str]:
    """At every instant: each name of the manifest, and each file and the index of the current release."""
    folder = root / layout.FOLDER
    names = _read(root / layout.MANIFEST)
    known = dict(foreign)
    records = {path.stem: _read(path) for path in (folder / "releases").glob("[0-9a-f]*.json")}
    releases = {id_: Release.from_bytes(data) for id_, data in records.items() if data}
    for release in releases.values():
        known |= {asset.name: asset.sha256 for asset in release.assets.values()}
    for name in json.loads(names)["paths"].values() if names else ():
        yield from _wrong(root, name, known.get(name, "a digest that no record has"))
    current = (_read(folder / layout.CURRENT) or b"").decode().strip()
    if current:
        yield from _current_is_wrong(root, current, releases)


def _current_is_wrong(root: Path, current: str, releases: Mapping[str, Release]) -> Iterator[str]:
    data = _read(root / layout.FOLDER / layout.record(current))
    release = releases.get(current) or (Release.from_bytes(data) if data else None)
    if release is None:
        yield f"current release {current} has no record"
        return
    for name, wanted in files_of(release).items():
        yield from _wrong(root, name, wanted.sha256)
    index = Index(_read(root / layout.FOLDER / layout.index(current)) or b"")
    yield from (f"{name} is not in the index" for name in release.assets if index.find(name) is None)


def _wrong(root: Path, name: str, digest: str) -> Iterator[str]:
    data = _read(root / name)
    if data is None:
        yield f"{name} is missing"
    elif hashlib.sha256(data).hexdigest() != digest:
        yield f"{name} is damaged"


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def after_healing(root: Path, case: Case) -> Iterator[str]:
    """When the run was done again: all records agree with all files, and a prune left nothing behind."""
    here = places(root)
    yield from (f"{each.file} {each.problem}" for each in verify(here).differences)
    retained = list(here.records.retained())
    if len(retained) != {"first build": 1, "adoption": 2, "prune": 1}.get(case.name, 3):
        yield f"{len(retained)} releases are retained"
    if case.name == "prune":
        listed = {name for release in retained for name in (*files_of(release), *release.assets, layout.MANIFEST)}
        yield from (f"{name} was left behind" for name in sorted(_files(root) - listed))


def _files(root: Path) -> set[str]:
    found = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != layout.FOLDER]
        found |= {(Path(folder) / name).relative_to(root).as_posix() for name in files if not _is_temporary(name)}
    return found


def _is_temporary(name: str) -> bool:
    return name.startswith(TEMPORARY_PREFIX)


def foreign_digests(root: Path) -> dict[str, str]:
    """Of what lies there before the first run, so that the reader knows it without a record."""
    return {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in _files(root)}


def fresh(template: Path, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    if template.exists():
        shutil.copytree(template, root)
