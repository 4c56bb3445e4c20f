"""Runs that remember the last one: nothing is read that did not change, and every change is seen."""

import os
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build.trees import NOW, RECIPE, TREE, complaints, contents, identities, places

from clearway.build import css, encode, memory
from clearway.build.cache import Cache
from clearway.build.memory import Memory
from clearway.build.pipeline import Built, build
from clearway.build.plan import plan
from clearway.build.sources import Source
from clearway.build.texts import Reader
from clearway.catalog.release import Release
from clearway.stores.directory import Directory

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only on POSIX: elsewhere everything is read")


class Project:
    """Sources on disk, a STATIC_ROOT and a cache; counts what is read and encoded."""

    def __init__(self, folder: Path, files: Mapping[str, bytes] = TREE) -> None:
        self.folder, self.sources, self.root = folder, folder / "sources", folder / "static"
        self.cache: Path | None = folder / "cache"
        self.read: list[str] = []
        self.named: dict[str, bool] = {}
        for name, data in files.items():
            self.write(name, data)

    def write(self, name: str, data: bytes) -> Path:
        path = self.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def run(self, now: int = NOW) -> Built:
        self.read.clear()
        cache = Cache(self.cache)
        remembered = Memory(cache, str(self.root))
        made = plan(self._found(), "/static/", reader=Reader(remembered, cache), named=self.named)
        return build(made, RECIPE, places(self.root), now, 2, cache=cache, memory=remembered)

    def _found(self) -> list[Source]:
        paths = [path for path in sorted(self.sources.rglob("*")) if path.is_file()]
        return [Source(self._name(path), partial(self._read, path), path=str(path)) for path in paths]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.sources).as_posix()

    def _read(self, path: Path) -> bytes:
        self.read.append(self._name(path))
        return path.read_bytes()


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once; what the rule is for has a test of its own."""
    monkeypatch.setattr(memory, "SETTLED", 0)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def count(monkeypatch: pytest.MonkeyPatch, target: object, name: str) -> list[tuple[object, ...]]:
    calls: list[tuple[object, ...]] = []
    real = getattr(target, name)
    monkeypatch.setattr(target, name, lambda *job: calls.append(job) or real(*job))  # type: ignore[func-returns-value]
    return calls


def test_with_nothing_changed_no_source_and_no_output_is_read(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run()
    project.run()
    before = identities(project.root)
    reads = count(monkeypatch, Directory, "read")
    encodings = count(monkeypatch, encode, "encoded")
    assert project.run(NOW + 60).written == frozenset()
    published = {".css", ".js", ".br", ".gz", ".zst", ".png", ".eot", ".map"}
    # a cycle has no digest of its own to be known by
    assert set(project.read) <= {"css/left.css", "css/right.css"}
    assert [name for _, name in reads if Path(str(name)).suffix in published] == []
    assert encodings == []
    assert identities(project.root) == before


def test_a_memory_that_knows_nothing_new_is_not_written(project: Project) -> None:
    project.run()
    project.run()
    before = identities(project.folder / "cache")
    project.run()
    assert identities(project.folder / "cache") == before


def test_a_change_reads_no_record_and_encodes_what_is_new(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        project.write("LICENSE", b"MIT %d" % number)
        project.run(NOW + number)
    records = count(monkeypatch, Release, "from_bytes")
    encodings = count(monkeypatch, encode, "encoded")
    project.write("js/app.js", b"let changed = 1; " * 40)
    release = project.run(NOW + 60).release
    assert records == []
    assert len(encodings) == 3
    monkeypatch.undo()
    assert complaints(project.root) == []
    fresh = Project(project.folder / "fresh", {})
    fresh.sources, fresh.cache = project.sources, None
    assert fresh.run().release.assets == release.assets


def test_references_of_the_cache_are_not_looked_for_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = project.run().release
    other = Project(tmp_path / "elsewhere")
    other.cache = project.cache
    monkeypatch.setattr(css, "scan", lambda text: pytest.fail("scanned again"))
    assert other.run().release == first


@pytest.mark.parametrize("name", sorted(TREE))
def test_a_change_that_keeps_the_size_and_the_time_is_seen(project: Project, name: str) -> None:
    first = project.run().release
    path = project.sources / name
    status = path.stat()
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert project.run().release.id != first.id
    assert complaints(project.root) == []


def test_another_file_with_an_old_time_takes_the_place_of_a_source(project: Project) -> None:
    first = project.run().release
    path, other = project.sources / "LICENSE", project.folder / "other"
    other.write_bytes(b"BSD")
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)
    second = project.run().release
    assert second.assets["LICENSE"].sha256 != first.assets["LICENSE"].sha256


def test_a_file_that_did_not_settle_is_read_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "SETTLED", 3600 * 10**9)
    project.run()
    project.run()
    assert set(project.read) == set(TREE)


def test_where_the_system_has_no_time_of_change_everything_is_read(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_HAS_CHANGE_TIME", False)
    project.run()
    project.run()
    assert set(project.read) == set(TREE)


def test_with_the_cache_off_everything_is_read(project: Project) -> None:
    project.cache = None
    project.run()
    project.run()
    assert set(project.read) == set(TREE)


def test_damage_that_keeps_the_size_and_the_time_is_healed(project: Project) -> None:
    project.run()
    project.run()
    whole = contents(project.root)
    for name in sorted(whole):
        path = project.root / name
        if name.endswith(".clearway/history.json"):
            continue
        status = path.stat()
        path.write_bytes(bytes([whole[name][0] ^ 1]) + whole[name][1:])
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        project.run()
        assert contents(project.root)[name] == whole[name], name


def test_a_file_that_is_published_under_its_own_name_is_no_original(project: Project) -> None:
    project.named = {"LICENSE": True, "font/f.eot": False}
    releases = [project.run().release for _ in range(3)]
    assert releases[0] == releases[1] == releases[2]
    assert releases[0].assets["LICENSE"].plain is None
    (project.root / "LICENSE").unlink()
    project.run()
    assert complaints(project.root) == []


def test_files_that_are_gone_come_back(project: Project) -> None:
    release = project.run().release
    project.run()
    asset = release.assets["css/site.css"]
    for name in (asset.name, f"{asset.name}.br", f".clearway/releases/{release.id}.json"):
        (project.root / name).unlink()
        project.run()
        assert complaints(project.root) == []


def test_another_machine_with_the_same_cache_encodes_nothing(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = project.run().release
    other = Project(tmp_path / "elsewhere")
    other.cache = project.cache
    encodings = count(monkeypatch, encode, "encoded")
    assert other.run().release == first
    assert encodings == []
    here, there = contents(project.root), contents(other.root)
    assert here == there


def test_a_cache_that_was_deleted_or_damaged_changes_nothing(project: Project) -> None:
    first = project.run().release
    for path in (project.folder / "cache").rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    assert project.run().release == first
    shutil.rmtree(project.folder / "cache")
    assert project.run().release == first
    assert complaints(project.root) == []


def test_no_name_and_no_path_of_the_project_is_in_the_cache(project: Project) -> None:
    project.run()
    for path in (project.folder / "cache").rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert os.fsencode(project.folder) not in data
        assert b"LICENSE" not in data


def test_the_same_source_in_another_folder_is_not_confused(project: Project) -> None:
    """A reference means another file there, whatever is remembered of the octets."""
    project.write("a/x.png", b"one")
    project.write("b/x.png", b"two")
    style = project.write("a/s.css", b"p{background:url(x.png)}")
    os.link(style, project.sources / "b" / "s.css")
    project.run()
    release = project.run().release
    assert release.assets["a/s.css"].sha256 != release.assets["b/s.css"].sha256
    assert release.assets["b/s.css"].references == ("b/x.png",)


EDITS = st.lists(st.tuples(st.sampled_from(sorted(TREE)), st.none() | st.binary(min_size=1, max_size=30)), max_size=4)


@settings(max_examples=25)
@given(EDITS)
def test_a_run_that_remembers_makes_what_a_fresh_one_makes(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, bytes | None]]
) -> None:
    folder = tmp_path_factory.mktemp("p")
    project = Project(folder / "one", {name: data for name, data in TREE.items() if not name.startswith("css")})
    project.run()
    for name, data in edits:
        if data is None:
            (project.sources / name).unlink(missing_ok=True)
        elif not name.startswith("css"):
            project.write(name, data)
        remembered = project.run().release
        fresh = Project(folder / f"fresh {len(list(folder.iterdir()))}", {})
        fresh.sources, fresh.cache = project.sources, None
        assert fresh.run().release == remembered
