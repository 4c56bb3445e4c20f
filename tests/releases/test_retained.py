"""What retained releases hold on to."""

from pathlib import Path

from clearway.catalog import layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.history import History
from clearway.catalog.release import Release
from clearway.releases.retained import RetainedReleases
from clearway.stores.directory import Directory
from clearway.stores.records import Records

VARIANT = Variant(1, "0" * 64)
OLD = Release(
    "/static/",
    "",
    {"a.css": Asset("a.1.css", 1, "1" * 64, "", ""), "gone.css": Asset("gone.1.css", 1, "1" * 64, "", "")},
)
NEW = Release(
    "/static/",
    "",
    {
        "a.css": Asset("a.2.css", 1, "2" * 64, "", "", variants={"br": VARIANT, "zstd": VARIANT}),
        "same.css": Asset("same.css", 1, "2" * 64, "", ""),
    },
)


def switch(records: Records, release: Release, now: int) -> None:
    records.put(layout.record(release.id), release.to_bytes())
    records.put(layout.HISTORY, records.history().switched(release.id, records.current(), now).to_bytes())
    records.put(layout.CURRENT, release.id.encode())


def test_the_newest_release_wins_and_files_of_all_stay(tmp_path: Path) -> None:
    records = Records(Directory(tmp_path))
    records.put(layout.HISTORY, History().to_bytes())
    retained = RetainedReleases(records)
    assert retained.get().names == {}
    switch(records, OLD, 100)
    assert retained.get().names == {"a.css": "a.1.css", "gone.css": "gone.1.css"}
    switch(records, NEW, 200)
    assert retained.get().names == {"a.css": "a.2.css", "gone.css": "gone.1.css", "same.css": "same.css"}
    assert retained.get().files == {"a.1.css", "gone.1.css", "a.2.css", "a.2.css.br", "a.2.css.zst"}
    assert retained.get() is retained.get()
