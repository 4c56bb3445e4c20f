"""A file without a hash in its name, whose contents the releases do not share: a source map beside its bundle."""

import json
from pathlib import Path

import pytest
from tests.releases.sites import OLD, write

from clearway.cli import main

BUNDLE = "dist/app-4f3c1d2a.js"
MAP = f"{BUNDLE}.map"
TREE = OLD | {
    "dist/manifest.json": json.dumps({"app.js": {"file": "app-4f3c1d2a.js", "src": "app.js"}}).encode(),
    BUNDLE: b"let bundled;" * 40,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two releases, of which the second has another map."""
    for number in (1, 2):
        write(tmp_path / "source", TREE | {MAP: b'{"version": 3, "sourcesContent": ["// %d"]}' % number * 9})
        words = ["build", str(tmp_path / "source"), "--out", str(tmp_path / "root"), "--levels", "fast"]
        assert main([*words, "--no-unhashed", "-v", "0"]) == 0
    return tmp_path / "root"


def test_each_release_is_whole(root: Path) -> None:
    assert main(["verify", "--root", str(root)]) == 0


def test_going_back_leaves_it_as_it_is(root: Path) -> None:
    later = (root / MAP).read_bytes()
    assert main(["rollback", "--root", str(root)]) == 0
    assert (root / MAP).read_bytes() == later
    assert main(["verify", "--root", str(root)]) == 0


@pytest.mark.parametrize("verb", ["verify", "rollback"])
def test_without_it_no_release_is_whole(root: Path, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    (root / MAP).unlink()
    assert main([verb, "--root", str(root), "--format", "json"]) == 1
    assert MAP in [each["file"] for each in json.loads(capsys.readouterr().out)["differences"]]


def test_contents_of_no_release_are_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / MAP).write_bytes(b"{}")
    assert main(["verify", "--root", str(root), "--format", "json"]) == 1
    told = {each["file"] for each in json.loads(capsys.readouterr().out)["differences"]}
    assert MAP in told and all(name.startswith(MAP) for name in told)
