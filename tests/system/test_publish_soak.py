"""A part of the soak of publishing: kills, spoilt answers, races and foreign objects under a reader, in real processes.

The long one is `make soak`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from tools.soak_media import can_mount
from tools.soak_publish import releases
from tools.soak_publish_campaign import Campaign, Soak, Step
from tools.soak_publish_ceph import CephBucket, osd_stopped
from tools.soak_publish_stores import Folder, Store, moto
from tools.soak_publish_troubles import foreign, killed, killed_at_a_moment, paused, raced, rolled_back, spoilt

if TYPE_CHECKING:
    from tests.helpers.ceph import Ceph

REPOSITORY = Path(__file__).parents[2]
SEED = 9
KILLS: Sequence[Step] = (killed, killed, killed)
FIRST: Sequence[Step] = (*KILLS, spoilt, foreign)
SECOND: Sequence[Step] = (*KILLS, raced, paused)

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(sys.platform != "linux", reason="only on Linux"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return releases(tmp_path_factory.mktemp("releases"), 3)


@pytest.fixture(params=["moto", "moto that overwrites", "directory", "directory without locks"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param.startswith("directory"):
        yield Folder(tmp_path, no_locks="without" in request.param)
        return
    with moto() as make:
        yield make("overwrites" if "that" in request.param else "")


def besieged(store: Store, roots: Sequence[Path], *plan: Sequence[Step]) -> Soak:
    soak = Soak(store, roots, Random(SEED), inf)
    Campaign(soak, "target").run(plan)
    assert soak.found == []
    assert soak.counts["undisturbed runs that finished the job"] == len(plan)
    assert soak.counts["targets verified at the end: all as recorded"] == 1
    assert soak.counts["passes of the reader"]
    return soak


def test_whatever_happens_to_a_publisher_a_reader_misses_nothing(store: Store, roots: list[Path]) -> None:
    is_remote, is_leased = not isinstance(store, Folder), not store.is_conditional
    if is_leased or not is_remote:
        soak = besieged(store, roots, KILLS, (killed, rolled_back) if is_leased else (killed, raced))
    else:
        soak = besieged(store, roots, FIRST, SECOND, (killed_at_a_moment, rolled_back))
    assert sum(number for name, number in soak.counts.items() if "killed at" in name)


@pytest.mark.skipif(not can_mount(), reason="only on Linux as root")
def test_a_disk_that_is_full_or_read_only_costs_nothing_that_is_there() -> None:
    command = [sys.executable, "-m", "tools.soak_publish", "full", "--seed", str(SEED), "--seconds", "0"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[12]  times the disk was full", done.stdout)
    assert "nothing was missed" in done.stdout


def test_an_osd_of_ceph_stops_while_a_release_is_published(ceph: "Ceph", roots: list[Path]) -> None:
    soak = besieged(CephBucket(ceph), roots, (osd_stopped,), (osd_stopped,))
    assert soak.counts["runs under way when an OSD went"] == 2
