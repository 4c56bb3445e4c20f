"""CW544: private files that the worker may not read"""

from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import OTHER, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import HandOff
from clearway.fronts.permission import Worker

ROOT = Worker(0, 0)


def made(root: Path, modes: dict[str, int], worker: Worker | None, *, is_handed: bool = True) -> Fake:
    """A private file in two directories, with modes by name."""
    (root / "private/2024").mkdir(parents=True)
    (root / "private/2024/report.pdf").write_bytes(b"%PDF")
    for name, mode in modes.items():
        (root / name).chmod(mode)
    handed = [HandOff("/protected/", None, str(root / "private"))] if is_handed else []
    text = http(nginx(STATIC, "location /protected/ { internal; alias {root}/private/; }"))
    return fronted(root, text, worker=worker, handed_off=handed)


@pytest.mark.parametrize(
    ("modes", "blocked"),
    [
        ({"private": 0o700}, "private"),
        ({"private": 0o744}, "private"),
        ({"private/2024": 0o700}, "private/2024"),
    ],
)
def test_it_is_told_once(place: Path, modes: dict[str, int], blocked: str) -> None:
    (finding,) = causes("CW544", made(place, modes, OTHER))
    assert str(place / blocked) in finding.evidence[0]


@pytest.mark.parametrize(
    ("modes", "worker", "is_handed"),
    [
        ({}, OTHER, True),
        ({"private": 0o711}, OTHER, True),
        ({"private/2024/report.pdf": 0o600}, OTHER, True),  # of the file itself
        ({"private": 0o700}, ROOT, True),
        ({"private": 0o700}, None, True),
        ({"private": 0o700}, OTHER, False),
    ],
)
def test_it_is_silent(place: Path, modes: dict[str, int], worker: Worker | None, is_handed: bool) -> None:
    assert causes("CW544", made(place, modes, worker, is_handed=is_handed)) == []
