"""Bundles: real output of Vite and esbuild, and manifests in the form of webpack's plugins, are passed through."""

import json
from pathlib import Path

import pytest
from tests.build.trees import complaints, places

from clearway.build.bundlers import Manifest, is_hashed, manifests, outputs
from clearway.build.pipeline import build
from clearway.build.plan import plan
from clearway.build.recipe import Recipe
from clearway.build.sources import Source
from clearway.catalog.index import Index

BUNDLES = Path(__file__).parent / "bundles"
VITE = {"lazy-ENBAJ8Xe.js", "logo-BKxWvUIl.svg", "main-0JqSU64A.css", "main-CtDQJC9S.js"}
ESBUILD = {"logo-PFE434Y2.svg", "main-6BQFXPY6.js", "main-S4PXDG74.css"}


def collected(folder: Path, prefix: str = "") -> list[Source]:
    """As the finders give them: no name begins with a dot."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and ".vite" not in path.parts]
    return [Source(prefix + path.relative_to(folder).as_posix(), path.read_bytes, path=str(path)) for path in paths]


def kept(sources: list[Source]) -> dict[str, bool]:
    return outputs(sources, manifests(sources))


@pytest.mark.parametrize("prefix", ["", "app/dist/"])
def test_vites_files_keep_their_names(prefix: str) -> None:
    found = kept(collected(BUNDLES / "vite", prefix))
    assert {name for name, immutable in found.items() if immutable} == {f"{prefix}assets/{name}" for name in VITE}
    assert {name for name, immutable in found.items() if not immutable} == {
        f"{prefix}assets/lazy-ENBAJ8Xe.js.map",
        f"{prefix}assets/main-CtDQJC9S.js.map",
    }


def test_the_hidden_manifest_is_found_once_and_told() -> None:
    found = list(manifests(collected(BUNDLES / "vite")))
    assert [(each.folder, each.name) for each in found] == [("", ".vite/manifest.json")]


def test_esbuilds_files_keep_their_names() -> None:
    assert kept(collected(BUNDLES / "esbuild", "js/")) == {f"js/{name}": True for name in ESBUILD}


WEBPACK = ["main.073c9b0a1f2e3d4c5b6a.js", "787.6f1a9b2c.chunk.js", "4d3f2e1c0b9a8d7f.png", "plain.js"]
MANIFESTS = {
    "manifest.json": {"main.js": "/static/b/main.073c9b0a1f2e3d4c5b6a.js", "787.js": "auto/787.6f1a9b2c.chunk.js"}
    | {"logo.png": "4d3f2e1c0b9a8d7f.png", "plain.js": "plain.js"},
    "asset-manifest.json": {"files": {f"{n}.x": f"/static/b/{name}" for n, name in enumerate(WEBPACK)}},
    "webpack-stats.json": {
        "status": "done",
        "chunks": {"main": WEBPACK[:1]},
        "assets": {name: {"name": name, "path": f"/src/b/{name}"} for name in WEBPACK},
    },
    "stats.json": {"chunks": [], "assets": [{"name": name} for name in WEBPACK]},
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_webpacks_files_keep_their_names(name: str) -> None:
    data = json.dumps(MANIFESTS[name]).encode()
    sources = [Source(f"b/{each}", lambda: b"") for each in WEBPACK] + [Source(f"b/{name}", lambda: data)]
    assert kept(sources) == {f"b/{each}": True for each in WEBPACK[:3]}


def test_stats_beside_the_project_are_matched_by_path() -> None:
    sources = [Source(f"b/{each}", lambda: b"", path=f"/src/b/{each}") for each in WEBPACK]
    data = json.dumps(MANIFESTS["webpack-stats.json"]).encode()
    assert outputs(sources, [Manifest("", data)]).keys() == {f"b/{each}" for each in WEBPACK[:3]}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"name": "Shop", "icons": []}',
        b'{"name": "b/main.12345678.js"}',
        b'{"a": {"file": 5}}',
    ],
)
def test_other_manifests_claim_nothing(data: bytes) -> None:
    sources = [Source("manifest.json", lambda: data), Source("b/main.js", lambda: b"")]
    assert kept(sources) == {}


@pytest.mark.parametrize(
    ("name", "hashed"),
    [
        ("index-BcxfLoik.css", True),
        ("index-_x9-aQzB.js", True),
        ("main.073c9b0a.js", True),
        ("787.6f1a9b2c.chunk.js", True),
        ("main-S4PXDG74.css", True),
        ("4d3f2e1c0b9a8d7f4d3f.png", True),
        ("main.js", False),
        ("main-settings.js", False),
        ("main-Settings.js", False),
        ("feedbeef.js", False),
        ("vendor.chunk.js", False),
    ],
)
def test_what_looks_like_a_hash(name: str, hashed: bool) -> None:
    assert is_hashed(f"assets/{name}") is hashed


def test_a_name_that_the_manifest_calls_unhashed_is_hashed_by_us() -> None:
    row = {"file": "assets/page-UserList.js", "name": "page-UserList"}
    sources = [Source("assets/page-UserList.js", lambda: b"")]
    assert outputs(sources, [Manifest("", json.dumps({"src/page-UserList.ts": row}).encode())]) == {}


def test_a_bundle_is_published_as_it_is_and_never_changes(tmp_path: Path) -> None:
    sources = [*collected(BUNDLES / "vite"), Source("site.css", lambda: b"a{b:url(assets/logo-BKxWvUIl.svg)}")]
    made = plan(sources, "/static/", named=kept(sources))
    built = build(made, Recipe("/static/"), places(tmp_path), 1_800_000_000)
    assert complaints(tmp_path) == []
    for name in VITE:
        asset = built.release.assets[f"assets/{name}"]
        assert asset.immutable
        assert (tmp_path / asset.name).read_bytes() == (BUNDLES / "vite/assets" / name).read_bytes()
    assert "br" in built.release.assets["assets/main-CtDQJC9S.js"].variants
    assert (tmp_path / built.release.assets["site.css"].name).read_bytes() == b"a{b:url(assets/logo-BKxWvUIl.svg)}"
    index = Index((tmp_path / ".clearway/catalogs" / built.release.id).read_bytes())
    flags = {name: getattr(index.find(f"assets/{name}"), "immutable", None) for name in (*VITE, "main-CtDQJC9S.js.map")}
    assert flags == {**dict.fromkeys(VITE, True), "main-CtDQJC9S.js.map": False}
