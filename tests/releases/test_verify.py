"""Verify: every kind of damage is one difference, and a healthy site has none."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.releases.sites import NEW, OLD, at, released

from clearway.catalog import layout
from clearway.catalog.release import Release
from clearway.releases.verify import verify
from clearway.stores.foreign import content


def found(root: Path) -> list[str]:
    return [f"{each.file}: {each.problem}" for each in verify(at(root)).differences]


def test_a_healthy_site_has_no_difference(tmp_path: Path) -> None:
    releases = released(tmp_path, OLD, NEW, unhashed=True)
    result = verify(at(tmp_path))
    assert result.differences == []
    assert set(result.releases) == {release.id for release in releases}
    assert result.files > 20


Damage = Callable[[Path, Release], None]


def asset(release: Release, suffix: str = "") -> str:
    return release.assets["css/base.css"].name + suffix


def cut(root: Path, release: Release) -> None:
    (root / asset(release)).write_bytes(b"short")


def other_index(root: Path, release: Release) -> None:
    path = root / layout.FOLDER / "catalogs"
    (path / release.id).write_bytes(next(each for each in path.iterdir() if each.name != release.id).read_bytes())


def other_names(root: Path, release: Release) -> None:
    (root / layout.MANIFEST).write_text(json.dumps({"paths": {"a.css": "b.css"}, "version": "1.1"}))


DAMAGES: dict[str, tuple[Damage, str]] = {
    "missing file": (lambda root, release: (root / asset(release)).unlink(), "css/base.*css: is missing"),
    "short file": (cut, "css/base.*css: has 5 octets, not "),
    "missing variant": (lambda root, release: (root / asset(release, ".gz")).unlink(), "css.gz: is missing"),
    "unhashed file": (lambda root, release: (root / "LICENSE").write_bytes(b""), "LICENSE: is not the unhashed file"),
    "no manifest": (lambda root, release: (root / layout.MANIFEST).unlink(), "staticfiles.json: does not give"),
    "other names": (other_names, "staticfiles.json: does not give the names of the current release"),
    "no index": (lambda root, release: (root / ".clearway" / layout.index(release.id)).unlink(), "catalogs/.*: "),
    "index of another": (other_index, "catalogs/.*: is the index of "),
    "no pointer": (lambda root, release: (root / ".clearway/current").unlink(), "current: is missing or damaged"),
    "no record": (
        lambda root, release: (root / ".clearway" / layout.record(release.id)).unlink(),
        "releases/.*: there",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(tmp_path: Path, damage: str) -> None:
    *_, release = released(tmp_path, OLD, NEW, unhashed=True)
    make, wanted = DAMAGES[damage]
    make(tmp_path, release)
    assert any(re.search(wanted, text) for text in found(tmp_path)), found(tmp_path)


def test_a_variant_that_decodes_to_something_else(tmp_path: Path) -> None:
    """A record and a file that agree with each other, and with nothing else."""
    (release,) = released(tmp_path, OLD)
    name = release.assets["css/base.css"].name
    data = gzip.compress(b"another")
    (tmp_path / f"{name}.gz").write_bytes(data)
    record = tmp_path / layout.FOLDER / layout.record(release.id)
    read = json.loads(record.read_bytes())
    read["assets"]["css/base.css"]["variants"]["gzip"] = content(data).to_json()
    record.write_text(json.dumps(read))
    assert f"{name}.gz: decodes to something else than {name}" in found(tmp_path)


def test_a_reference_to_nothing(tmp_path: Path) -> None:
    (release,) = released(tmp_path, OLD)
    record = tmp_path / layout.FOLDER / layout.record(release.id)
    read = json.loads(record.read_bytes())
    read["assets"]["css/base.css"]["references"].append("gone.css")
    record.write_text(json.dumps(read))
    assert any("refers to gone.css, which is not in the release" in text for text in found(tmp_path))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\0b.css"])
def test_a_record_whose_names_are_none(tmp_path: Path, name: str) -> None:
    (release,) = released(tmp_path, OLD)
    record = tmp_path / layout.FOLDER / layout.record(release.id)
    read = json.loads(record.read_bytes())
    read["assets"]["LICENSE"]["name"] = name
    record.write_text(json.dumps(read))
    assert any("is not the name of a published file" in text for text in found(tmp_path))


def test_a_difference_names_the_releases_that_need_the_file(tmp_path: Path) -> None:
    old, new = released(tmp_path, OLD, NEW)
    (tmp_path / old.assets["LICENSE"].name).unlink()
    (difference,) = verify(at(tmp_path)).differences
    assert set(difference.releases) == {old.id, new.id}
