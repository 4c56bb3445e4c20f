"""`python -m tools.soak_publish moto|ceph|directory|full --seed S --seconds N`: publish while things go wrong.

Real processes of `clearway publish` and `clearway rollback --target` are killed at requests, at calls that change the
disk and at random moments; answers are errors, late, cut short or lost; clocks are wrong; several publish at once;
others' objects are in the way; an OSD of Ceph stops and starts; the disk is full. Meanwhile a reader looks at the
current release all the time. After each trouble one undisturbed run must finish the job. Exit codes: 0 nothing was
found, 1 something was, 2 could not run.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path
from random import Random

from tools.soak_media import can_mount
from tools.soak_publish_campaign import Campaign, Soak, Step
from tools.soak_publish_disk import OF_A_DISK, SmallDisk, filled, read_only, with_a_disk
from tools.soak_publish_run import done
from tools.soak_publish_stores import Folder, Store, moto
from tools.soak_publish_troubles import OF_A_BUCKET, OF_A_DIRECTORY, OF_A_LEASE

RELEASES = 5
STEPS = 8  # of trouble for each release, at most
Part = Callable[[Path, Random, float], Iterator[Soak]]


def releases(home: Path, count: int = RELEASES) -> list[Path]:
    """Directories with one release each; they share some files."""
    roots = []
    for number in range(count):
        source, root = home / f"source-{number}", home / f"release-{number}"
        for name, data in _tree(number).items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(data)
        words = ["build", str(source), "--out", str(root), "--levels", "fast", "--no-unhashed", "-v", "0"]
        done(words)
        roots.append(root)
    return roots


def _tree(number: int) -> dict[str, str]:
    bundle = {"app.js": {"file": "assets/app-4f3c1d2a.js", "src": "app.js", "isEntry": True}}
    files = {
        "css/site.css": f"@import 'base.css'; /* {number} */ h1{{background:url(../img/logo.svg)}}" + " " * 400,
        "css/base.css": "b{color:red} " * 60,
        "img/logo.svg": f"<svg xmlns='http://www.w3.org/2000/svg'><text>{number}</text></svg>" + " " * 400,
        "js/app.js": f"let version = {number};\n" * 60,
        "js/shared.js": "let shared;\n" * 60,
        f"only/{number}.txt": f"only here {number} " * 60,
        "LICENSE": "MIT",
        "dist/manifest.json": json.dumps(bundle),
        "dist/assets/app-4f3c1d2a.js": "let bundled;\n" * 60,
        "dist/assets/app-4f3c1d2a.js.map": json.dumps({"version": 3, "sourcesContent": ["// the same\n" * 60]}),
    }
    return files | {f"many/{each}.css": f"a{{width:{each * (number // 2)}px}} " * 60 for each in range(4)}


def besieged(store: Store, steps: Sequence[Step], roots: Sequence[Path], chance: Random, until: float) -> Soak:
    """Campaigns against one store until the time is over; at least one."""
    soak, number = Soak(store, roots, chance, until), 0
    while not number or not soak.is_over:
        number += 1
        plan = [chance.choices(steps, k=chance.randint(1, STEPS)) for _ in range(3)]
        Campaign(soak, f"target-{number}").run(plan)
    return soak


def report(soak: Soak) -> int:
    """What was done and what was found, with one line at the end."""
    print(f"{soak.store.name}:")
    for name, count in sorted(soak.counts.items()):
        print(f"{count:>8,}  {name}")
    for name, count in sorted(soak.store.counts.items()):
        print(f"{count:>8,}  answers spoilt: {name}")
    for text in soak.found:
        print(f"found: {text}")
    killed = sum(count for name, count in soak.counts.items() if "killed at" in name)
    passes, healed = soak.counts["passes of the reader"], soak.counts["undisturbed runs that finished the job"]
    verdict = "something was found" if soak.found else "nothing was missed"
    print(
        f"{soak.store.name}: {killed} kills, {healed} next runs, {passes:,} looks of the reader: {verdict}", flush=True
    )
    return 1 if soak.found else 0


# --- the parts


def on_moto(home: Path, chance: Random, seconds: float) -> Iterator[Soak]:
    """Six tenths of the time for a store that keeps conditions, the rest for the two kinds that do not."""
    begun, roots = time.monotonic(), releases(home)
    with moto() as make:
        for kind, part in (("", 0.6), ("overwrites", 0.8), ("unknown", 1.0)):
            yield besieged(make(kind), OF_A_LEASE if kind else OF_A_BUCKET, roots, chance, begun + seconds * part)


def on_a_directory(home: Path, chance: Random, seconds: float) -> Iterator[Soak]:
    begun, roots = time.monotonic(), releases(home)
    for no_locks, part in ((False, 0.6), (True, 1.0)):
        folder = home / f"targets-{no_locks}"
        yield besieged(Folder(folder, no_locks=no_locks), OF_A_DIRECTORY, roots, chance, begun + seconds * part)
        shutil.rmtree(folder)


def on_ceph(home: Path, chance: Random, seconds: float) -> Iterator[Soak]:
    from tools.soak_publish_ceph import OF_CEPH, ceph

    begun, roots = time.monotonic(), releases(home)
    with ceph() as store:
        yield besieged(store, OF_CEPH, roots, chance, begun + seconds)


def on_a_small_disk(disk: Path) -> Part:
    def part(home: Path, chance: Random, seconds: float) -> Iterator[Soak]:
        begun, roots, store = time.monotonic(), releases(home), SmallDisk(disk)
        first = Soak(store, roots, chance, inf)
        Campaign(first, "first").run([[filled], [filled, read_only]])
        yield first
        if time.monotonic() < begun + seconds:
            yield besieged(store, OF_A_DISK, roots, chance, begun + seconds)

    return part


PARTS: dict[str, Part] = {"ceph": on_ceph, "moto": on_moto, "directory": on_a_directory}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.soak_publish", description=__doc__, allow_abbrev=False)
    parser.add_argument("what", choices=(*PARTS, "full"))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 300))
    parser.add_argument("--disk", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.what == "full" and not options.disk:
        return full(options)
    os.nice(10)
    print(f"soak: publish, {options.what}, seed {options.seed}, {options.seconds:.0f} s", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as home:
        part = on_a_small_disk(options.disk) if options.disk else PARTS[options.what]
        return max([report(each) for each in part(Path(home), Random(options.seed), options.seconds)])


def full(options: argparse.Namespace) -> int:
    """The soak again, where a disk of its own is mounted."""
    if not can_mount():
        print("soak: a full disk is made only on Linux as root", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as disk:
        words = ["full", f"--seed={options.seed}", f"--seconds={options.seconds}", f"--disk={disk}"]
        return with_a_disk([sys.executable, "-m", "tools.soak_publish", *words], disk)


if __name__ == "__main__":
    sys.exit(main())
