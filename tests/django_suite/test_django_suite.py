"""Django's own tests of staticfiles, from its source distribution, with Clearway's storage and command.

On every cell: what Django tests differs from version to version.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import django
import pytest

REPOSITORY = Path(__file__).parents[2]
RUNNER = Path(__file__).with_name("django_suite.py")
MEMORY = Path("/dev/shm")  # a file system where to wait for the disk costs nothing
SECONDS = 300


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time: cells run side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def source() -> Path | None:
    """Django's source tree in the version of this cell, fetched once; None when it cannot be had."""
    version, kept = django.__version__, REPOSITORY / ".cells" / "django"
    with locked(kept):
        tree = kept / version
        if not tree.is_dir():
            fetch(version, kept)
        return tree if tree.is_dir() else None


def fetch(version: str, kept: Path) -> None:
    """Download, unpack, and move into place as the last step."""
    work = kept / f".{version}"
    shutil.rmtree(work, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "download", "--no-binary", ":all:", "--no-deps", "--quiet"]
    for _ in range(2):
        done = subprocess.run(
            [*pip, "--dest", str(work), f"Django=={version}"], capture_output=True, timeout=SECONDS, check=False
        )
        if done.returncode == 0:
            break
    for archive in work.glob("*.tar.gz"):
        with tarfile.open(archive) as packed:
            packed.extractall(work, filter="data")
        next(path for path in work.iterdir() if path.is_dir()).rename(kept / version)
    shutil.rmtree(work, ignore_errors=True)


@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize("command", ["django", "clearway"])
def test_djangos_tests_of_staticfiles_pass(command: str) -> None:
    tree = source()
    if tree is None:
        pytest.skip("needs the Django source distribution")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    environment |= {"TMPDIR": str(MEMORY)} if os.access(MEMORY, os.W_OK) else {}
    done = subprocess.run(
        [sys.executable, str(RUNNER), str(tree / "tests"), command],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment,
        check=False,
    )
    assert done.stdout, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["failed"] == {}
    assert outcome["run"] >= 190
    assert set(outcome["skipped"].values()) <= {"Windows only partially supports chmod."}
