"""Bridge: what old pages need comes over, names never do."""

import hashlib
import json
from pathlib import Path

import pytest
from tests.build.trees import NOW, complaints, identities
from tests.releases.live_site import serving
from tests.releases.sites import DAY, NEW, OLD, at, released, write

from clearway.catalog import layout
from clearway.releases import origins
from clearway.releases.bridge import Bridged, bridge
from clearway.releases.errors import ReleaseError
from clearway.releases.files import files_of
from clearway.releases.shelves import Disk
from clearway.releases.verify import verify

LATER = NOW + 10 * DAY


def bridged(given: str, root: Path, *, dry_run: bool = False) -> Bridged:
    source = origins.site(given, "/static/") if origins.is_url(given) else origins.directory(given, root)
    olds = origins.read(source, given, "/static/", LATER)
    return bridge(olds, source, at(root), Disk(at(root).published), LATER, dry_run=dry_run)


def django_root(root: Path, files: dict[str, bytes]) -> dict[str, str]:
    """A STATIC_ROOT as Django's own manifest storage leaves it."""
    paths = {}
    for name, data in files.items():
        stem, _, suffix = name.rpartition(".")
        paths[name] = f"{stem}.{hashlib.md5(data).hexdigest()[:12]}.{suffix}"
    write(root, files | {paths[name]: data for name, data in files.items()})
    (root / layout.MANIFEST).write_text(json.dumps({"paths": paths, "version": "1.1"}))
    return paths


@pytest.fixture
def site(tmp_path: Path) -> Path:
    released(tmp_path / "static", NEW)
    return tmp_path / "static"


def test_the_releases_of_an_old_directory(tmp_path: Path, site: Path) -> None:
    (old,) = released(tmp_path / "old", OLD)
    names, current = at(site).names(), at(site).records.current()
    done = bridged(str(tmp_path / "old"), site)
    assert (done.releases, done.differences) == ([old.id], [])
    assert done.files.keys() <= files_of(old).keys()
    assert done.known
    assert (at(site).names(), at(site).records.current()) == (names, current)
    entry = at(site).records.history().entries[old.id]
    assert (entry.created, entry.retired) == (NOW, LATER)
    assert at(site).records.index(str(current)).find(old.assets["font/f.eot"].name)
    assert verify(at(site)).differences == []
    assert complaints(site) == []


def test_a_plan_and_a_second_time_write_nothing(tmp_path: Path, site: Path) -> None:
    released(tmp_path / "old", OLD)
    before = identities(site)
    assert bridged(str(tmp_path / "old"), site, dry_run=True).files
    assert identities(site) == before
    bridged(str(tmp_path / "old"), site)
    before = identities(site)
    assert bridged(str(tmp_path / "old"), site).files == {}
    assert identities(site) == before


def test_the_tree_of_an_image(tmp_path: Path, site: Path) -> None:
    inside = Path(tmp_path / "image", *site.parts[1:])
    (old,) = released(inside, OLD)
    assert bridged(str(tmp_path / "image"), site).releases == [old.id]


def test_before_the_first_build(tmp_path: Path) -> None:
    (old,) = released(tmp_path / "old", OLD)
    bridged(str(tmp_path / "old"), tmp_path / "static")
    (new,) = released(tmp_path / "static", NEW)
    assert set(at(tmp_path / "static").records.history().entries) == {old.id, new.id}
    assert at(tmp_path / "static").records.index(new.id).find(old.assets["font/f.eot"].name)


def test_a_manifest_of_django(tmp_path: Path, site: Path) -> None:
    paths = django_root(tmp_path / "old", {"a.css": b"a{}", "b.js": b"let b"})
    done = bridged(str(tmp_path / "old"), site)
    assert set(done.files) == set(paths.values())
    assert not (site / "a.css").exists()
    assert verify(at(site)).differences == []


def test_a_file_that_is_not_what_its_name_says_is_left_behind(tmp_path: Path, site: Path) -> None:
    paths = django_root(tmp_path / "old", {"a.css": b"a{}", "b.css": b"b{}"})
    (tmp_path / "old" / paths["a.css"]).write_bytes(b"edited")
    done = bridged(str(tmp_path / "old"), site)
    assert [(each.file, each.problem) for each in done.differences] == [
        (paths["a.css"], "does not have the hash that its name says")
    ]
    assert set(done.files) == {paths["b.css"]}


def test_damaged_files_are_left_behind_and_named(tmp_path: Path, site: Path) -> None:
    (old,) = released(tmp_path / "old", OLD)
    name = old.assets["font/f.eot"].name
    (tmp_path / "old" / name).write_bytes(b"edited")
    done = bridged(str(tmp_path / "old"), site)
    assert [each.file for each in done.differences] == [name]
    assert not (site / name).exists()
    assert verify(at(site)).differences == []


def test_names_that_lead_out_are_refused(tmp_path: Path, site: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "secret.css").write_bytes(b"secret")
    paths = {"a.css": "../secret.css", "b.css": "/etc/passwd", "c.css": ".clearway/current"}
    (tmp_path / "old" / layout.MANIFEST).write_text(json.dumps({"paths": paths}))
    before = identities(site)
    with pytest.raises(ReleaseError, match="has neither"):
        bridged(str(tmp_path / "old"), site)
    assert identities(site) == before


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\0b.css"])
def test_a_record_whose_names_are_none(tmp_path: Path, site: Path, name: str) -> None:
    (old,) = released(tmp_path / "old", OLD)
    record = tmp_path / "old" / layout.FOLDER / layout.record(old.id)
    read = json.loads(record.read_bytes())
    read["assets"]["LICENSE"]["name"] = name
    record.write_text(json.dumps(read))
    assert [each.file for each in bridged(str(tmp_path / "old"), site).differences] == [name]
    assert verify(at(site)).differences == []


@pytest.mark.parametrize("hidden", [False, True])
def test_a_live_site(tmp_path: Path, site: Path, hidden: bool) -> None:
    (old,) = released(tmp_path / "old", OLD)
    with serving(tmp_path / "old") as live:
        live.hidden = hidden  # then there is only staticfiles.json
        done = bridged(live.url, site)
        assert bridged(f"{live.url}/static/", site).files == {}
    assert done.differences == []
    assert old.assets["font/f.eot"].name in done.files
    assert max(live.asked.count(name) for name in live.asked) <= 2  # once by each run
    assert verify(at(site)).differences == []


def test_a_site_that_lists_nothing(tmp_path: Path, site: Path) -> None:
    with serving(tmp_path / "none") as live, pytest.raises(ReleaseError, match="give the old STATIC_ROOT, or a copy"):
        bridged(live.url, site)
