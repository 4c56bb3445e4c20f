"""Rollback: whole or refused, and everything that other servers read goes back too."""

from pathlib import Path

import pytest
from tests.build.trees import NOW, complaints, identities, run
from tests.releases.sites import DAY, NEW, NEWEST, OLD, at, released

from clearway.catalog import layout
from clearway.releases import rollback
from clearway.releases.errors import ReleaseError
from clearway.releases.verify import verify

LATER = NOW + 10 * DAY


def go_back(root: Path, given: str | None = None) -> rollback.Rollback:
    planned = rollback.plan(at(root), given)
    rollback.carry_out(planned, at(root), LATER)
    return planned


def test_the_one_before_becomes_current(tmp_path: Path) -> None:
    old, new = released(tmp_path, OLD, NEW)
    planned = go_back(tmp_path)
    assert (planned.previous, planned.target.id) == (new.id, old.id)
    assert sorted(planned.changed) == ["css/base.css", "css/site.css", "font/f.eot"]
    assert (planned.appearing, planned.disappearing) == ([], ["js/added.js"])
    records = at(tmp_path).records
    assert records.current() == old.id
    assert (records.history().entries[old.id].retired, records.history().entries[new.id].retired) == (None, LATER)
    assert at(tmp_path).names() == {name: asset.name for name, asset in old.assets.items()}
    assert verify(at(tmp_path)).differences == []
    assert complaints(tmp_path) == []


def test_and_forward_again_by_the_beginning_of_an_id(tmp_path: Path) -> None:
    _, new = released(tmp_path, OLD, NEW)
    go_back(tmp_path)
    go_back(tmp_path, new.id[:6])
    assert at(tmp_path).records.current() == new.id
    assert verify(at(tmp_path)).differences == []


def test_a_plan_and_a_second_rollback_write_nothing(tmp_path: Path) -> None:
    old, _ = released(tmp_path, OLD, NEW, unhashed=True)
    before = identities(tmp_path)
    rollback.plan(at(tmp_path), None)
    assert identities(tmp_path) == before
    go_back(tmp_path)
    before = identities(tmp_path)
    go_back(tmp_path, old.id)
    assert identities(tmp_path) == before


def test_unhashed_files_go_back(tmp_path: Path) -> None:
    old, _ = released(tmp_path, OLD, NEW, unhashed=True)
    planned = go_back(tmp_path)
    assert planned.restored == {"font/f.eot": old.assets["font/f.eot"].name}
    assert (tmp_path / "font/f.eot").read_bytes() == OLD["font/f.eot"]
    assert (tmp_path / "css/site.css").read_bytes() == OLD["css/site.css"]  # its own bytes did not change


def test_an_unhashed_file_whose_original_is_gone_gets_the_published_bytes(tmp_path: Path) -> None:
    old, _ = released(tmp_path, OLD, NEW | {"css/site.css": b"gone{}"}, unhashed=True)
    go_back(tmp_path)
    assert (tmp_path / "css/site.css").read_bytes() == (tmp_path / old.assets["css/site.css"].name).read_bytes()
    assert verify(at(tmp_path)).differences == []
    run(tmp_path, OLD, now=LATER + 1)  # a build has the original, and puts it there
    assert (tmp_path / "css/site.css").read_bytes() == OLD["css/site.css"]


def test_a_source_that_looks_like_a_published_file_is_left_alone(tmp_path: Path) -> None:
    old = released(tmp_path, OLD)[0]
    published = old.assets["LICENSE"].name
    released(tmp_path, OLD | {published: b"another"}, NEW, unhashed=True)
    go_back(tmp_path)
    assert complaints(tmp_path) == []


@pytest.mark.parametrize("suffix", ["", ".br"])
def test_a_release_that_is_not_whole_is_named_with_its_files(tmp_path: Path, suffix: str) -> None:
    old, _ = released(tmp_path, OLD, NEW)
    name = old.assets["css/base.css"].name + suffix
    (tmp_path / name).unlink()
    (tmp_path / old.assets["LICENSE"].name).write_bytes(b"BSD")
    found = rollback.plan(at(tmp_path), None).differences
    assert [(each.file, each.problem) for each in found] == sorted(
        [(name, "is missing"), (old.assets["LICENSE"].name, "has other contents")]
    )


def test_what_cannot_be_gone_back_to(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no current release"):
        rollback.plan(at(tmp_path), None)
    old, *_ = released(tmp_path, OLD, NEW, NEWEST)
    for given, message in (("0000", "no retained release '0000'"), (old.id[:1], "no retained|several")):
        with pytest.raises(ReleaseError, match=message):
            rollback.plan(at(tmp_path), given)
    go_back(tmp_path, old.id)
    with pytest.raises(ReleaseError, match="is the first one; name one that"):
        rollback.plan(at(tmp_path), None)


def test_files_come_before_the_history_and_the_pointer_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = released(tmp_path, OLD, NEW, unhashed=True)
    order: list[str] = []
    store = type(at(tmp_path).published)
    swap = store.swap
    monkeypatch.setattr(store, "swap", lambda self, name, data: order.append(name) or swap(self, name, data))  # type: ignore[func-returns-value]
    go_back(tmp_path)
    indexes = [layout.index(id_) for id_ in (new.id, old.id)]
    wanted = ["font/f.eot", layout.HISTORY, *indexes, layout.MANIFEST, layout.CURRENT]
    assert order == [name for name in wanted if name in order]
    assert {"font/f.eot", layout.HISTORY, layout.MANIFEST} <= set(order)
