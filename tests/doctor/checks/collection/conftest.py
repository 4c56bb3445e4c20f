"""Sources and a STATIC_ROOT on the disk, for checks that look at contents and dates."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.fake_facts import collected

from clearway.doctor.facts import Collected, Sources

Disk = Callable[[dict[str, str], dict[str, str]], tuple[Sources, Collected]]


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    """Writes sources, dated 2024-01-01, and what was collected, dated a day later; gives both facts."""

    def made(sources: dict[str, str], kept: dict[str, str]) -> tuple[Sources, Collected]:
        source, root = tmp_path / "assets", tmp_path / "root"
        root.mkdir()
        files = {name: str(_written(source / name, text, 1_704_067_200)) for name, text in sources.items()}
        sizes = {name: _written(root / name, text, 1_704_153_600).stat().st_size for name, text in kept.items()}
        return Sources(files, [str(source)]), collected(root, sizes)

    return made


def _written(path: Path, text: str, date: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (date, date))
    return path
