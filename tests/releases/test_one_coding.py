"""The verbs of a target whose texts lie there in one coding only."""

from pathlib import Path

import pytest
from tests.helpers.object_server import ObjectServer
from tests.releases.publishing import current, publish
from tests.releases.sites import NEW, OLD, at, released

from clearway.cli import main
from clearway.releases.files import files_of
from clearway.releases.objects import objects_of, published_as
from clearway.releases.verify import verify
from clearway.stores.decode import decoded
from clearway.stores.targets import open_target, snapshot_places
from clearway.stores.transport import Fields

Capture = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def url(object_server: ObjectServer, tmp_path: Path, capsys: Capture) -> str:
    """A target with two releases in brotli."""
    url = f"{object_server.new_bucket()}/live"
    for tree in (OLD, NEW):
        released(tmp_path / "public", tree)
        publish(capsys, tmp_path / "public", url, "--coding", "br")
    return url


@pytest.mark.parametrize("coding", ["", "br", "gzip", "zstd"])
def test_a_record_says_what_lies_there_and_is_the_same_release(tmp_path: Path, coding: str) -> None:
    (whole,) = released(tmp_path, OLD)
    there = published_as(whole, coding)
    assert there.id == whole.id
    assert type(there).from_bytes(there.to_bytes()) == there
    wanted = {name: each.content for name, each in objects_of(whole, coding, 60).items()}
    assert files_of(there) == wanted == {name: each.content for name, each in objects_of(there, coding, 60).items()}


def test_they_compare_rollback_and_prune(url: str, tmp_path: Path, capsys: Capture) -> None:
    target = open_target(url, {})
    new, old = (release.id for release in at(tmp_path / "public").records.retained())
    assert verify(snapshot_places(target)).differences == []
    assert main(["verify", "--target", url]) == 0
    assert main(["rollback", "--target", url]) == 0
    assert current(target) == old
    capsys.readouterr()
    assert publish(capsys, tmp_path / "public", url, "--coding", "br")["uploads"] == []
    assert main(["prune", "--target", url, "--retain", "1", "--retain-days", "0", "--grace", "0"]) == 0
    assert main(["verify", "--target", url]) == 0
    assert list(snapshot_places(target).records.history().entries) == [new]


def test_an_object_that_decodes_to_something_else_is_found(url: str, capsys: Capture) -> None:
    target = open_target(url, {})
    records = snapshot_places(target).records
    release = records.release(records.current() or "")
    asset = next(each for each in release.assets.values() if each.encoded)
    there = target.read(asset.name)[0]
    assert decoded("br", there)
    target.put(asset.name, there[:-1] + b"?", Fields(asset.type, "", "br"))
    assert main(["verify", "--target", url]) == 1
    assert f"{asset.name} has other contents" in capsys.readouterr().out
    assert main(["rollback", "--target", url, release.id]) == 1
