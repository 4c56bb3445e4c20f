"""`python -m tests.system.release_live.soak --seconds N --seed S`: releases in a random order, under visitors.

Good ones and bad ones, some killed on their way and begun again, with the middleware and with the lane. A good one has
to be live, a bad one taken back, and no visitor may see a failed request. Exit codes: 0 nothing was found, 1 something
was, 2 could not run. For Linux with nginx.
"""

import argparse
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.system import real_nginx
from tests.system.release_live.bad import BAD, Bad
from tests.system.release_live.releasing import Ended, live, refused, release
from tests.system.release_live.shop import copied, prepared
from tests.system.release_live.stage import WORKERS, Stage, stage

KILLS = 2  # of one release, at most
LATEST = 15.0  # seconds after which one is killed, at most


def rounds(stages: list[Stage], only: Sequence[str], chance: random.Random, until: float) -> Iterator[str]:
    """What was found; a line for each release goes to stdout."""
    counts: Counter[str] = Counter()
    chosen = [bad for bad in BAD if (not only or bad.name in only) and (os.geteuid() == 0 or bad.step != "files")]
    number = 0
    while time.monotonic() < until:
        for bad in chance.sample([*chosen, *([None] * (0 if only else len(chosen)))], k=1):
            number += 1
            yield from _one(chance.choice(stages), bad, number, chance, counts)
    for name, times in sorted(counts.items()):
        print(f"{times:>8,}  {name}")


def _one(made: Stage, bad: Bad | None, number: int, chance: random.Random, counts: Counter[str]) -> Iterator[str]:
    version = made.shop.version(f"v{number}")
    if bad:
        bad.spoil(version)
    kills = tuple(chance.uniform(0, LATEST) for _ in range(chance.choice((0, 0, 1, KILLS)))) if not bad else ()
    began = time.monotonic()
    ended = release(made, version, bad, kills)
    found = list(refused(made, ended, version, bad) if bad else live(made, ended, version))
    counts["requests of visitors"] += ended.seen.requests
    counts["killed on its way"] += len(kills)
    counts[bad.name if bad else "good"] += 1
    print(_line(bad, ended, time.monotonic() - began, kills), flush=True)
    if not bad:
        _forget(made, version.path)
    return (yield from (f"{bad.name if bad else 'good'} {number}: {each}" for each in found))


def _line(bad: Bad | None, ended: Ended, seconds: float, kills: tuple[float, ...]) -> str:
    how = f"{ended.found.get('failed')} {' '.join(ended.ids)}" if bad else "live"
    killed = f", killed after {' and '.join(f'{each:.1f} s' for each in kills)}" if kills else ""
    steps = ", ".join(f"{each['name']} {each['seconds']:.1f}" for each in ended.found.get("steps", ()))
    seen = f"{ended.seen.requests:,} requests, {len(ended.seen.failed)} failed, slowest {ended.seen.slowest:.2f} s"
    return f"{bad.name if bad else 'good':<24} {seconds:>5.1f} s  {how}{killed}; {seen}; {steps}"


def _forget(made: Stage, newest: Path) -> None:
    """Directories of code that nothing runs any more."""
    for path in (made.shop.home / "versions").iterdir():
        if path.name not in ("zero", newest.name):
            shutil.rmtree(path)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.system.release_live.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 300))
    parser.add_argument("--only", nargs="*", default=[], help="bad releases by name")
    options = parser.parse_args(arguments)
    if sys.platform != "linux" or not shutil.which("nginx", path=real_nginx.PATH):
        print("soak: this needs Linux and nginx", file=sys.stderr)
        return 2
    print(f"soak: releases, seed {options.seed}, {options.seconds:.0f} s", file=sys.stderr, flush=True)
    with ExitStack() as stack:
        home = stack.enter_context(prepared())
        stages = [stack.enter_context(stage(stack.enter_context(copied(home)), worker)) for worker in WORKERS]
        chance, until = random.Random(options.seed), time.monotonic() + options.seconds
        found = list(rounds(stages, options.only, chance, until))
    for text in found:
        print(f"found: {text}")
    print("something was found" if found else "no request failed, every good release went live, no bad one did")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
