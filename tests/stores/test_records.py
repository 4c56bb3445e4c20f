"""Records: one damaged file costs no more than itself."""

import logging
from pathlib import Path

import pytest

from clearway.catalog import layout
from clearway.catalog.asset import Asset
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.history import History
from clearway.catalog.release import Release
from clearway.stores.directory import Directory
from clearway.stores.records import Records


def release(number: int) -> Release:
    asset = Asset(f"a.{number}.css", 1, f"{number:064}", "", "text/css")
    return Release("/static/", "settings", {"a.css": asset})


ONE, TWO = release(1), release(2)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    made = Records(Directory(tmp_path))
    history = History().switched(ONE.id, None, 100).switched(TWO.id, ONE.id, 200)
    for each in (ONE, TWO):
        made.put(layout.record(each.id), each.to_bytes())
    made.put(layout.HISTORY, history.to_bytes())
    made.put(layout.CURRENT, f"{TWO.id}\n".encode())
    return made


def ids(records: Records) -> list[str]:
    return [each.id for each in records.retained()]


def test_retained_releases_come_newest_first(records: Records) -> None:
    assert ids(records) == [TWO.id, ONE.id]
    assert records.current() == TWO.id
    assert records.release(ONE.id).assets == ONE.assets


def test_nothing_was_built_yet(tmp_path: Path) -> None:
    records = Records(Directory(tmp_path / "none"))
    assert (records.current(), ids(records), records.history().entries) == (None, [], {})


@pytest.mark.parametrize("data", [b"", b"../../etc/passwd", b"\xff\xfe", b"0123456789ABCDEF"])
def test_a_damaged_pointer_is_none(records: Records, tmp_path: Path, data: bytes) -> None:
    (tmp_path / layout.CURRENT).write_bytes(data)
    assert records.current() is None
    assert ids(records) == [TWO.id, ONE.id]


def test_a_damaged_record_is_passed_over(records: Records, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / layout.record(ONE.id)).write_bytes(b"{")
    with caplog.at_level(logging.WARNING):
        assert ids(records) == [TWO.id]
    assert "not retained" in caplog.text
    with pytest.raises(RecordError, match="is not a release record"):
        records.release(ONE.id)


@pytest.mark.parametrize("data", [None, b"", b"[]"])
def test_without_a_history_every_record_counts_as_retained(
    records: Records, tmp_path: Path, data: bytes | None
) -> None:
    path = tmp_path / layout.HISTORY
    path.unlink() if data is None else path.write_bytes(data)
    assert ids(records) == [TWO.id, ONE.id]
    assert records.history().entries[TWO.id].retired is None
    assert records.history().entries[ONE.id].retired is not None


@pytest.mark.parametrize("id_", ["0" * 16, "nonsense", "../../x", ""])
def test_an_unknown_release_is_a_clear_error(records: Records, id_: str) -> None:
    with pytest.raises(UnknownReleaseError):
        records.release(id_)


def test_putting_the_same_octets_writes_nothing(records: Records, tmp_path: Path) -> None:
    path = tmp_path / layout.CURRENT
    before = path.stat()
    assert not records.put(layout.CURRENT, f"{TWO.id}\n".encode())
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert records.put(layout.CURRENT, f"{ONE.id}\n".encode())


def test_the_stamp_changes_with_the_retained_releases(records: Records) -> None:
    before = records.stamp()
    assert records.stamp() == before
    records.put(layout.HISTORY, History().to_bytes())
    assert records.stamp() != before
