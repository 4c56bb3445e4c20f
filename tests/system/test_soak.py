"""A part of the soak: kills and a full disk under a reader, releases switched under visitors, uploads of many."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

pytestmark = [pytest.mark.system, pytest.mark.skipif(not hasattr(os, "fork"), reason="only on systems with fork")]


def soak(what: str, seconds: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "tools.soak", what, "--seed", "1", "--seconds", str(seconds)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def test_kills() -> None:
    done = soak("kills", 20)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no missing or damaged file was seen" in done.stdout


@pytest.mark.skipif(
    sys.platform != "linux"
    or os.geteuid() != 0
    or subprocess.run(["unshare", "-m", "true"], check=False).returncode != 0,
    reason="only on Linux as root",
)
def test_a_full_disk() -> None:
    done = soak("full", 10)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "disk full, stopped" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
def test_mixed_load_while_releases_are_switched() -> None:
    command = [sys.executable, "-m", "tools.soak_serving", "--seed", "1", "--seconds", "10"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no wrong byte" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
@pytest.mark.timeout(300)
def test_uploads_while_the_server_is_killed_and_the_disk_is_full() -> None:
    command = [sys.executable, "-m", "tools.soak_media", "--seed", "1"]
    command += ["--seconds", "30", "--uploads", "150", "--clients", "20"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no half file" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
@pytest.mark.parametrize("kind", ["gunicorn", "uvicorn"])
def test_mixed_traffic_for_the_lanes(kind: str) -> None:
    command = [sys.executable, "-m", "tools.lane_traffic", kind, "--seed", "1", "--count", "20000", "--seconds", "20"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no answer was lost, doubled or wrong" in done.stdout
