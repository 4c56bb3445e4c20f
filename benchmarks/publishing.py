"""Publishing a site to an object store: for the first time, again with nothing changed, and from a fresh clone.

Every publisher has an empty bucket of the same store, which counts the requests. A run is what a deploy would run:
of the peers `collectstatic`, of Clearway `collectstatic` to the disk and `clearway publish`, timed apart; and before it
Python and Django, which do nothing but start.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .bucket import bucket
from .gateway import gateway
from .measure import BIN, REPOSITORY, Used, cell, used

KINDS = ("HEAD", "GET", "LIST", "PUT", "DELETE")
PHASES = ("first", "nothing changed", "newer times")
PUBLISHERS: Mapping[str, Mapping[str, str]] = {
    "clearway": {"BENCH_PUBLISHER": "clearway", "BENCH_STACK": "clearway"},
    "clearway, texts as br": {"BENCH_PUBLISHER": "clearway", "BENCH_STACK": "clearway", "BENCH_CODING": "br"},
    "S3StaticStorage": {"BENCH_PUBLISHER": "S3StaticStorage"},
    "S3ManifestStaticStorage": {"BENCH_PUBLISHER": "S3ManifestStaticStorage"},
    "collectfasta": {"BENCH_PUBLISHER": "collectfasta"},
    "collectfasta, 16 threads": {"BENCH_PUBLISHER": "collectfasta", "BENCH_THREADS": "16"},
}
_START = (sys.executable, "-c", "import django; django.setup()")
_COLLECT = (sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0")
_PUBLISH = (str(BIN / "clearway"), "publish", "--apply", "-v", "0")


class Store(Protocol):
    """An S3 endpoint on loopback."""

    @property
    def url(self) -> str: ...

    @property
    def keys(self) -> tuple[str, str]: ...

    def make(self, name: str) -> None: ...

    def counts(self) -> Mapping[str, int]: ...


STORES: Mapping[str, Callable[[], AbstractContextManager[Store]]] = {"Ceph": gateway, "moto": bucket}


@dataclass(frozen=True)
class Run:
    """Seconds of wall, of these collecting to the disk, seconds of CPU, peak memory in MB, requests by kind.

    `start` is the seconds of a process that does nothing but start.
    """

    wall: float
    collecting: float
    cpu: float
    memory: float
    requests: Mapping[str, int] = field(default_factory=dict)
    start: float = 0.0

    @property
    def asked(self) -> int:
        """All requests."""
        return sum(self.requests.values())

    @property
    def publishing(self) -> float:
        """Seconds without collecting to the disk."""
        return self.wall - self.collecting

    @property
    def after_start(self) -> float:
        """Of these, seconds after Python and Django have started."""
        return self.publishing - self.start


@dataclass(frozen=True)
class Site:
    """The same sources for every publisher, and a place of its own."""

    name: str
    env: Mapping[str, str]
    source: Path
    root: Path
    store: Store

    def run(self) -> Run:
        """One deploy."""
        self.store.counts()
        start = self._used(_START).wall
        first = self._used(_COLLECT)
        if self.env["BENCH_PUBLISHER"] != "clearway":
            return Run(first.wall, 0.0, first.cpu, first.memory, self.store.counts(), start)
        second = self._used(_PUBLISH)
        cpu = first.cpu + second.cpu
        return Run(first.wall + second.wall, first.wall, cpu, second.memory, self.store.counts(), start)

    def environ(self) -> Mapping[str, str]:
        """What the commands of this site are told."""
        key, secret = self.store.keys
        variables = {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "DJANGO_SETTINGS_MODULE": "benchmarks.site.publishing",
            "BENCH_SOURCE": str(self.source),
            "BENCH_ROOT": str(self.root),
            "BENCH_ENDPOINT": self.store.url,
            "AWS_ENDPOINT_URL": self.store.url,
            "CLEARWAY_CACHE": f"{self.root}-cache",
        }
        return {**os.environ, **variables, **self.env}

    def _used(self, command: Sequence[str]) -> Used:
        found = used(command, self.environ())
        if found.code:
            raise RuntimeError(f"{self.name}: {command} failed with {found.code}")
        return found


Results = dict[tuple[int, str, str], list[Run]]


def measure(folder: Path, rounds: int, store: str, sizes: Mapping[int, float], only: str = "") -> Results:
    """Runs by number of files, publisher and phase; `sizes` are megabytes by number of files."""
    results: Results = {}
    for files, megabytes in sizes.items():
        source = folder / f"{store}, {files} files"
        make_tree(source, files, megabytes)
        for number in range(rounds):
            for name, phase, run in _round(folder / f"{store}-{files}-{number}", source, STORES[store], only):
                results.setdefault((files, name, phase), []).append(run)
                said = f"{store}, {files} files, round {number + 1}: {name}, {phase}"
                print(f"{said}: {run.asked:,} requests, {run.publishing:.2f} s", file=sys.stderr, flush=True)
    return results


def _round(
    folder: Path, source: Path, opened: Callable[[], AbstractContextManager[Store]], only: str
) -> Iterator[tuple[str, str, Run]]:
    for name, env in PUBLISHERS.items():
        if only in name:
            with opened() as store:
                store.make("bench")
                root = folder / name.replace(",", "").replace(" ", "-")
                root.mkdir(parents=True)
                site = Site(name, env, source, root, store)
                for phase in PHASES:
                    if phase == "newer times":
                        _touch(source)
                    yield name, phase, site.run()


def _touch(source: Path) -> None:
    """As after a fresh clone."""
    now = time.time() + 60
    for path in source.rglob("*"):
        os.utime(path, (now, now))


def make_tree(root: Path, files: int, megabytes: float) -> None:
    """Write sources, in a process of its own: it needs a lot of memory."""
    run = f"from benchmarks import trees; trees.make(trees.Path({str(root)!r}), {files}, {megabytes})"
    subprocess.run([sys.executable, "-c", run], cwd=REPOSITORY, check=True)


def table(results: Results) -> str:
    """Median (minimum–maximum) as a Markdown table; multiples are of S3ManifestStaticStorage in the same round."""
    head = [
        "files",
        "publisher",
        "run",
        *KINDS,
        "requests",
        "collecting, s",
        "publishing, s",
        "after start, s",
        "×",
        "both, ×",
        "peak, MB",
    ]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for (files, name, phase), runs in sorted(results.items(), key=lambda row: (row[0][0], PHASES.index(row[0][2]))):
        requests = [f"{statistics.median(run.requests.get(kind, 0) for run in runs):,.0f}" for kind in KINDS]
        peers = results.get((files, "S3ManifestStaticStorage", phase), [])
        cells = [
            *requests,
            f"{statistics.median(run.asked for run in runs):,.0f}",
            cell([run.collecting for run in runs], 2) if any(run.collecting for run in runs) else "–",
            cell([run.publishing for run in runs], 2),
            cell([run.after_start for run in runs], 2),
            _multiple([run.publishing for run in runs], peers),
            _multiple([run.wall for run in runs], peers),
            f"{max(run.memory for run in runs):.0f}",
        ]
        lines.append(f"| {files:,} | {name} | {phase} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _multiple(seconds: list[float], peers: list[Run]) -> str:
    return cell([each / peer.wall for each, peer in zip(seconds, peers, strict=True)], 3) if peers else "–"
