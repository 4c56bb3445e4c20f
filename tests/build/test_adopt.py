"""Adoption: pages of the storage before keep their files."""

from pathlib import Path

import brotli
import pytest
from tests.build.trees import NOW, TREE, complaints, identities, places, run
from tests.releases.test_bridge import django_root

from clearway.catalog import layout
from clearway.releases.retained import Retained
from clearway.stores.foreign import FINGERPRINT

FILES = {"css/old.css": b"old{} " * 100, "LICENSE.txt": b"MIT"}


def test_the_first_build_adopts_what_the_manifest_lists(tmp_path: Path) -> None:
    paths = django_root(tmp_path, FILES)
    (tmp_path / f"{paths['css/old.css']}.br").write_bytes(brotli.compress(FILES["css/old.css"]))
    (tmp_path / f"{paths['css/old.css']}.gz").write_bytes(b"not gzip")
    release = run(tmp_path, TREE).release
    records = places(tmp_path).records
    adopted = records.release(str(records.history().entries[release.id].parent))
    assert adopted.fingerprint == FINGERPRINT
    assert {name: asset.name for name, asset in adopted.assets.items()} == paths
    assert set(adopted.assets["css/old.css"].variants) == {"br"}
    assert records.history().entries[adopted.id].retired == NOW
    assert {*paths.values(), f"{paths['css/old.css']}.br"} <= Retained(records).files
    assert records.index(release.id).find(paths["css/old.css"])
    assert complaints(tmp_path) == []


def test_only_the_first_build_does(tmp_path: Path) -> None:
    django_root(tmp_path, FILES)
    run(tmp_path, TREE)
    before = identities(tmp_path)
    run(tmp_path, TREE, now=NOW + 60)
    assert identities(tmp_path) == before
    assert len(places(tmp_path).records.history().entries) == 2


def test_names_of_our_own_are_not_adopted_after_a_kill(tmp_path: Path) -> None:
    run(tmp_path, TREE)
    (tmp_path / layout.FOLDER / layout.CURRENT).unlink()
    run(tmp_path, TREE, now=NOW + 60)
    assert len(places(tmp_path).records.history().entries) == 1


def test_what_is_gone_leads_out_or_has_no_hash_is_not_adopted(tmp_path: Path) -> None:
    (tmp_path / "plain.css").write_bytes(b"a{}")
    paths = '{"a.css": "a.000000000000.css", "b.css": "../b.css", "plain.css": "plain.css"}'
    (tmp_path / layout.MANIFEST).write_text(f'{{"paths": {paths}}}')
    run(tmp_path, TREE)
    assert len(places(tmp_path).records.history().entries) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"paths": []}', '{"paths": null}'])
def test_a_damaged_manifest_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / layout.MANIFEST).write_text(text)
    run(tmp_path, TREE)
    assert complaints(tmp_path) == []
