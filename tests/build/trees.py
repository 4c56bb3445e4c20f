"""Small trees of sources and what a build makes of them."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from clearway.build.pipeline import Built, Places, build
from clearway.build.plan import Plan, plan
from clearway.build.recipe import Recipe
from clearway.build.sources import Source
from clearway.catalog import layout
from clearway.http.negotiation import SUFFIXES
from clearway.stores.directory import Directory
from clearway.stores.records import Records

FAST = {"gzip": 1, "br": 1, "zstd": 1}
RECIPE = Recipe("/static/", levels=FAST)
NOW = 1_800_000_000

TREE: dict[str, bytes] = {
    "css/site.css": b'@import "base.css?v=2";\r\nh1{background:url( "../img/a b.png" )}' + b" " * 400,
    "css/base.css": b"\xef\xbb\xbf@charset 'x';a{src:url(../font/f.eot?#iefix)}/* \xff */" + b"b{} " * 100,
    "css/left.css": b'@import "right.css"; .left{}',
    "css/right.css": b'@import "left.css"; .right{}',
    "img/a b.png": b"\x89PNG" + bytes(range(256)),
    "font/f.eot": b"eot " * 200,
    "js/app.js": b"let a = 1;\n//# sourceMappingURL=app.js.map",
    "js/app.js.map": b'{"version": 3}' * 20,
    "LICENSE": b"MIT",
}


def sources(files: Mapping[str, bytes], app: str = "") -> list[Source]:
    return [Source(name, lambda data=data: data, app) for name, data in files.items()]  # type: ignore[misc]


def planned(files: Mapping[str, bytes], static_url: str = "/static/") -> Plan:
    return plan(sources(files), static_url)


def names(files: Mapping[str, bytes]) -> dict[str, str]:
    return planned(files).names()


def places(root: Path) -> Places:
    published = Directory(root)

    def publish(names: Mapping[str, str]) -> None:
        data = json.dumps({"paths": dict(names), "version": "1.1"}).encode()
        if published.head(layout.MANIFEST) is None or published.read(layout.MANIFEST) != data:
            published.swap(layout.MANIFEST, data)
            published.flush()

    return Places(published, Records(Directory(root / layout.FOLDER)), publish)


def run(root: Path, files: Mapping[str, bytes], recipe: Recipe = RECIPE, now: int = NOW, workers: int = 2) -> Built:
    return build(planned(files, recipe.static_url), recipe, places(root), now, workers)


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def identities(root: Path) -> dict[str, tuple[int, int]]:
    """What a write or a touch of any file would change; directories too."""
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in [root, *root.rglob("*")]}


def complaints(root: Path) -> list[str]:
    """What is wrong with the current manifest and the current release, if there are any."""
    records = Records(Directory(root / layout.FOLDER))
    retained = list(records.retained())
    known = {asset.name: asset.sha256 for release in retained for asset in release.assets.values()}
    found: list[str] = []
    if (root / layout.MANIFEST).exists():
        paths = json.loads((root / layout.MANIFEST).read_bytes())["paths"]
        found += [name for name in paths.values() if not is_file(root, name, known.get(name, "unrecorded"))]
    if current := records.current():
        found += [] if records.has_index(current) else ["index"]
        for asset in records.release(current).assets.values():
            variants = [(asset.name + SUFFIXES[coding], each.sha256) for coding, each in asset.variants.items()]
            rows = [(asset.name, asset.sha256), *variants]
            found += [name for name, digest in rows if not is_file(root, name, digest)]
    return found


def is_file(root: Path, name: str, digest: str) -> bool:
    path = root / name
    return path.is_file() and sha256(path.read_bytes()).hexdigest() == digest
