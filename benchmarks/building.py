"""collectstatic: cold, with nothing changed, with one leaf changed, and on another machine that shares the cache.

CPU is the child's, all threads; a run includes the start of Python and of Django, whose modules are compiled.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .measure import REPOSITORY

STACKS: Mapping[str, Mapping[str, str]] = {
    "clearway, gzip br zstd": {"BENCH_STACK": "clearway"},
    "clearway, gzip br": {"BENCH_STACK": "clearway", "BENCH_ENCODINGS": "gzip br"},
    "whitenoise, gzip br": {"BENCH_STACK": "whitenoise"},
    "django manifest": {"BENCH_STACK": "manifest"},
}
LARGE: Mapping[str, str] = {"BENCH_STACK": "clearway", "BENCH_LEVELS": "fast"}  # how well is no matter there
SETTLED_SECONDS = 2.5  # files that were just written are read again


@dataclass(frozen=True)
class Run:
    """One run of collectstatic: seconds of wall and of CPU, peak memory in MB, and files that it wrote or touched."""

    wall: float
    cpu: float
    memory: float
    touched: int


@dataclass
class Site:
    """A source tree and a STATIC_ROOT of one stack."""

    env: Mapping[str, str]
    source: Path
    root: Path
    cache: Path

    def collect(self) -> Run:
        """Run collectstatic once."""
        before = _times(self.root)
        wall, usage = self._run("collectstatic", "--noinput", "-v", "0")
        after = _times(self.root)
        touched = sum(before.get(path) != changed for path, changed in after.items())
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, touched)

    def start(self) -> Run:
        """Start Django for the command, which then only prints its help: what no collectstatic can do without."""
        wall, usage = self._run("collectstatic", "--help")
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, 0)

    def _run(self, *arguments: str) -> tuple[float, resource.struct_rusage]:
        variables = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.site.settings",
            "BENCH_SOURCE": str(self.source),
            "BENCH_ROOT": str(self.root),
            "CLEARWAY_CACHE": str(self.cache),
        }
        own = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        return _timed([sys.executable, "-m", "django", *arguments], {**own, **variables, **self.env})


def _timed(command: list[str], env: Mapping[str, str]) -> tuple[float, resource.struct_rusage]:
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=REPOSITORY, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} failed with {process.returncode}")
    return time.perf_counter() - start, usage


def measure(folder: Path, rounds: int, files: int = 3000, megabytes: float = 60) -> dict[tuple[str, str], list[Run]]:
    """Runs by stack and phase. Cold runs and those of peers are made once, the others `rounds` times, in turn."""
    source = folder / "source"
    if not source.exists():
        _make_tree(source, files, megabytes)
    sites = {
        name: Site(env, source, folder / f"root {number}", folder / f"cache {number}")
        for number, (name, env) in enumerate(STACKS.items())
    }
    results: dict[tuple[str, str], list[Run]] = {}
    for name, site in sites.items():
        results[name, "cold"] = [site.collect()]
        if "clearway" in name:
            for _ in range(rounds):
                results.setdefault((name, "shared cache"), []).append(_elsewhere(site, folder / "elsewhere"))
                copied = _copy(folder / "elsewhere")
                results.setdefault((f"cp -r of what {name!r} made", "shared cache"), []).append(copied)
    _settle(site for name, site in sites.items() if "clearway" in name)
    for name, phase, run in _incremental(sites, source, rounds):
        results.setdefault((name, phase), []).append(run)
    return results


def measure_large(folder: Path, rounds: int, files: int = 20_000, megabytes: float = 100) -> list[Run]:
    """Runs of a large site with nothing changed."""
    site = Site(LARGE, folder / "large source", folder / "large root", folder / "large cache")
    _make_tree(site.source, files, megabytes)
    site.collect()
    _settle([site])
    return [site.collect() for _ in range(rounds)]


def _make_tree(root: Path, files: int, megabytes: float) -> None:
    """In a process of its own: a child counts the memory of the process that started it as its own peak."""
    run = f"from benchmarks import trees; trees.make(trees.Path({str(root)!r}), {files}, {megabytes})"
    command = [sys.executable, "-c", run]
    subprocess.run(command, cwd=REPOSITORY, check=True)


def _elsewhere(site: Site, folder: Path) -> Run:
    """As on another machine: other paths, other times, no STATIC_ROOT, the same cache."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(site.source, folder / "source", copy_function=shutil.copy)
    return Site(site.env, folder / "source", folder / "root", site.cache).collect()


def _copy(folder: Path) -> Run:
    """What it takes only to make as many files of these sizes, without waiting for the disk."""
    copy = folder / "copy"
    wall, usage = _timed(["cp", "-r", str(folder / "root"), str(copy)], os.environ)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, len(_times(copy)))


def _incremental(sites: Mapping[str, Site], source: Path, rounds: int) -> Iterator[tuple[str, str, Run]]:
    leaf = next(path for path in sorted(source.rglob("*.html")))
    own = {name: site for name, site in sites.items() if "clearway" in name}
    for number in range(rounds):
        yield "only Django's start", "nothing changed", next(iter(own.values())).start()
        some = own if number else sites  # the peers take a minute for each
        for name, site in some.items():
            yield name, "nothing changed", site.collect()
        with leaf.open("a") as file:
            file.write(f"<!-- {number} -->\n")
        for name, site in some.items():
            yield name, "one leaf changed", site.collect()
        _settle(own.values())


def _settle(sites: Iterable[Site]) -> None:
    time.sleep(SETTLED_SECONDS)
    for site in sites:
        site.collect()


def table(results: Mapping[tuple[str, str], list[Run]]) -> str:
    """Median (minimum–maximum) as a Markdown table."""
    lines = ["| stack | run | wall, s | CPU, s | peak, MB | files written or touched |", "|---|---|---|---|---|---|"]
    for (name, phase), runs in sorted(results.items(), key=lambda item: (item[0][1], item[0][0])):
        cells = [
            _cell([run.wall for run in runs]),
            _cell([run.cpu for run in runs]),
            f"{max(run.memory for run in runs):.0f}",
            f"{statistics.median(run.touched for run in runs):.0f}",
        ]
        lines.append(f"| {name} | {phase} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(values: list[float]) -> str:
    middle = f"{statistics.median(values):.2f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.2f}–{max(values):.2f})"


def _times(root: Path) -> dict[Path, int]:
    return {path: path.stat().st_ctime_ns for path in root.rglob("*") if path.is_file()}
