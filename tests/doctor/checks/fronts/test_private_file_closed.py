"""CW545: private files that the worker may not read"""

from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import OTHER, causes
from tests.doctor.checks.fronts.test_private_parent_closed import ROOT, made

from clearway.fronts.permission import Worker

FILE = "private/2024/report.pdf"


def test_it_is_told_once(place: Path) -> None:
    (finding,) = causes("CW545", made(place, {FILE: 0o600}, OTHER))
    assert finding.message == f"the web server may not read {place / FILE}"
    assert str(place / FILE) in finding.evidence[0]


@pytest.mark.parametrize(
    ("modes", "worker", "is_handed"),
    [
        ({}, OTHER, True),
        ({FILE: 0o644}, OTHER, True),
        ({"private": 0o700}, OTHER, True),  # of the directory
        ({FILE: 0o600}, ROOT, True),
        ({FILE: 0o600}, None, True),
        ({FILE: 0o600}, OTHER, False),
    ],
)
def test_it_is_silent(place: Path, modes: dict[str, int], worker: Worker | None, is_handed: bool) -> None:
    assert causes("CW545", made(place, modes, worker, is_handed=is_handed)) == []
