"""The soak against a Ceph cluster, of which one of three OSDs stops, or hangs, while a release is published."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from threading import Event, Thread
from time import sleep
from typing import Any

from tools.soak_publish_campaign import FINE, REFUSED, Campaign
from tools.soak_publish_road import Happening
from tools.soak_publish_stores import Bucket
from tools.soak_publish_troubles import OF_A_BUCKET

PATIENT = "60s"  # the client waits until the cluster has noticed
OSDS = (0, 1, 2)
HANGS = 9.0  # seconds: longer than the others wait before they say that it is down


class CephBucket(Bucket):
    def __init__(self, cluster: Any) -> None:
        super().__init__("Ceph", cluster.url, cluster.environ())
        self.cluster = cluster


@contextmanager
def ceph() -> Iterator[CephBucket]:
    """A cluster of its own. Raises `RuntimeError` where the system has no Ceph."""
    helper: Any = import_module("tests.helpers.ceph")
    why = helper.missing()
    if why:
        raise RuntimeError(why)
    with helper.running() as cluster:
        yield CephBucket(cluster)


def osd_stopped(campaign: Campaign, root: Path) -> None:
    """It shuts down in the middle of a run; it comes back when that is over."""
    cluster, number = _cluster(campaign), campaign.chance.choice(OSDS)
    _troubled(campaign, root, lambda: cluster.stop_osd(number))
    cluster.start_osd(number)
    campaign.count("times an OSD stopped and came back")


def osd_hung(campaign: Campaign, root: Path) -> None:
    """It does not answer any more, and goes on when the cluster has given it up."""
    cluster = _cluster(campaign)
    pid = cluster.pids[f"osd.{campaign.chance.choice(OSDS)}"]

    def hang() -> None:
        os.kill(pid, SIGSTOP)
        sleep(HANGS)
        os.kill(pid, SIGCONT)

    _troubled(campaign, root, hang)
    cluster.await_recovery()
    campaign.count("times an OSD hung")


OF_CEPH = (*OF_A_BUCKET, osd_stopped, osd_hung)


def _troubled(campaign: Campaign, root: Path, trouble: Callable[[], None]) -> None:
    """Publish; at some request the trouble begins, and the request goes on."""
    begun, thread = Event(), Thread(target=trouble)

    def begin() -> bool:
        thread.start()
        begun.set()
        return True

    chance = campaign.chance
    at = Happening(chance.randint(2, 10), chance.random() < 0.5, begin)
    started = campaign.start(campaign.words("publish", root), campaign.ordinary(at=at, timeout=PATIENT))
    code = campaign.ended(started, FINE, REFUSED)
    campaign.count("runs under way when an OSD went", begun.is_set())
    campaign.count("of them, runs that finished without it", begun.is_set() and code == FINE)
    if begun.is_set():
        thread.join()
    else:
        trouble()


def _cluster(campaign: Campaign) -> Any:
    store = campaign.store
    assert isinstance(store, CephBucket)
    return store.cluster
