"""`python -m tools.soak_serving --seconds N --seed S`: real servers under mixed load while releases are switched.

gunicorn and uvicorn, by the wrapper and by the middleware, some never reloaded and some often, answer one STATIC_ROOT
and a directory whose files are replaced all the time. Every body is compared with what was published under its name.
Exit codes: 0 nothing was found, 1 something was, 2 could not run. For Linux.
"""

import argparse
import asyncio
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tools.soak_serving_changes import Deploys, ReplacedFiles, make_live_files, replace_files
from tools.soak_serving_http import Client
from tools.soak_serving_judge import Judge
from tools.soak_serving_load import Load, Visited
from tools.soak_serving_site import PROJECT, Ledger
from tools.soak_serving_workers import (
    Running,
    Watch,
    described,
    environment,
    growth,
    idle_descriptors,
    leaks,
    running,
)

RATE = 100.0  # requests a second
RELEASES_FIRST = 3
STACK = 2 << 20  # octets of a thread; some systems count all of it as used, and libc keeps those of ended threads


async def soak(home: Path, seed: int, seconds: float, rate: float) -> int:
    """Build some releases, start the servers, let everything run; the exit code."""
    (home / "src").mkdir()
    for name, text in PROJECT.items():
        (home / f"{name}.py").write_text(text)
    files = ReplacedFiles(home / "plain")
    judge = Judge(Ledger(), files.files)
    deploys = Deploys(home, judge, environment(home))
    (home / "out" / "CACHE").mkdir(parents=True)
    for _ in range(RELEASES_FIRST):
        await deploys.build()
    deploys.pin()
    with running(home) as servers:
        found = deploys.found + await _under_load(servers, files, judge, deploys, random.Random(seed), seconds, rate)
        for server in servers:
            found += server.complaints()
    return _report(judge, found)


async def _under_load(
    servers: list[Running],
    files: ReplacedFiles,
    judge: Judge,
    deploys: Deploys,
    chance: random.Random,
    seconds: float,
    rate: float,
) -> list[str]:
    visited = [Visited(server.kind.name, Client(server.port)) for server in servers]
    deploys.reloaded = [server.process.pid for server in servers if server.kind.is_reloaded]
    load, watch = Load(visited, judge, chance), Watch(servers)
    await load.fill()
    idle = await idle_descriptors(watch)
    begun = time.monotonic()
    until = begun + seconds
    async with asyncio.TaskGroup() as group:
        group.create_task(watch.run(until, min(10, seconds / 100)))
        group.create_task(deploys.run(until, min(10, seconds / 40)))
        group.create_task(replace_files(files, judge, until))
        group.create_task(make_live_files(deploys.home / "out" / "CACHE", judge, until))
        await load.run(until, rate)
        until = min(until, time.monotonic())
    for each in visited:
        each.client.close()
        judge.counts["connections closed without an answer, and asked again"] += each.client.unanswered
    lived = watch.lived_through(begun, until)
    idle_after = await idle_descriptors(watch, idle)
    print(described(lived, idle, idle_after))
    return [*load.found, *deploys.found, *growth(lived, seconds), *leaks(idle, idle_after)]


def _report(judge: Judge, found: list[str]) -> int:
    for name, number in sorted(judge.counts.items()):
        print(f"{number:>10,}  {name}")
    for who, usage in (("visitors", resource.RUSAGE_SELF), ("servers and deploys", resource.RUSAGE_CHILDREN)):
        used = resource.getrusage(usage)
        print(f"{used.ru_utime + used.ru_stime:>10,.0f}  seconds of CPU: {who}")
    for text in found:
        print(f"found: {text}")
    print("something was found" if found else "no wrong byte, no growth of memory or descriptors was seen")
    return 1 if found else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.soak_serving", description=__doc__, allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 300))
    parser.add_argument("--rate", type=float, default=RATE, help=f"requests a second (default: {RATE:.0f})")
    options = parser.parse_args(arguments)
    if sys.platform != "linux":
        print("soak: memory and descriptors are read from /proc, which only Linux has", file=sys.stderr)
        return 2
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_STACK, (STACK, resource.getrlimit(resource.RLIMIT_STACK)[1]))
    print(f"soak: serving, seed {options.seed}, {options.seconds:.0f} s", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as home:
        return asyncio.run(soak(Path(home), options.seed, options.seconds, options.rate))


if __name__ == "__main__":
    sys.exit(main())
