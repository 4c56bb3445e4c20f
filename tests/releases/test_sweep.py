"""`clearway prune --target`: what is forgotten, what is removed later, and what always stays."""

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.object_server import ObjectServer, obedient, overwriting, unquoted, without_conditions
from tests.releases.publishing import current, missing, publish
from tests.releases.sites import NEW, NEWEST, OLD, at, released
from tests.releases.test_publish_interrupted import MAP, map_of, with_map

from clearway.catalog import layout
from clearway.catalog.history import History
from clearway.cli import main
from clearway.releases import garbage, sweep, verify
from clearway.releases.files import files_of
from clearway.stores import claims, lease, signs
from clearway.stores.targets import open_target, snapshot_places
from clearway.stores.transport import Fields, Transport

TEXT = Fields("text/plain", "")
ALL = ("--retain", "1", "--retain-days", "0")
AT_ONCE = (*ALL, "--grace", "0")
Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def ids(tmp_path: Path, url: str, capsys: Capture) -> list[str]:
    """Three releases that were published one after the other."""
    return [published(tree, tmp_path, url, capsys) for tree in (OLD, NEW, NEWEST)]


def published(tree: dict[str, bytes], tmp_path: Path, url: str, capsys: Capture) -> str:
    released(tmp_path / "public", tree)
    return str(publish(capsys, tmp_path / "public", url)["release"])


def prune(capsys: Capture, url: str, *words: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["prune", "--target", url, "--format", "json", *words]) == code
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def names(target: Transport) -> set[str]:
    return {entry.name for entry in target.list()}


def own(kind: str, target: Transport) -> set[str]:
    return {Path(name).stem for name in names(target) if name.startswith(f"{layout.FOLDER}/{kind}/")}


def history(target: Transport) -> History:
    return History.from_bytes(target.read(f"{layout.FOLDER}/{layout.HISTORY}")[0])


def test_releases_are_forgotten_first_and_their_objects_removed_later(
    ids: list[str], url: str, tmp_path: Path, capsys: Capture
) -> None:
    target = open_target(url, {})
    before, kept = names(target), files_of(at(tmp_path / "public").records.release(ids[2])).keys()
    first = prune(capsys, url, *ALL)
    assert ({each["id"] for each in first["releases"]}, first["files"]) == (set(ids[:2]), [])
    assert {each["id"] for each in first["waiting"]} == set(ids[:2])
    assert names(target) == before
    assert list(history(target).entries) == ids[2:]
    assert prune(capsys, url, *ALL)["files"] == []
    second = prune(capsys, url, *AT_ONCE)
    assert {each["id"] for each in second["removed"]} == set(ids[:2])
    assert {each["name"] for each in second["files"]} == before - names(target) - {
        f"{layout.FOLDER}/{name(id_)}" for id_ in ids[:2] for name in (layout.record, layout.index)
    }
    assert {name for name in names(target) if not name.startswith(layout.FOLDER)} == {*kept, layout.MANIFEST}
    assert (own("releases", target), own("catalogs", target)) == ({ids[2]}, {ids[2]})
    assert missing(target) == []
    assert verify.verify(snapshot_places(target)).differences == []
    assert prune(capsys, url, *AT_ONCE)["removed"] == []
    assert published(OLD, tmp_path, url, capsys) == ids[0]
    assert missing(target) == []


def test_the_proof_names_who_listed_an_object_and_what_stays(ids: list[str], url: str, capsys: Capture) -> None:
    target = open_target(url, {})
    planned = prune(capsys, url, *AT_ONCE, "--dry-run")
    assert (planned["done"], planned["size"]) == (False, sum(each["size"] for each in planned["files"]))
    assert planned["kept"] == [{"id": ids[2], "reason": "current"}]
    records = snapshot_places(target).records
    for each in planned["files"]:
        assert each["releases"]
        for id_ in each["releases"]:
            assert files_of(records.release(id_))[each["name"]].size == each["size"]
        assert each["name"] not in files_of(records.release(ids[2]))
    assert set(history(target).entries) == set(ids)
    done = prune(capsys, url, *AT_ONCE)
    for each in (*planned["removed"], *done["removed"]):
        del each["forgotten"]  # the two may be of different seconds
    assert done | {"done": False} == planned


def test_what_is_pinned_stays(
    ids: list[str], url: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = open_target(url, {})
    assert prune(capsys, url, *AT_ONCE, "--keep", ids[1][:6])["kept"] == [
        {"id": ids[2], "reason": "current"},
        {"id": ids[1], "reason": "pinned"},
    ]
    assert set(history(target).entries) == set(ids[1:])
    monkeypatch.setenv("CLEARWAY_RELEASE", ids[1])
    assert prune(capsys, url, *AT_ONCE)["removed"] == []
    assert set(history(target).entries) == set(ids[1:])
    assert main(["prune", "--target", url, "--keep", "feed"]) == 2
    assert "no retained release" in capsys.readouterr().err


def test_what_nobody_listed_stays(ids: list[str], url: str, capsys: Capture) -> None:
    target = open_target(url, {})
    records = snapshot_places(target).records
    only = files_of(records.release(ids[0])).keys() - files_of(records.release(ids[2])).keys()
    taken = min(only)
    target.put(taken, b"somebody else's", TEXT)
    for name in ("unknown.css", "css/site.000000000000.css", f"{layout.FOLDER}/unknown"):
        target.put(name, b"?", TEXT)
    done = prune(capsys, url, *AT_ONCE)
    assert done["others"] == [taken]
    assert {taken, "unknown.css", "css/site.000000000000.css", f"{layout.FOLDER}/unknown"} <= names(target)


def test_a_release_that_cannot_say_what_it_needs_stops_it(ids: list[str], url: str, capsys: Capture) -> None:
    target = open_target(url, {})
    target.put(f"{layout.FOLDER}/{layout.record(ids[1])}", b"{", TEXT)
    before = names(target)
    assert main(["prune", "--target", url, "--retain", "2", "--retain-days", "0", "--grace", "0"]) == 2
    assert "nothing is removed" in capsys.readouterr().err
    assert names(target) == before
    target.delete([f"{layout.FOLDER}/{layout.HISTORY}"])
    assert main(["prune", "--target", url, *AT_ONCE]) == 2
    assert "nobody knows which releases are retained" in (said := capsys.readouterr().err)
    assert "--verify --apply" in said


def test_without_the_record_of_the_current_release_nothing_is_removed(
    ids: list[str], url: str, capsys: Capture
) -> None:
    target = open_target(url, {})
    prune(capsys, url, *ALL)
    target.delete([f"{layout.FOLDER}/{layout.record(ids[2])}"])
    before = names(target)
    assert main(["prune", "--target", url, *AT_ONCE]) == 2
    assert "nothing is removed" in capsys.readouterr().err
    assert names(target) == before


def test_advice_for_a_missing_history_helps(ids: list[str], url: str, tmp_path: Path, capsys: Capture) -> None:
    open_target(url, {}).delete([f"{layout.FOLDER}/{layout.HISTORY}"])
    publish(capsys, tmp_path / "public", url, "--verify")
    assert prune(capsys, url, *ALL)["kept"] == [{"id": ids[2], "reason": "current"}]


def test_the_only_record_of_what_lies_under_a_name_that_may_change_stays(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    """After a rollback it lies there as the later release had it, which retention ends before the earlier one."""
    roots = [with_map(tmp_path / str(number), number) for number in range(3)]
    first, second = [str(publish_root(capsys, root, url)) for root in roots[:2]]
    assert main(["rollback", "--target", url]) == 0
    prune(capsys, url, *ALL)
    kept = {each["id"]: each["reason"] for each in prune(capsys, url, *AT_ONCE)["kept"]}
    assert kept == {first: "current", second: f"the only record of what lies under {MAP}"}
    third = publish_root(capsys, roots[2], url)
    assert map_of(open_target(url, {})) == (roots[2] / MAP).read_bytes()
    prune(capsys, url, *ALL)
    assert prune(capsys, url, *AT_ONCE)["kept"] == [{"id": third, "reason": "current"}]
    assert own("releases", open_target(url, {})) == {third}


def publish_root(capsys: Capture, root: Path, url: str) -> str:
    capsys.readouterr()
    return str(publish(capsys, root, url)["release"])


@pytest.mark.parametrize("hours", ["-1", "0.5", "99999999999"])
def test_a_grace_that_is_none_is_refused(url: str, capsys: Capture, hours: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["prune", "--target", url, f"--grace={hours}"])
    assert "is not a whole number from 0 to 876,000" in capsys.readouterr().err


def test_the_record_of_a_killed_publisher_is_forgotten_and_goes(ids: list[str], url: str, capsys: Capture) -> None:
    target = open_target(url, {})
    abandoned = "0123456789abcdef"
    record = target.read(f"{layout.FOLDER}/{layout.record(ids[0])}")[0]
    target.put(f"{layout.FOLDER}/{layout.record(abandoned)}", record, TEXT)
    first = prune(capsys, url)
    assert (first["interrupted"], [each["id"] for each in first["waiting"]]) == ([abandoned], [abandoned])
    assert prune(capsys, url)["removed"] == []
    assert [each["id"] for each in prune(capsys, url, "--grace", "0")["removed"]] == [abandoned]
    assert abandoned not in own("releases", target)
    assert missing(target) == []


def test_the_current_release_is_retained_again_when_it_was_forgotten(ids: list[str], url: str, capsys: Capture) -> None:
    target = open_target(url, {})
    found = history(target)
    entries = {id_: entry for id_, entry in found.entries.items() if id_ != ids[2]}
    forgotten = History(entries, dict.fromkeys([ids[2]], 1))
    target.put(f"{layout.FOLDER}/{layout.HISTORY}", forgotten.to_bytes(), TEXT)
    prune(capsys, url, *AT_ONCE)
    assert ids[2] in history(target).entries
    assert ids[2] not in history(target).forgotten
    assert missing(target) == []


def test_many_objects_go_in_batches(
    ids: list[str], url: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch, object_server: ObjectServer
) -> None:
    monkeypatch.setattr(sweep, "_AT_ONCE", 3)
    object_server.asked.clear()
    files = prune(capsys, url, *AT_ONCE)["files"]
    removals = [asked for asked in object_server.asked_of(url) if asked.method == "POST"]
    assert len(removals) in (0, -(-len(files) // 3) + 2)  # none in a directory


@pytest.mark.parametrize("habit", [obedient, unquoted, overwriting, without_conditions])
def test_in_other_stores_as_well(
    object_server: ObjectServer, tmp_path: Path, habit: Callable[..., Any], capsys: Capture
) -> None:
    url = f"{object_server.new_bucket()}/live"
    with object_server.behaving(habit):
        *_, last = [published(tree, tmp_path, url, capsys) for tree in (OLD, NEW, NEWEST)]
        assert prune(capsys, url, *AT_ONCE)["files"]
        target = open_target(url, {})
        assert (current(target), missing(target), own("releases", target)) == (last, [], {last})
        assert target.head(lease.FILE) is None


def test_a_prune_that_lives_keeps_others_away_and_a_killed_one_does_not(
    ids: list[str], url: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = open_target(url, {})
    monkeypatch.setattr(signs, "PAUSE", 0.01)
    found = history(target)
    sign = {"owner": "somebody", "machine": "", "process": 7, "beat": 0}
    claimed = History(found.entries, found.forgotten, 1, sign)
    target.put(f"{layout.FOLDER}/{layout.HISTORY}", claimed.to_bytes(), TEXT)
    if "://" in url:  # in a directory a lock has kept others away
        beats = count()
        with monkeypatch.context() as patched:
            patched.setattr(claims, "sweeper", lambda records: {"beat": next(beats)})
            for words in (["prune"], ["rollback"]):
                assert main([*words, "--target", url]) == 2
                assert "run this again when it is done" in capsys.readouterr().err
    monkeypatch.setattr(claims, "SILENCE", 0.02)
    assert main(["prune", "--target", url, "--dry-run"]) == 0
    assert history(target).sweeper == sign
    assert prune(capsys, url, *AT_ONCE)["files"]
    assert (history(target).sweeper, history(target).sweeps) == (None, 2)


def test_the_texts_fit(ids: list[str], url: str, capsys: Capture) -> None:
    for words in ((*ALL, "-n"), ALL, ALL, (*AT_ONCE, "-n"), AT_ONCE, AT_ONCE):
        capsys.readouterr()
        assert main(["prune", "--target", url, *words]) == 0
        out, err = capsys.readouterr()
        assert not err
        assert all(len(line) <= 110 for line in out.splitlines() if url not in line)
        assert main(["releases", "--target", url, *ALL]) == 0


def test_releases_says_what_is_past_retention(ids: list[str], url: str, capsys: Capture) -> None:
    assert main(["releases", "--target", url, *ALL]) == 0
    assert f"2 past retention (-): `clearway prune --target {url}` removes them" in capsys.readouterr().out
    prune(capsys, url, *ALL)
    assert main(["releases", "--target", url, *ALL]) == 0
    assert "2 forgotten" in capsys.readouterr().out
    assert main(["releases", "--target", url, "--format", "json"]) == 0
    assert {each["id"] for each in json.loads(capsys.readouterr().out)["forgotten"]} == set(ids[:2])


def test_the_default_grace_is_a_day() -> None:
    assert garbage.GRACE == 24
