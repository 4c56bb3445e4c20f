"""The size report: sums over a release, told twice, in JSON and in text."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.build.trees import TREE, run

from clearway.build import size_report
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.release import Release

SHA = "0" * 64
CODINGS = ("br", "gzip", "zstd")


def asset(size: int, type_: str = "text/css", **variants: int) -> Asset:
    return Asset("a", size, SHA, "", type_, variants={name: Variant(each, SHA) for name, each in variants.items()})


def report(**assets: Asset) -> size_report.SizeReport:
    return size_report.of(Release("/static/", "", assets))


def test_a_report_by_hand() -> None:
    made = report(
        a=asset(1000, br=200, gzip=300), b=asset(500, "image/png"), c=asset(50), d=asset(0), e=asset(100, gzip=90)
    )
    assert made.to_json() == {
        "schema": 1,
        "files": 5,
        "before": 1650,
        "after": 840,
        "saved": 0.4909,
        "codings": {
            "br": {"files": 1, "before": 1000, "after": 200, "saved": 0.8},
            "gzip": {"files": 2, "before": 1100, "after": 390, "saved": 0.6455},
        },
        "largest": [
            {"name": "b", "size": 500, "smallest": 500},
            {"name": "a", "size": 1000, "smallest": 200},
            {"name": "e", "size": 100, "smallest": 90},
            {"name": "c", "size": 50, "smallest": 50},
            {"name": "d", "size": 0, "smallest": 0},
        ],
        "incompressible": [{"name": "c", "size": 50, "smallest": 50}],
    }
    assert made.lines() == [
        "5 files, 1.6 kB; encoded 840 B (49% saved)",
        "  br         1 files     1.0 kB to     200 B  (80% saved)",
        "  gzip       2 files     1.1 kB to     390 B  (65% saved)",
        "Largest as sent:",
        "      500 B  b",
        "      200 B  a",
        "       90 B  e",
        "       50 B  c",
        "        0 B  d",
        "No coding pays:",
        "       50 B  c",
    ]


def test_an_empty_release_has_a_report() -> None:
    assert report().lines() == ["0 files, 0 B; encoded 0 B (0% saved)"]


@given(st.dictionaries(st.text(max_size=5), st.builds(asset, st.integers(0, 9999), br=st.integers(0, 999))))
def test_sums_are_sums(assets: dict[str, Asset]) -> None:
    made = report(**assets)
    assert made.before == sum(each.size for each in assets.values())
    assert made.after <= made.before
    assert list(made.largest) == sorted(made.largest, key=lambda each: (-each.smallest, each.name))
    assert json.loads(json.dumps(made.to_json())) == made.to_json()


def test_a_built_release_is_reported(tmp_path: Path) -> None:
    made = size_report.of(run(tmp_path, TREE).release)
    assert made.files == len(TREE)
    assert set(made.codings) == set(CODINGS)
    assert made.before > made.after
