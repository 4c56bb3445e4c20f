"""Letting a worker read: nobody else gets more, and a script gives back what was before."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.doctor.fix.surroundings import around

from clearway.doctor.fix.rights import Granting, Opening
from clearway.editing.errors import EditError
from clearway.fronts import acl
from clearway.fronts.acl import Entry, Tag
from clearway.fronts.permission import judge
from clearway.fronts.worker import Worker

PRIVATE = (Entry(Tag.OWNER, 7), Entry(Tag.OWNING_GROUP, 0), Entry(Tag.OTHER, 0))
WORKER, OTHER = Worker(65533, 65533), Worker(65532, 65532)


@pytest.fixture
def root(place: Path) -> Path:
    folder = place / "static"
    (folder / "css").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("css/a.css", "run.sh", ".env", ".git/config"):
        (folder / name).write_text("x")
        (folder / name).chmod(0o600)
    (folder / "run.sh").chmod(0o700)
    (place / "secret").write_text("x")
    (place / "secret").chmod(0o600)
    (folder / "link").symlink_to(place / "secret")
    (folder / "css").chmod(0o700)
    folder.chmod(0o700)
    return folder


def modes(root: Path) -> dict[str, int]:
    paths = [root, *root.rglob("*"), root.parent / "secret"]
    return {path.relative_to(root.parent).as_posix(): path.stat().st_mode & 0o7777 for path in paths}


def test_everybody_may_read_what_is_public(root: Path) -> None:
    before = modes(root)
    done = Opening(root).do(around(root.parent))
    changed = {"static": 0o755, "static/css": 0o755, "static/css/a.css": 0o644, "static/run.sh": 0o755}
    assert modes(root) == before | changed
    assert judge(WORKER, str(root / "css" / "a.css")).allowed
    assert done.backups == (f"{root}.clearway-backup",)


def test_the_script_gives_the_modes_back(root: Path) -> None:
    before = modes(root)
    done = Opening(root).do(around(root.parent))
    subprocess.run(["sh", done.backups[0]], check=True)
    assert modes(root) == before


def test_what_is_open_is_left_alone(root: Path) -> None:
    Opening(root).do(around(root.parent))
    assert Opening(root).do(around(root.parent)).files == ()
    assert [path.name for path in root.parent.glob("*clearway-backup*")] == ["static.clearway-backup"]


def lists(path: Path) -> None:
    try:
        os.setxattr(
            path, acl.ATTRIBUTE, acl.pack((Entry(Tag.OWNER, 7), Entry(Tag.OWNING_GROUP, 0), Entry(Tag.OTHER, 0)))
        )
    except (OSError, AttributeError):
        pytest.skip("needs a file system with access lists")


def test_one_user_may_enter_and_nobody_else(place: Path) -> None:
    home = place / "home"
    home.mkdir()
    lists(home)
    (home / "a").write_text("x")
    home.chmod(0o700)
    Granting(home, WORKER.uid, 1).do(around(place))
    assert judge(WORKER, str(home / "a"), "").allowed
    assert judge(WORKER, str(home), "r").allowed is False
    assert judge(OTHER, str(home / "a"), "").allowed is False
    assert Granting(home, WORKER.uid, 1).do(around(place)).files == ()


def test_a_mask_that_grows_gives_nobody_else_more(place: Path) -> None:
    home = place / "home"
    home.mkdir()
    lists(home)
    narrow = (
        Entry(Tag.OWNER, 7),
        Entry(Tag.USER, 7, OTHER.uid),
        Entry(Tag.OWNING_GROUP, 5),
        Entry(Tag.MASK, 4),
        Entry(Tag.OTHER, 0),
    )
    os.setxattr(home, acl.ATTRIBUTE, acl.pack(narrow))
    Granting(home, WORKER.uid, 1).do(around(place))
    assert judge(WORKER, str(home), "x").allowed
    assert judge(OTHER, str(home), "x").allowed is False
    assert judge(OTHER, str(home), "r").allowed


def test_the_script_gives_the_list_back(place: Path) -> None:
    home = place / "home"
    home.mkdir()
    lists(home)
    home.chmod(0o700)
    before = acl.of(str(home))
    done = Granting(home, WORKER.uid, 1).do(around(place))
    text = Path(done.backups[0]).read_text()
    assert f"setfacl {'--set=' if before else '-b'}" in text


def test_what_cannot_be_granted_is_said(place: Path) -> None:
    with pytest.raises(EditError, match="cannot be set"):
        Granting(place / "absent", WORKER.uid, 1).do(around(place))
