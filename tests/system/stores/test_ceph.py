"""A distributed store that loses a part of itself."""

from pathlib import Path

import pytest
from tests.helpers.ceph import Ceph
from tests.releases.publishing import current, missing, publish
from tests.releases.sites import NEW, OLD, released

from clearway.stores.targets import open_target

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]  # the first one also installs and starts the stores


def test_a_release_is_published_while_one_of_three_is_down(
    ceph: Ceph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in ceph.environ().items():
        monkeypatch.setenv(name, value)
    url, root = f"{ceph.new_bucket()}/live", tmp_path / "public"
    released(root, OLD)
    publish(capsys, root, url)
    released(root, OLD, NEW)
    ceph.stop_osd(1)
    try:
        assert "osd.1" not in ceph.pids
        id_ = publish(capsys, root, url)["release"]
        target = open_target(url, {})
        assert (current(target), missing(target)) == (id_, [])
    finally:
        ceph.start_osd(1)
    assert set(ceph.pids) == {"mon", "osd.0", "osd.1", "osd.2", "gateway"}
    assert missing(target) == []
