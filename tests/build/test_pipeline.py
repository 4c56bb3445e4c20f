"""Builds as wholes: reproducible, idempotent, healing, never half done."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.build.trees import NOW, RECIPE, TREE, complaints, contents, identities, places, planned, run

from clearway.build import encode
from clearway.build.errors import SourceChangedError
from clearway.build.pipeline import build
from clearway.build.plan import plan
from clearway.build.sources import Source
from clearway.catalog import layout
from clearway.catalog.index import Index
from clearway.http.negotiation import SUFFIXES
from clearway.stores.directory import TEMPORARY_PREFIX, Directory
from clearway.stores.records import Records


def records(root: Path) -> Records:
    return Records(Directory(root / layout.FOLDER))


def test_a_build_is_whole(tmp_path: Path) -> None:
    release = run(tmp_path, TREE).release
    assert complaints(tmp_path) == []
    assert records(tmp_path).current() == release.id
    assert set(release.assets["css/site.css"].variants) == set(SUFFIXES)
    assert release.assets["img/a b.png"].variants == {}
    index = Index((tmp_path / ".clearway" / layout.index(release.id)).read_bytes())
    assert all(index.find(asset.name) and index.find(name) for name, asset in release.assets.items())


def test_the_same_inputs_give_the_same_tree_in_any_order_at_any_time_and_place(tmp_path: Path) -> None:
    run(tmp_path / "here", TREE)
    run(tmp_path / "there" / "too", dict(reversed(TREE.items())), now=NOW + 86400, workers=1)
    here, there = contents(tmp_path / "here"), contents(tmp_path / "there" / "too")
    assert {name for name in here | there if here.get(name) != there.get(name)} == {".clearway/history.json"}


def test_a_second_run_writes_nothing_and_encodes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, TREE)
    before = identities(tmp_path)
    monkeypatch.setattr(encode, "encoded", lambda *_: pytest.fail("encoded again"))
    assert run(tmp_path, TREE, now=NOW + 60).written == frozenset()
    assert identities(tmp_path) == before


def test_a_change_encodes_and_writes_only_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(tmp_path, TREE).release
    before = identities(tmp_path)
    lengths: list[int] = []
    encoded = encode.encoded
    monkeypatch.setattr(encode, "encoded", lambda *job: lengths.append(len(job[1])) or encoded(*job))  # type: ignore[func-returns-value]
    built = run(tmp_path, TREE | {"font/f.eot": b"new " * 200}, now=NOW + 60)
    assert built.written == {"font/f.eot", "css/base.css", "css/site.css"}
    assert len(lengths) == 9
    published = {str(tmp_path / asset.name): before[str(tmp_path / asset.name)] for asset in first.assets.values()}
    assert published.items() <= identities(tmp_path).items()


def test_the_index_is_the_union_of_all_retained_releases(tmp_path: Path) -> None:
    first = run(tmp_path, TREE).release
    second = run(tmp_path, TREE | {"LICENSE": b"BSD"}, now=NOW + 60).release
    for release in (first, second):  # a process of the first release may be started again while the second one is out
        index_data = (tmp_path / ".clearway" / layout.index(release.id)).read_bytes()
        index = Index(index_data)
        for name in (first.assets["LICENSE"].name, second.assets["LICENSE"].name):
            assert index.find(name) is not None
        found = index.find("LICENSE")
        assert found is not None
        assert found.published_name == release.assets["LICENSE"].name
    index = Index(index_data, history=records(tmp_path).history())
    old, new = index.find(first.assets["js/app.js"].name), index.find(second.assets["LICENSE"].name)
    assert old is not None
    assert new is not None
    assert (old.created, new.created) == (NOW, NOW + 60)


def test_going_back_to_an_earlier_content_is_the_earlier_release(tmp_path: Path) -> None:
    first = run(tmp_path, TREE).release
    second = run(tmp_path, TREE | {"LICENSE": b"BSD"}, now=NOW + 60).release
    assert run(tmp_path, TREE, now=NOW + 120).release.id == first.id
    history = records(tmp_path).history().entries
    assert (history[first.id].created, history[first.id].retired) == (NOW, None)
    assert history[second.id].retired == NOW + 120
    assert history[second.id].parent == first.id
    assert complaints(tmp_path) == []


def damaged(root: Path) -> list[str]:
    return sorted(name for name in contents(root) if not name.endswith((".clearway/history.json", ".lock")))


def test_any_damage_is_healed_by_the_next_run(tmp_path: Path) -> None:
    run(tmp_path, TREE)
    whole = contents(tmp_path)
    for name in damaged(tmp_path):
        for data in (b"", whole[name][:-1], b"\0" + whole[name][1:]):
            (tmp_path / name).write_bytes(data)
            run(tmp_path, TREE, now=NOW + 60)
            assert {key for key, value in contents(tmp_path).items() if whole[key] != value} <= {
                ".clearway/history.json"
            }
            assert complaints(tmp_path) == []


def test_stale_and_damaged_originals_are_corrected_where_they_lie(tmp_path: Path) -> None:
    for name in ("LICENSE", "font/f.eot"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"stale")
    release = run(tmp_path, TREE).release
    assert (tmp_path / "LICENSE").read_bytes() == TREE["LICENSE"]
    assert (tmp_path / "font/f.eot").read_bytes() == TREE["font/f.eot"]
    assert not (tmp_path / "css/site.css").exists()
    assert {name for name, asset in release.assets.items() if asset.plain} == {"LICENSE", "font/f.eot"}


def test_originals_go_when_they_are_not_wanted(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_bytes(b"MIT")
    (tmp_path / "CACHE").mkdir()
    (tmp_path / "CACHE" / "out.css").write_bytes(b"a{}")
    release = run(tmp_path, TREE, replace(RECIPE, unhashed=False)).release
    assert not (tmp_path / "LICENSE").exists()
    assert (tmp_path / "CACHE" / "out.css").exists()
    assert release.assets["LICENSE"].plain is None
    assert complaints(tmp_path) == []


def test_a_source_that_looks_like_a_published_file_does_not_overwrite_it(tmp_path: Path) -> None:
    name = planned(TREE).names()["js/app.js"]
    tree = TREE | {name: b"another", f"{name}.br": b"not ours"}
    for key, data in tree.items():
        (tmp_path / key).parent.mkdir(exist_ok=True)
        (tmp_path / key).write_bytes(data)
    run(tmp_path, tree)
    before = identities(tmp_path)
    assert complaints(tmp_path) == []
    run(tmp_path, tree, replace(RECIPE, unhashed=True))
    assert identities(tmp_path) == before


def test_equal_contents_are_encoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    encoded = encode.encoded
    monkeypatch.setattr(encode, "encoded", lambda *job: calls.append(job[0]) or encoded(*job))  # type: ignore[func-returns-value]
    tree = {"a.css": b"a{} " * 100, "b.css": b"a{} " * 100, "skipped.css": b"a{} " * 100}
    release = run(tmp_path, tree, replace(RECIPE, skip=("skipped*",))).release
    assert sorted(calls) == ["br", "gzip", "zstd"]
    assert [len(asset.variants) for asset in release.assets.values()] == [3, 3, 0]
    assert complaints(tmp_path) == []
    (tmp_path / f"{release.assets['b.css'].name}.br").unlink()
    run(tmp_path, tree, replace(RECIPE, skip=("skipped*",)))
    assert complaints(tmp_path) == []


def test_files_come_before_the_record_and_the_pointer_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, TREE)
    order: list[str] = []
    replace = os.replace

    def replaced(old: str, new: str) -> None:
        order.append(Path(new).relative_to(tmp_path).as_posix().removeprefix(f"{layout.FOLDER}/"))
        replace(old, new)

    monkeypatch.setattr(os, "replace", replaced)
    previous = records(tmp_path).current()
    release = run(tmp_path, NEXT, now=NOW + 60).release
    new = [asset.name for asset in release.assets.values()]
    assert {name for name in order[:-6] if name in new} == {
        release.assets[name].name for name in ("font/f.eot", "new/a.txt", "css/base.css")
    }
    assert order[-6:] == [
        layout.record(release.id),
        layout.HISTORY,
        layout.index(str(previous)),
        layout.index(release.id),
        layout.MANIFEST,
        layout.CURRENT,
    ]


OTHER_LEVELS = replace(RECIPE, levels={"gzip": 9, "br": 9, "zstd": 9})


def test_other_levels_are_for_new_contents_what_a_retained_release_lists_stays_as_it_is(tmp_path: Path) -> None:
    old, new = (b"".join(b"a{width:%dpx}" % (n * factor) for n in range(500)) for factor in (3, 7))
    first = run(tmp_path, {"a.css": old}).release
    second = run(tmp_path, {"a.css": old, "b.css": new, "c.css": old}, OTHER_LEVELS, now=NOW + 60).release
    assert first.id != second.id
    assert first.assets["a.css"].variants == second.assets["a.css"].variants == second.assets["c.css"].variants
    assert complaints(tmp_path) == []
    other = run(tmp_path / "elsewhere", {"b.css": new}).release
    assert second.assets["b.css"].variants != other.assets["b.css"].variants
    before = damaged(tmp_path)
    again = run(tmp_path, {"a.css": old, "b.css": new, "c.css": old}, OTHER_LEVELS, now=NOW + 120)
    assert (again.release, again.written, damaged(tmp_path)) == (second, frozenset(), before)


def test_a_damaged_variant_is_healed_with_other_levels_too(tmp_path: Path) -> None:
    tree = {"a.css": b"".join(b"a{width:%dpx}" % (n * n) for n in range(500))}
    name = run(tmp_path, tree).release.assets["a.css"].name
    (tmp_path / f"{name}.br").write_bytes(b"")
    release = run(tmp_path, tree, OTHER_LEVELS, now=NOW + 60).release
    (tmp_path / f"{name}.br").stat()
    assert release.assets["a.css"].variants["br"].size == len((tmp_path / f"{name}.br").read_bytes()) > 0


def test_an_original_is_not_written_over_what_an_earlier_release_published_under_its_name(tmp_path: Path) -> None:
    name = "assets/app-4f3c1d2a.js"
    bundled = plan([Source(name, lambda: b"let a = 1")], "/static/", named={name: True})
    build(bundled, RECIPE, places(tmp_path), NOW)
    run(tmp_path, {name: b"let a = 2"}, now=NOW + 60)
    assert (tmp_path / name).read_bytes() == b"let a = 1"
    assert complaints(tmp_path) == []


def test_a_source_that_changes_while_it_is_built_stops_the_build(tmp_path: Path) -> None:
    answers = [b"one", b"two"]
    made = plan([Source("a.txt", lambda: answers.pop(0))], "/static/")
    with pytest.raises(SourceChangedError, match=r"a\.txt changed"):
        build(made, RECIPE, places(tmp_path), NOW)
    assert records(tmp_path).current() is None


# --- kill -9


class Killed(BaseException):
    """The process is gone: from here on, nothing more reaches the disk."""


class Killer:
    """Lets `allowed` system calls through that change the disk, then none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, allowed: int, *, after: bool) -> None:
        self.count, self.allowed, self.after = 0, allowed, after
        for name in ("replace", "rename", "fsync", "mkdir", "rmdir", "unlink", "fchmod"):
            monkeypatch.setattr(os, name, self._wrapped(getattr(os, name)))

    def _wrapped(self, call):  # type: ignore[no-untyped-def]
        def counted(*args, **kwargs):  # type: ignore[no-untyped-def]
            self.count += 1
            if self.count > self.allowed:
                if self.after and self.count == self.allowed + 1:
                    call(*args, **kwargs)
                raise Killed
            return call(*args, **kwargs)

        return counted


def killed_at(root: Path, files: dict[str, bytes], moment: int, *, after: bool) -> bool:
    """Whether the build was killed before it was done."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        Killer(monkeypatch, moment, after=after)
        try:
            run(root, files, now=NOW + 60, workers=1)
        except Killed:
            return True
    return False


SMALL = {name: TREE[name] for name in ("css/base.css", "font/f.eot", "LICENSE")}
NEXT = SMALL | {"font/f.eot": b"new " * 200, "new/a.txt": b"new"}


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def modes(root: Path) -> set[int]:
    """Of all that has its final name: what was left by a killed build stays private."""
    paths = [root, *root.rglob("*")] if root.exists() else []
    return {path.stat().st_mode & 0o777 for path in paths if not path.name.startswith(TEMPORARY_PREFIX)}


@pytest.mark.usefixtures("strict_umask")
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_moment_of_a_first_build(tmp_path: Path, after: bool) -> None:
    moment = 0
    while killed_at(root := tmp_path / str(moment), NEXT, moment, after=after):
        assert complaints(root) == []
        run(root, NEXT, now=NOW + 120)
        assert complaints(root) == []
        assert modes(root) == {0o644, 0o755}
        assert records(root).current()
        moment += 1
    assert moment > 50


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_moment_of_a_next_build(tmp_path: Path, after: bool) -> None:
    moment, killed = 0, True
    while killed:
        root = tmp_path / str(moment)
        first = run(root, SMALL).release
        killed = killed_at(root, NEXT, moment, after=after)
        assert complaints(root) == []
        index = Index((root / ".clearway" / layout.index(records(root).current() or "")).read_bytes())
        manifest = (root / layout.MANIFEST).read_text()
        assert all(index.find(name) for name in planned(NEXT).names().values() if name in manifest)
        assert all((root / asset.name).exists() for asset in first.assets.values())
        second = run(root, NEXT, now=NOW + 120).release
        assert complaints(root) == []
        assert records(root).current() == second.id
        assert set(records(root).history().entries) == {first.id, second.id}
        moment += 1
    assert moment > 50
