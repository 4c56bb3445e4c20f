"""What is held is kept, is not served, and can come back; whatever ends the process meanwhile."""

import json
import os
import random
import signal
import stat
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from clearway.media import moving
from clearway.media.quarantine import FOLDER, Note, Quarantine
from clearway.stores.directory import Modes

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only on systems with descriptors of directories")

CONTENT = b"content"
NAMES = ["a.txt", "2026/11/a.txt", "Résumé (1).pdf", "x" * 255, "a.txt.json/b", ".hidden", "two\nlines", "\udce9.txt"]


@pytest.fixture(params=["in one step", "looked at before"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With the kernel's own way to replace nothing, and without it."""
    if request.param == "looked at before":
        monkeypatch.setattr(moving, "_renameat2", lambda: None)
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def put(root: Path, name: str, content: bytes = CONTENT) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def places(root: Path, name: str) -> list[Path]:
    return [path for path in (root / name, root / FOLDER / "files" / name) if os.path.lexists(path)]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_held_and_comes_back(root: Path, name: str) -> None:
    path, quarantine = put(root, name), Quarantine(root)
    note = quarantine.hold(name, "orphan")
    assert (note.name, note.reason, note.sha256) == (name, "orphan", sha256(CONTENT).hexdigest())
    assert places(root, name) == [root / FOLDER / "files" / name]
    assert name in quarantine
    assert quarantine.held(name) == note
    assert list(quarantine) == [note]
    with quarantine.open(name) as file:
        assert file.read() == CONTENT
    quarantine.restore(name)
    assert path.read_bytes() == CONTENT
    assert (name in quarantine, quarantine.held(name), list(quarantine)) == (False, None, [])
    assert [each for each in (root / FOLDER).rglob("*") if not each.is_dir()] == []


def test_the_note_says_what_the_interface_says(root: Path) -> None:
    put(root, "a/b.txt")
    Quarantine(root).hold("a/b.txt", "orphan")
    (note,) = (root / FOLDER / "notes").iterdir()
    read = json.loads(note.read_text())
    assert set(read) == {"schema", "name", "reason", "held", "sha256"}
    assert (read["schema"], read["name"]) == (1, "a/b.txt")


@pytest.mark.parametrize("umask", [0o000, 0o027, 0o077])
def test_modes_do_not_follow_the_umask(root: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        os.chmod(put(root, "a/b/c.txt"), 0o600)
        quarantine = Quarantine(root, Modes(0o640, 0o750))
        quarantine.hold("a/b/c.txt", "orphan")
        folders = [path for path in (root / FOLDER, *(root / FOLDER).rglob("*")) if path.is_dir()]
        assert {mode(path) for path in folders} == {0o700}
        (root / "a/b").rmdir()
        (root / "a").rmdir()
        quarantine.restore("a/b/c.txt")
    finally:
        os.umask(before)
    assert [mode(root / name) for name in ("a", "a/b", "a/b/c.txt")] == [0o750, 0o750, 0o640]


@pytest.mark.parametrize("name", ["", "/", "..", "../x", "a/../x", "/etc/passwd", "a//b", "a/", "a\0b", f"{FOLDER}/x"])
def test_what_names_no_file_below_the_root_is_refused(root: Path, name: str) -> None:
    put(root.parent, "x")
    quarantine = Quarantine(root)
    for change in (lambda: quarantine.hold(name, "orphan"), lambda: quarantine.restore(name)):
        with pytest.raises(ValueError, match="names no file"):
            change()
    with pytest.raises(ValueError, match="names no file"):
        quarantine.discard(name)
    assert name not in quarantine
    assert (root.parent / "x").exists()


def test_no_link_is_followed_out_of_the_root(root: Path) -> None:
    outside = put(root.parent, "outside/x.txt")
    (root / "folder").symlink_to(outside.parent)
    (root / "file").symlink_to(outside)
    quarantine = Quarantine(root)
    for name in ("folder/x.txt", "file"):
        with pytest.raises(OSError):  # of several kinds
            quarantine.hold(name, "orphan")
    put(root, "b/x.txt")
    quarantine.hold("b/x.txt", "orphan")
    (root / "b").rmdir()
    (root / "b").symlink_to(outside.parent)
    outside.unlink()
    with pytest.raises(OSError):
        quarantine.restore("b/x.txt")
    assert list(outside.parent.iterdir()) == []
    assert "b/x.txt" in quarantine


def test_a_quarantine_that_is_a_link_is_not_used(root: Path) -> None:
    (root.parent / "elsewhere").mkdir()
    (root / FOLDER).symlink_to(root.parent / "elsewhere")
    put(root, "a.txt")
    with pytest.raises(OSError):
        Quarantine(root).hold("a.txt", "orphan")
    assert (root / "a.txt").exists()


@pytest.mark.parametrize("made", ["directory", "fifo", "nothing"])
def test_what_is_no_file_is_not_held(root: Path, made: str) -> None:
    if made == "directory":
        (root / "a").mkdir()
    elif made == "fifo":
        os.mkfifo(root / "a")
    with pytest.raises(OSError):
        Quarantine(root).hold("a", "orphan")
    assert list(Quarantine(root)) == []


@pytest.mark.parametrize("name", ["x" * 300, "a.txt/b", "\ud800", "nothing", "folder/" * 1000 + "x"])
def test_what_can_be_no_file_is_not_held(root: Path, name: str) -> None:
    put(root, "a.txt")
    quarantine = Quarantine(root)
    quarantine.hold("a.txt", "orphan")
    assert name not in quarantine
    assert quarantine.held(name) is None


def test_nothing_is_replaced(root: Path) -> None:
    quarantine = Quarantine(root)
    put(root, "a.txt", b"first")
    quarantine.hold("a.txt", "orphan")
    put(root, "a.txt", b"second")
    with pytest.raises(FileExistsError):
        quarantine.hold("a.txt", "orphan")
    with pytest.raises(FileExistsError):
        quarantine.restore("a.txt")
    with pytest.raises(FileExistsError):
        quarantine.admit("a.txt", "scan", "", lambda path: None)
    assert (root / "a.txt").read_bytes() == b"second"
    with quarantine.open("a.txt") as file:
        assert file.read() == b"first"


def test_a_new_file_is_admitted_without_having_been_there(root: Path) -> None:
    draft, quarantine = put(root.parent, "draft"), Quarantine(root)
    note = quarantine.admit("a/new.txt", "not scanned", "00", lambda path: os.link(draft, path))
    assert quarantine.held("a/new.txt") == note
    assert not (root / "a").exists()
    quarantine.restore("a/new.txt")
    assert (root / "a/new.txt").read_bytes() == CONTENT


def test_a_file_that_cannot_be_given_leaves_no_note(root: Path) -> None:
    def fail(path: str) -> None:
        raise OSError("full")

    quarantine = Quarantine(root)
    with pytest.raises(OSError, match="full"):
        quarantine.admit("a/new.txt", "not scanned", "00", fail)
    assert [path for path in (root / FOLDER).rglob("*") if not path.is_dir()] == []


def test_what_is_discarded_is_gone(root: Path) -> None:
    put(root, "a/b.txt")
    quarantine = Quarantine(root)
    quarantine.hold("a/b.txt", "orphan")
    quarantine.discard("a/b.txt")
    assert places(root, "a/b.txt") == []
    for change in (quarantine.discard, quarantine.restore, quarantine.open):
        with pytest.raises(FileNotFoundError):
            change("a/b.txt")


def test_a_file_without_its_note_is_held_all_the_same(root: Path) -> None:
    put(root, "a.txt")
    quarantine = Quarantine(root)
    quarantine.hold("a.txt", "orphan")
    for note in (root / FOLDER / "notes").iterdir():
        note.write_text("{")
    assert list(quarantine) == [Note("a.txt", "unknown", 0, "")]
    quarantine.restore("a.txt")
    assert (root / "a.txt").exists()


def test_threads_take_turns(root: Path) -> None:
    names = [f"{number % 3}/{number}.txt" for number in range(60)]
    for name in names:
        put(root, name)
    errors: list[Exception] = []

    def work(mine: list[str]) -> None:
        try:
            for name in mine:
                Quarantine(root).hold(name, "orphan")
                Quarantine(root).restore(name)
                Quarantine(root).hold(name, "orphan")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(names[at::4],)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(note.name for note in Quarantine(root)) == sorted(names)


_BACK_AND_FORTH = """
import sys
from pathlib import Path
from clearway.media.quarantine import Quarantine
quarantine, names = Quarantine(Path(sys.argv[1])), sys.argv[2:]
print("ready", flush=True)
while True:
    for name in names:
        quarantine.restore(name) if name in quarantine else quarantine.hold(name, "orphan")
"""


@pytest.mark.parametrize("seed", range(12))
def test_a_kill_leaves_each_file_in_one_place(tmp_path: Path, seed: int) -> None:
    pause = random.Random(seed).uniform(0, 0.05)
    names = ["a.txt", "b/c.txt", "b/d/e.txt"]
    for name in names:
        put(tmp_path, name)
    words = [sys.executable, "-c", _BACK_AND_FORTH, str(tmp_path), *names]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        threading.Event().wait(pause)
        process.send_signal(signal.SIGKILL)
    quarantine = Quarantine(tmp_path)
    for name in names:
        (place,) = places(tmp_path, name)
        assert place.read_bytes() == CONTENT
        note = quarantine.held(name)
        assert (note is not None) == (place != tmp_path / name)
        assert note is None or note.reason == "orphan"
    quarantine.heal()
    for note in list(quarantine):
        quarantine.restore(note.name)
    assert [path for path in (tmp_path / FOLDER).rglob("*") if not path.is_dir()] == []
