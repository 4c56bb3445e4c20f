"""The verbs of a deploy, asked of every store."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.build.trees import NOW, RECIPE, places, sources
from tests.releases.publishing import current, missing, publish
from tests.releases.sites import NEW, NEWEST, OLD, at
from tests.system.stores.stands import Stand

from clearway.build.pipeline import build
from clearway.build.plan import plan
from clearway.cli import main
from clearway.releases import verify
from clearway.stores import lease
from clearway.stores.targets import snapshot_places
from clearway.stores.transport import Fields, Transport

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]  # the first one also installs and starts the stores
Capture = pytest.CaptureFixture[str]
FIXED = "robots.txt"  # keeps its name, and changes with every release
TREES = (OLD, NEW, NEWEST)


def built(root: Path, number: int, *, is_hashed: bool = False) -> str:
    """Make one of the trees the current release of a directory: its id."""
    files = TREES[number] if is_hashed else TREES[number] | {FIXED: b"Disallow: /%d\n" % number}
    planned = plan(sources(files), "/static/", named={} if is_hashed else {FIXED: False})
    return build(planned, RECIPE, places(root), NOW + number * 86_400, 2).release.id


def ask(capsys: Capture, *words: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*words, "--format", "json"]) == code
    read: dict[str, Any] = json.loads(capsys.readouterr().out)
    return read


def differences(target: Transport) -> list[str]:
    return [str(each) for each in verify.verify(snapshot_places(target)).differences]


def test_a_release_is_published_once(store: Stand, tmp_path: Path, capsys: Capture) -> None:
    url, root = store.new(), tmp_path / "public"
    id_ = built(root, 0)
    if store.asked is not None:
        store.asked.clear()
    done = publish(capsys, root, url)
    assert (done["release"], done["previous"], len(done["uploads"])) == (id_, None, done["objects"])
    if store.asked is not None:
        assert len(store.asked) <= done["objects"] + 1 + 10
    target = store.target(url)
    assert (current(target), missing(target), differences(target)) == (id_, [], [])
    if store.asked is not None:
        store.asked.clear()
    assert publish(capsys, root, url)["uploads"] == []
    if store.asked is not None:
        assert len(store.asked) == 3
    assert publish(capsys, root, url, "--verify")["uploads"] == []


def test_what_is_published_has_its_header_fields(bucket: Stand, tmp_path: Path, capsys: Capture) -> None:
    assert bucket.headers
    url, root = bucket.new(), tmp_path / "public"
    built(root, 0)
    publish(capsys, root, url)
    name = at(root).records.release(at(root).records.current() or "").assets["css/site.css"].name
    plain, encoded = bucket.headers(url, name), bucket.headers(url, name + ".gz")
    for fields in (plain, encoded):
        assert fields["content-type"].startswith("text/css")
        assert fields["cache-control"] == "public, max-age=31536000, immutable"
    assert not plain.get("content-encoding")
    assert encoded["content-encoding"] == "gzip"
    assert bucket.headers(url, FIXED)["cache-control"] == "max-age=60, public"
    assert bucket.headers(url, ".clearway/current")["cache-control"] == "no-cache"


def test_releases_follow_go_back_and_are_pruned(store: Stand, tmp_path: Path, capsys: Capture) -> None:
    url, root = store.new(), tmp_path / "public"
    target, ids = store.target(url), []
    for number in range(3):
        ids.append(built(root, number))
        done = publish(capsys, root, url)
        assert 0 < len(done["uploads"]) < done["objects"] or number == 0
        assert FIXED in [each["name"] for each in done["uploads"]]
        assert (done["previous"], missing(target)) == (ids[-2] if number else None, [])
    rows = ask(capsys, "releases", "--target", url)["releases"]
    assert [row["id"] for row in rows if row["current"]] == ids[2:]
    assert {row["id"] for row in rows} == set(ids)
    before = {entry.name for entry in target.list()}
    at_once = ("--retain", "1", "--retain-days", "0", "--grace", "0")
    assert {each["id"] for each in ask(capsys, "prune", "--target", url, *at_once)["removed"]} == set(ids[:2])
    after = {entry.name for entry in target.list()}
    assert after < before
    assert (current(target), missing(target), differences(target)) == (ids[2], [], [])
    assert target.head(lease.FILE) is None


def test_a_rollback_is_a_switch(store: Stand, tmp_path: Path, capsys: Capture) -> None:
    url, root = store.new(), tmp_path / "public"
    target, ids = store.target(url), []
    for number in range(2):
        ids.append(built(root, number, is_hashed=True))
        publish(capsys, root, url)
    assert ask(capsys, "verify", "--target", url)["differences"] == []
    ask(capsys, "rollback", "--target", url, "--dry-run")
    assert current(target) == ids[1]
    ask(capsys, "rollback", "--target", url)
    assert (current(target), missing(target), differences(target)) == (ids[0], [], [])
    assert publish(capsys, root, url)["uploads"] == []
    assert (current(target), missing(target), differences(target)) == (ids[1], [], [])
    assert target.head(lease.FILE) is None


def test_a_foreign_object_stays(store: Stand, tmp_path: Path, capsys: Capture) -> None:
    url, root = store.new(), tmp_path / "public"
    built(root, 0)
    target = store.target(url)
    target.put(FIXED, b"of somebody else", Fields("text/plain", ""))
    done = publish(capsys, root, url, code=1)
    assert [each["file"] for each in done["differences"]] == [FIXED]
    assert target.read(FIXED)[0] == b"of somebody else"


def test_of_two_that_publish_at_once_one_wins(store: Stand, tmp_path: Path, capsys: Capture) -> None:
    url, roots = store.new(), [tmp_path / str(number) for number in range(3)]
    ids = [built(root, number, is_hashed=True) for number, root in enumerate(roots)]
    publish(capsys, roots[0], url)

    def run(root: Path) -> int:
        return main(["publish", "--root", str(root), url, "--apply", "-v", "0"])

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(run, roots[1:]))
    target = store.target(url)
    said = capsys.readouterr()
    assert 0 in codes, said.err
    assert current(target) in [id_ for id_, code in zip(ids[1:], codes, strict=True) if code == 0]
    assert (missing(target), differences(target)) == ([], [])
    for root in roots[1:]:
        assert run(root) == 0
        assert (missing(target), differences(target)) == ([], [])
    assert current(target) == ids[2]
    assert target.head(lease.FILE) is None
