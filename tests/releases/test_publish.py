"""A release in a store: what is asked, what is there afterwards, and who wins."""

import errno
import json
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.build.trees import NOW
from tests.helpers.object_server import (
    NOBODY,
    Faults,
    ObjectServer,
    obedient,
    overwriting,
    unquoted,
    without_conditions,
)
from tests.releases.publishing import current, missing, publish
from tests.releases.sites import NEW, NEWEST, OLD, at, released

from clearway.catalog import layout
from clearway.cli import main
from clearway.releases import listing, rollback, verify
from clearway.releases.errors import ReleaseError
from clearway.releases.objects import Object, objects_of
from clearway.releases.publish import Publisher
from clearway.stores import capabilities, lease, object_store
from clearway.stores.capabilities import Capabilities, find_out
from clearway.stores.directory import Directory, Modes
from clearway.stores.errors import ChangedError, LockedError
from clearway.stores.object_store import bucket_store
from clearway.stores.shared_directory import SharedDirectory
from clearway.stores.targets import open_target, snapshot_places
from clearway.stores.transport import Fields, Transport

TEXT = Fields("text/plain", "")
Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    released(tmp_path / "public", OLD)
    return tmp_path / "public"


@pytest.fixture
def url(object_server: ObjectServer) -> str:
    return f"{object_server.new_bucket()}/live"


def objects(root: Path, coding: str = "") -> dict[str, Object]:
    records = at(root).records
    return objects_of(records.release(records.current() or ""), coding, 60)


def silent(text: str, done: int, of: int) -> None:
    pass


# --- what is published


def test_everything_is_there_with_its_header_fields(
    object_server: ObjectServer, root: Path, url: str, capsys: Capture
) -> None:
    done = publish(capsys, root, url)
    target = open_target(url, {})
    wanted = objects(root)
    assert (done["objects"], len(done["uploads"]), done["done"]) == (len(wanted), len(wanted), True)
    assert missing(target) == []
    assert {entry.name for entry in target.list()} > wanted.keys()
    for name, each in wanted.items():
        headers = object_server.headers(url, name)
        assert headers["content-type"] == each.fields.type
        assert headers.get("content-encoding", "") == each.fields.encoding
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert object_server.headers(url, ".clearway/current")["cache-control"] == "no-cache"
    assert object_server.headers(url, "staticfiles.json")["content-type"] == "application/json"


def test_the_codings_of_variants_are_told(root: Path) -> None:
    by_suffix = {"br": "br", "zst": "zstd", "gz": "gzip"}
    found = objects(root).items()
    assert {each.fields.encoding for _, each in found} == {"", *by_suffix.values()}
    for name, each in found:
        assert each.fields.encoding == by_suffix.get(name.rpartition(".")[2], "")


def test_texts_can_be_published_in_one_coding(
    object_server: ObjectServer, root: Path, url: str, capsys: Capture
) -> None:
    done = publish(capsys, root, url, "--coding", "br")
    wanted = objects(root, "br")
    assert done["objects"] == len(wanted) < len(objects(root))
    encoded = {name for name, each in wanted.items() if each.fields.encoding == "br"}
    assert encoded
    assert encoded < wanted.keys()
    for name in wanted:
        assert object_server.headers(url, name).get("content-encoding") == ("br" if name in encoded else None)
    assert publish(capsys, root, url, "--coding", "br")["uploads"] == []
    assert main(["publish", "--root", str(root), url, "--apply"]) == 2
    assert "publish below another prefix" in capsys.readouterr().err


# --- what is asked


def test_a_first_run_asks_for_what_it_uploads_and_little_more(
    object_server: ObjectServer, root: Path, url: str, capsys: Capture
) -> None:
    object_server.asked.clear()
    uploads = len(publish(capsys, root, url)["uploads"])
    listings = 1
    assert len(object_server.asked_of(url)) <= uploads + listings + 10
    assert object_server.asked_of(url)[-1].path.endswith("/.clearway/current")


def test_an_unchanged_release_costs_three_requests(
    object_server: ObjectServer, root: Path, url: str, capsys: Capture
) -> None:
    publish(capsys, root, url)
    object_server.asked.clear()
    assert publish(capsys, root, url)["uploads"] == []
    assert [asked.method for asked in object_server.asked_of(url)] == ["GET"] * 3


def test_the_next_release_uploads_what_changed(
    object_server: ObjectServer, root: Path, url: str, capsys: Capture
) -> None:
    first = publish(capsys, root, url)
    released(root, OLD, NEW)
    object_server.asked.clear()
    done = publish(capsys, root, url)
    assert done["previous"] == first["release"]
    assert 0 < len(done["uploads"]) < done["objects"]
    asked = object_server.asked_of(url)
    assert len(asked) <= len(done["uploads"]) + 1 + 14, asked
    target = open_target(url, {})
    assert missing(target) == []
    assert list(snapshot_places(target).records.history().newest_first(done["release"])) == [
        done["release"],
        first["release"],
    ]


def test_a_plan_changes_nothing(object_server: ObjectServer, root: Path, url: str, capsys: Capture) -> None:
    object_server.asked.clear()
    for words in ([], ["--plan"], ["-n"]):
        assert main(["publish", "--root", str(root), url, *words]) == 0
        assert "--apply publishes" in capsys.readouterr().out
    assert {asked.method for asked in object_server.asked_of(url)} == {"GET"}


def test_verify_finds_what_somebody_removed(root: Path, url: str, capsys: Capture) -> None:
    publish(capsys, root, url)
    target, name = open_target(url, {}), next(iter(objects(root)))
    target.delete([name])
    assert publish(capsys, root, url)["uploads"] == []
    assert [each["name"] for each in publish(capsys, root, url, "--verify")["uploads"]] == [name]
    assert missing(target) == []


# --- the same layout as on a disk


def test_a_directory_is_read_like_any_other(root: Path, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "target"
    publish(capsys, root, str(target))
    released(root, OLD, NEW)
    publish(capsys, root, str(target))
    places = at(target)
    assert verify.verify(places).differences == []
    assert listing.list_releases(places.records, 5, 30, NOW).rows[0].id == at(root).records.current()
    assert places.names() == at(root).names()
    publish(capsys, root, str(target))
    assert missing(open_target(str(target), {})) == []


# --- what is in the way


@pytest.mark.parametrize("size", ["other", "same"])
def test_a_foreign_object_is_named_and_stays(root: Path, url: str, size: str, capsys: Capture) -> None:
    target, (name, wanted) = open_target(url, {}), next(iter(objects(root).items()))
    theirs = b"x" * (wanted.content.size if size == "same" else 3)
    target.put(name, theirs, TEXT)
    done = publish(capsys, root, url, code=1)
    assert [each["file"] for each in done["differences"]] == [name]
    assert done["done"] is False
    assert target.read(name)[0] == theirs
    assert target.head(".clearway/current") is None


def test_an_object_that_appears_meanwhile_is_named_and_stays(root: Path, url: str) -> None:
    target = open_target(url, {})
    publisher = Publisher(at(root), target)
    planned = publisher.plan(silent, find_out(target))
    name = planned.missing[0].name
    target.put(name, b"theirs", TEXT)
    with pytest.raises(ReleaseError, match="nothing was replaced"):
        publisher.carry_out(planned, silent, NOW)
    assert target.read(name)[0] == b"theirs"
    assert target.head(".clearway/current") is None


def test_a_damaged_file_is_not_published(root: Path, url: str, capsys: Capture) -> None:
    name = next(iter(objects(root)))
    (root / name).write_bytes(b"damaged")
    assert main(["publish", "--root", str(root), url, "--apply"]) == 2
    assert f"{name} is not what its record says" in capsys.readouterr().err
    assert open_target(url, {}).head(".clearway/current") is None


# --- several at once


def test_of_several_releases_one_wins_and_all_are_whole(tmp_path: Path, url: str) -> None:
    target = open_target(url, {})
    find_out(target)
    roots = [tmp_path / str(number) for number in range(3)]
    for tree, root in zip((OLD, NEW, NEWEST), roots, strict=True):
        released(root, tree)

    def run(root: Path) -> str:
        transport = open_target(url, {})
        publisher = Publisher(at(root), transport)
        planned = publisher.plan(silent, Capabilities(), verify=True)
        try:
            publisher.carry_out(planned, silent, NOW)
        except LockedError as error:
            assert "publish again" in str(error) or "run this again" in str(error)
            return ""
        return planned.release.id

    with ThreadPoolExecutor(3) as pool:
        winners = {id_ for id_ in pool.map(run, roots) if id_}
    assert current(target) in winners
    assert missing(target) == []
    assert verify_target(target) == []
    last = [root for root in roots if at(root).records.current() == current(target)]
    assert run(last[0]) == current(target)


def test_many_may_publish_the_same(root: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_: int) -> int:
        return main(["publish", "--root", str(root), url, "--apply", "-v", "0"])

    monkeypatch.setattr(capabilities, "_PATIENCE", 20)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(4))) == [0] * 4
    assert missing(open_target(url, {})) == []


def test_another_release_that_became_current_meanwhile_stays(
    root: Path, tmp_path: Path, url: str, capsys: Capture
) -> None:
    target = open_target(url, {})
    publisher = Publisher(at(root), target)
    planned = publisher.plan(silent, find_out(target))
    released(tmp_path / "other", NEW)
    theirs = publish(capsys, tmp_path / "other", url)["release"]
    with pytest.raises(LockedError, match=f"{theirs} became current"):
        publisher.carry_out(planned, silent, NOW)
    assert current(target) == theirs
    assert missing(target) == []
    assert publish(capsys, root, url)["previous"] == theirs


# --- worse stores


@pytest.mark.parametrize("habit", [overwriting, without_conditions, unquoted])
def test_other_stores_are_published_to_as_well(
    object_server: ObjectServer, root: Path, url: str, habit: Callable[..., Any], capsys: Capture
) -> None:
    with object_server.behaving(habit):
        done = publish(capsys, root, url)
        released(root, OLD, NEW)
        publish(capsys, root, url)
        assert publish(capsys, root, url)["uploads"] == []
        target = open_target(url, {})
        assert missing(target) == []
        assert current(target) != done["release"]
        assert target.head(lease.FILE) is None
        assert main(["publish", "--root", str(root), url]) == 0
        is_leased = habit is not unquoted
        released(root, OLD, NEW, NEWEST)
        capsys.readouterr()
        main(["publish", "--root", str(root), url])
        assert ("lease" in capsys.readouterr().out) == is_leased


@pytest.mark.parametrize("seed", range(4))
def test_faults_delay_and_do_no_harm(
    object_server: ObjectServer, root: Path, url: str, seed: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, faults = bucket_store(url, object_server.options), Faults(seed, 0.15)
    monkeypatch.setattr(object_store, "_TIMEOUT", "1s")
    for tree in (None, NEW):
        if tree:
            released(root, OLD, tree)
        for _ in range(10):
            with object_server.behaving(faults):
                code = main(["publish", "--root", str(root), url, "--apply"])
            assert missing(target) == []
            if code == 0:
                break
            assert code == 2
            assert "\n" not in capsys.readouterr().err.strip()
        assert current(target) == at(root).records.current()
    assert faults.happened
    assert verify_target(target) == []


def verify_target(target: Transport) -> list[str]:
    """What of the records in a target is not true."""
    return [str(each) for each in verify.verify(snapshot_places(target)).differences]


# --- the command


def test_without_a_target_it_says_what_to_give(root: Path, capsys: Capture) -> None:
    assert main(["publish", "--root", str(root)]) == 2
    assert "give a TARGET" in capsys.readouterr().err


@pytest.mark.parametrize("below", ["", "/pub", "/.clearway"])
def test_a_release_is_not_published_onto_itself(root: Path, below: str, capsys: Capture) -> None:
    """collectstatic --clear would remove it, since no release lists it."""
    assert main(["publish", "--root", str(root), f"{root}/../{root.name}{below}", "--apply"]) == 2
    assert "is where the release lies" in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_share_without_hard_links_is_told(
    root: Path, tmp_path: Path, number: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*names: str) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refused)
    assert main(["publish", "--root", str(root), str(tmp_path / "share"), "--apply"]) == 2
    assert "without hard links" in capsys.readouterr().err
    assert [path for path in (tmp_path / "share").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("more", ["?versioned=1", "#a"])
def test_a_target_has_no_query_and_no_fragment(root: Path, url: str, more: str, capsys: Capture) -> None:
    assert main(["publish", "--root", str(root), url + more]) == 2
    assert "a bucket and a prefix" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [("publish",), ("verify", "--target"), ("prune", "--target")])
def test_credentials_in_a_target_are_refused_and_not_said(root: Path, verb: tuple[str, ...], capsys: Capture) -> None:
    assert main([*verb, "s3://somebody:pass-word@bucket/live", *(["--root", str(root)] if len(verb) == 1 else [])]) == 2
    told = capsys.readouterr()
    assert "the environment has credentials" in told.err
    assert "pass-word" not in told.out + told.err


def test_a_name_that_the_client_does_not_know_is_told(
    object_server: ObjectServer, root: Path, url: str, capsys: Capture
) -> None:
    key = f"{object_server.url}/{url.removeprefix('s3://')}//x.css"
    with urlopen(Request(key, b"", method="PUT", headers={"Authorization": NOBODY})):
        pass
    assert main(["publish", "--root", str(root), url, "--apply"]) == 2
    said = capsys.readouterr().err
    assert "remove the object" in said
    assert "goes on where it stopped" not in said


@pytest.mark.skipif(os.name != "posix", reason="only on systems with modes")
def test_a_directory_gets_the_modes_of_its_source(root: Path, tmp_path: Path) -> None:
    places = replace(at(root), published=Directory(root, Modes(0o640, 0o750)))
    target = SharedDirectory(tmp_path / "target", places.published.modes)
    publisher = Publisher(places, target)
    publisher.carry_out(publisher.plan(silent, None), silent, NOW)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in sorted((tmp_path / "target").rglob("*"))}
    assert modes == {True: 0o750, False: 0o640}


def test_without_the_client_it_says_how_to_install_it(
    root: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "obstore.exceptions", None)
    assert main(["publish", "--root", str(root), "s3://bucket"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert 'pip install "clearway[store]"' in line


def test_the_plan_fits_and_stays_on_stdout(root: Path, url: str, capsys: Capture) -> None:
    for words in ([], ["--apply"], ["--apply"]):
        assert main(["publish", "--root", str(root), url, *words]) == 0
        out, err = capsys.readouterr()
        assert not err
        assert max(map(len, out.splitlines())) <= 90


def test_records_are_where_the_disk_has_them(root: Path, url: str, capsys: Capture) -> None:
    id_ = publish(capsys, root, url)["release"]
    names = {entry.name for entry in open_target(url, {}).list() if entry.name.startswith(layout.FOLDER)}
    assert names == {
        f".clearway/{name}" for name in ("store.json", "history.json", "current", layout.record(id_), layout.index(id_))
    }


# --- the other verbs


@pytest.mark.parametrize("habit", [obedient, overwriting])
def test_the_verbs_read_a_store_as_they_read_a_disk(
    object_server: ObjectServer, root: Path, url: str, habit: Callable[..., Any], capsys: Capture
) -> None:
    with object_server.behaving(habit):
        first = publish(capsys, root, url)["release"]
        released(root, OLD, NEW)
        second = publish(capsys, root, url)["release"]
        assert main(["verify", "--target", url]) == 0
        assert main(["rollback", "--target", url, "--dry-run"]) == 0
        target = open_target(url, {})
        assert current(target) == second
        assert main(["rollback", "--target", url]) == 0
        assert current(target) == first
        capsys.readouterr()
        assert main(["releases", "--target", url, "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)["releases"]
        assert [(row["id"], row["current"]) for row in rows] == [(first, True), (second, False)]
        assert verify_target(target) == []


def test_a_release_that_is_not_whole_does_not_become_current_in_a_store(root: Path, url: str, capsys: Capture) -> None:
    old = objects(root)
    publish(capsys, root, url)
    released(root, OLD, NEW)
    second = publish(capsys, root, url)["release"]
    target, name = open_target(url, {}), next(name for name in old if name not in objects(root))
    target.put(name, b"damaged", TEXT)
    assert main(["rollback", "--target", url]) == 1
    assert name in capsys.readouterr().out
    assert main(["verify", "--target", url]) == 1
    assert name in capsys.readouterr().out
    assert current(target) == second


def test_a_rollback_that_somebody_overtook_says_so(root: Path, url: str, tmp_path: Path, capsys: Capture) -> None:
    first = publish(capsys, root, url)["release"]
    released(root, OLD, NEW)
    publish(capsys, root, url)
    places = snapshot_places(open_target(url, {}))
    planned = rollback.plan(places, first)
    released(tmp_path / "other", NEWEST)
    theirs = publish(capsys, tmp_path / "other", url)["release"]
    with pytest.raises(ChangedError, match="run this again"):
        rollback.carry_out(planned, places, NOW)
    assert current(open_target(url, {})) == theirs


def test_where_nothing_was_published_the_verbs_say_so(url: str, capsys: Capture) -> None:
    for verb in ("releases", "rollback", "verify"):
        assert main([verb, "--target", url]) == 2
        assert "holds no releases" in capsys.readouterr().err
