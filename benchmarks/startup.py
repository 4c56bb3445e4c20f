"""What a worker pays before its first answer: 20,000 sources, five releases retained, peers on the same tree."""

import hashlib
import json
import statistics
from pathlib import Path

from clearway.catalog import index, layout
from clearway.catalog.asset import Asset, Variant
from clearway.catalog.history import History
from clearway.catalog.release import Release

from .measure import run_json

SOURCES, RELEASES, CHANGED = 20_000, 5, 0.2  # each release changes a fifth of the one before
STACKS = ("clearway", "whitenoise", "servestatic")

WORKER = """
import gc, json, time, psutil, django
django.setup()
from django.conf import settings
from django.utils.module_loading import import_string
process = psutil.Process()
gc.collect()
memory, start = process.memory_info().rss, time.perf_counter()
async def aget(request): ...
def get(request): ...
made = import_string(settings.MIDDLEWARE_OF_STACK)(aget if settings.STACK == "servestatic" else get)
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "megabytes": (process.memory_info().rss - memory) / 1e6}))
"""


def make_tree(root: Path) -> None:
    """A STATIC_ROOT with originals, hashed files and their variants, as a build leaves them."""
    releases = [_release(number) for number in range(RELEASES)]
    current = releases[-1]
    for name, asset in current.assets.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        for path in (name, asset.name):
            for suffix in ("", ".gz", ".br"):
                (root / (path + suffix)).write_bytes(b"x" * (asset.size if not suffix else 40))
    manifest = {name: asset.name for name, asset in current.assets.items()}
    (root / layout.MANIFEST).write_text(json.dumps({"paths": manifest, "version": "1.1", "hash": ""}))
    _write_records(root / layout.FOLDER, current, releases[:-1])


def _release(number: int) -> Release:
    assets = {}
    for source in range(SOURCES):
        version = number if source < SOURCES * CHANGED else 0
        digest = hashlib.sha256(f"{source} {version}".encode()).hexdigest()
        stem = f"app{source % 130}/js/components/module-{source:05d}"
        variants = {coding: Variant(40, digest) for coding in ("br", "gzip", "zstd")}
        assets[f"{stem}.js"] = Asset(f"{stem}.{digest[:12]}.js", 100, digest, "", "text/javascript", variants=variants)
    return Release("/static/", "benchmark", assets)


def _write_records(folder: Path, current: Release, others: list[Release]) -> None:
    history = History()
    for number, release in enumerate([*others, current]):
        previous = others[number - 1].id if number else None
        history = history.switched(release.id, previous, 1_700_000_000 + number)
    files = {
        layout.record(current.id): current.to_bytes(),
        layout.HISTORY: history.to_bytes(),
        layout.index(current.id): index.encode(current, others, history.origins([current, *others])),
        layout.CURRENT: current.id.encode() + b"\n",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def measure(folder: Path, rounds: int) -> dict[str, list[dict[str, float]]]:
    """Seconds and megabytes by stack; the stacks take turns."""
    root = folder / "large"
    make_tree(root)
    results: dict[str, list[dict[str, float]]] = {stack: [] for stack in STACKS}
    for _ in range(rounds):
        for stack in STACKS:
            env = {"BENCH_STACK": stack, "BENCH_ROOT": str(root), "DJANGO_SETTINGS_MODULE": "benchmarks.site.settings"}
            results[stack].append(run_json(WORKER, env))
    return results


def table(results: dict[str, list[dict[str, float]]]) -> str:
    """Median (minimum–maximum) as a Markdown table."""
    lines = ["| stack | seconds | memory, MB |", "|---|---|---|"]
    for stack, runs in results.items():
        cells = (_cell([run[key] for run in runs], digits) for key, digits in (("seconds", 3), ("megabytes", 1)))
        lines.append(f"| {stack} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(values: list[float], digits: int) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"
