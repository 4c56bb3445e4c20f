"""CW530: the temporary directory is closed to the worker"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import MEDIA, OTHER, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake

from clearway.fronts.permission import Worker


def closed(root: Path, name: str, mode: int = 0o700) -> Worker:
    """Make a directory of a mode, which its owner is to write to, and somebody else who passes by."""
    (root / name).mkdir()
    (root / name).chmod(mode)
    for each in (root, *root.parents):
        if each.stat().st_uid == os.getuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o011)
    return OTHER


FIRES: dict[str, Callable[[Path], Fake]] = {
    "of somebody else": lambda root: fronted(
        root, http(nginx("client_body_temp_path {root}/tmp;", STATIC)), worker=closed(root, "tmp")
    ),
}
SILENT: dict[str, Callable[[Path], Fake]] = {
    "two aliases": lambda root: fronted(root, http(nginx(STATIC, MEDIA)), uploads=["cat.jpg"]),
    "open": lambda root: fronted(
        root, http(nginx("client_body_temp_path {root}/tmp;", STATIC)), worker=closed(root, "tmp", 0o777)
    ),
    "not there yet": lambda root: fronted(root, http(nginx("client_body_temp_path {root}/none;", STATIC))),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, tmp_path: Path) -> None:
    (finding,) = causes("CW530", FIRES[name](tmp_path))
    assert finding.evidence
    assert finding.fix.summary


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert causes("CW530", SILENT[name](tmp_path)) == []
