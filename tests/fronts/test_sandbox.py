"""Processes with mounts of their own: looked into where we may, and said where we may not."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.other_users import seen_by

from clearway.fronts import permission, sandbox
from clearway.fronts.permission import Worker, judge
from clearway.fronts.sandbox import Mount, covering

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")


def can_unshare() -> bool:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


in_namespaces = pytest.mark.skipif(not can_unshare(), reason="only on Linux as root, with namespaces")


@contextmanager
def process(script: str, *arguments: str) -> Iterator[int]:
    """One with mounts of its own, once they are made."""
    command = ["unshare", "-m", "sh", "-ec", f"{script}; echo ready; exec sleep 60", "sh", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        yield running.pid
        running.kill()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/a.css").write_text("a{}")
    return tmp_path


def test_a_deeper_mount_covers_and_of_two_at_one_point_the_last() -> None:
    first, home, again = (
        Mount("8:1", "/", point, kind, False) for point, kind in (("/", "ext4"), ("/home", "xfs"), ("/home", "tmpfs"))
    )
    assert covering((first, home, again), "/home/a") == again
    assert covering((first, home), "/homes/a") == first
    assert covering((), "/") is None


def test_a_line_of_mountinfo_is_read_with_its_escapes() -> None:
    line = r"36 35 98:0 /mnt\0401 /mnt\0402 ro,noatime master:1 - ext3 /dev/root rw,errors=continue"
    assert sandbox._mount(line) == Mount("98:0", "/mnt 1", "/mnt 2", "ext3", True)


@in_namespaces
def test_a_directory_hidden_by_the_process_own_mount_is_seen_as_it_sees_it(site: Path) -> None:
    with process('mount -t tmpfs none "$1"', f"{site}/home") as pid:
        worker = Worker.of_process(pid)
        assert worker.root == f"/proc/{pid}/root"
        verdict = judge(worker, f"{site}/home/a.css")
        assert (verdict.allowed, verdict.error, verdict.blocking) == (False, errno.ENOENT, f"{site}/home/a.css")
        assert f"in its own tree /proc/{pid}/root" in verdict.how
        assert judge(worker, str(site)).allowed is True


@in_namespaces
def test_links_in_another_root_end_in_that_root(site: Path) -> None:
    (site / "home/link").symlink_to("/a.css")
    with process('mount --bind "$1" "$1"; mount --make-private "$1"', f"{site}/home") as pid:
        worker = Worker(0, 0, root=f"/proc/{pid}/root{site}/home", pid=pid)
        assert judge(worker, "/link").resolved == "/a.css"
        assert judge(worker, "/../../a.css").resolved == "/a.css"


@in_namespaces
def test_nothing_is_written_where_the_process_has_a_read_only_mount(site: Path) -> None:
    with process('mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"', f"{site}/home") as pid:
        worker = Worker.of_process(pid)
        verdict = judge(worker, f"{site}/home", "wx")
        assert (verdict.allowed, verdict.error) == (False, errno.EROFS)
        assert "mounted read-only" in verdict.reason
        assert judge(worker, f"{site}/home/a.css").allowed is True
    assert judge(Worker(0, 0), f"{site}/home", "wx").allowed is True


@in_namespaces
def test_a_mount_that_we_may_not_look_into_is_said_and_not_decided() -> None:
    with process("mount -t tmpfs none /usr/share") as pid:

        def look() -> str:
            verdicts = (judge(Worker.of_process(pid), path) for path in ("/usr/bin", "/usr/share/x"))
            return " ".join(f"{each.allowed} {each.reason}" for each in verdicts)

        text = seen_by(61001, look)
    assert text.startswith("True ")
    assert f" None process {pid} sees /usr/share through a mount of its own, tmpfs" in text


@on_linux
def test_judges_beside_the_modes_are_named_and_not_asked(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "confinement", lambda pid: "nginx")
    monkeypatch.setattr(sandbox, "is_selinux_enforcing", lambda: True)
    monkeypatch.setattr(sandbox, "label", lambda path: "system_u:object_r:user_home_t:s0")
    verdict = judge(Worker(os.geteuid(), os.getegid(), pid=os.getpid()), f"{site}/home/a.css")
    assert verdict.allowed is True
    assert "profile nginx, which was not asked" in verdict.notes[0]
    assert "user_home_t" in verdict.notes[1]


@on_linux
def test_a_file_system_with_a_judge_of_its_own_is_named(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = Mount("0:99", "/", "/", "nfs4", False)
    monkeypatch.setattr(sandbox, "mounts", lambda pid=None: (foreign,))
    monkeypatch.setattr(permission.os, "major", lambda device: 0)
    verdict = judge(Worker(os.geteuid(), os.getegid()), f"{site}/home/a.css")
    assert verdict.notes == ("/ is nfs4: its own server decides, the mode is not all",)


def test_a_process_that_nothing_confines() -> None:
    assert sandbox.confinement(None) == ""
    assert sandbox.label("/no such file") == ""
