"""`python -m tools.soak kills|full --seed S --seconds N`: interrupt builds, rollbacks and prunes, and look for damage.

kills  SIGKILL before and after every call that changes the disk, then at random moments, under a process that reads
       every name of the current manifest all the time
full   the disk is full from each of these calls on (a small tmpfs: Linux, as root)

Whatever happens, the run is done once more, and then everything must be as recorded. Exit codes: 0 nothing was found,
1 something was, 2 could not run.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tools.soak_faults import COUNT, PASSES, Fault, Shared, child, ended, fill, kill, none, reader
from tools.soak_site import Case, after_healing, cases, complaints, foreign_digests, fresh

INSIDE_AT_LEAST = 0.8  # of the random moments lie between the first write and the last rename
SEVERAL = 40  # more files for random moments, so that a run is long enough to be hit in its middle


@dataclass
class Soak:
    """A folder to work in, a deadline, what was counted and what was found."""

    home: Path
    until: float
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    shared: Shared = field(default_factory=Shared)

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.until or len(self.found) > 20

    def template(self, case: Case, kind: str) -> Path:
        made = self.home / f"{kind}-{case.name}"
        if not made.exists():
            case.prepare(made)
        return made

    def interrupted(self, case: Case, template: Path, fault: Fault, strike: Callable[[int], None] | None = None) -> int:
        """One run under a reader, and once more without a fault; the exit code of the first."""
        root = self.home / "site"
        fresh(template, root)
        foreign = foreign_digests(root) if case.name == "adoption" else {}
        with reader(lambda: list(complaints(root, foreign)), self.shared) as found:
            pid = child(partial(case.run, root), fault, self.shared, quiet=(OSError,))
            if strike:
                strike(pid)
            code, calls = ended(pid), self.shared[COUNT]
            (self.home / "ballast").unlink(missing_ok=True)
            healed = ended(child(partial(case.run, root), none(), self.shared))
        self.shared[COUNT] = calls
        found += [f"the next run ended with {healed}"] if healed else list(after_healing(root, case))
        self.found += [f"{case.name}, call {calls}: {each}" for each in found]
        return code


# --- kills


def every_moment(soak: Soak) -> None:
    """Before and after every call of every run; in a short time, as many as it allows, in a random order."""
    moments = [(case, moment, after) for case in cases() for moment, after in _moments(soak, case)]
    soak.chance.shuffle(moments)
    for case, moment, after in moments:
        if soak.is_over:
            break
        code = soak.interrupted(case, soak.template(case, "small"), kill(moment, after=after))
        soak.counts[f"{case.name}: killed at a call"] += code == -signal.SIGKILL
    soak.counts["moments in all"] = len(moments)


def _moments(soak: Soak, case: Case) -> Iterator[tuple[int, bool]]:
    calls, _ = measured(soak, case, "small")
    yield from ((moment, after) for moment in range(1, calls + 1) for after in (False, True))


def measured(soak: Soak, case: Case, kind: str) -> tuple[int, float]:
    """The calls of a whole run, and the seconds from its first to its last."""
    root = soak.home / "measured"
    fresh(soak.template(case, kind), root)
    times: list[float] = []
    pid = child(partial(case.run, root), none(), soak.shared)
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if soak.shared[COUNT]:
            times.append(time.monotonic())
        time.sleep(0.0002)
    return soak.shared[COUNT], times[-1] - times[0] if times else 0.0


def random_moments(soak: Soak, at_most: int) -> None:
    """At moments that no call marks; most of them while the run writes."""
    every = cases(SEVERAL)
    sizes = {case.name: measured(soak, case, "large") for case in every}
    for number in range(at_most):
        if soak.is_over:
            break
        case = every[number % len(every)]
        calls, seconds = sizes[case.name]
        strike = partial(_strike, soak, seconds)
        code = soak.interrupted(case, soak.template(case, "large"), none(), strike)
        inside = code == -signal.SIGKILL and 0 < soak.shared[COUNT] < calls
        soak.counts["random kills"] += code == -signal.SIGKILL
        soak.counts["random kills between the first write and the last rename"] += inside


def _strike(soak: Soak, seconds: float, pid: int) -> None:
    deadline = time.monotonic() + 10
    while not soak.shared[COUNT] and time.monotonic() < deadline:
        time.sleep(0.0001)
    time.sleep(soak.chance.uniform(0, seconds * 0.9))
    os.kill(pid, signal.SIGKILL)


def kills(home: Path, seed: int, seconds: float) -> Soak:
    """Half of the time for the moments at calls (all of them, when it is enough), the rest for random ones."""
    begun = time.monotonic()
    soak = Soak(home, begun + seconds / 2, random.Random(seed))
    every_moment(soak)
    soak.until = begun + seconds
    random_moments(soak, 100_000)
    soak.counts["passes of the reader"] = soak.shared[PASSES]
    killed = soak.counts["random kills"]
    inside = soak.counts["random kills between the first write and the last rename"]
    if killed >= 20 and inside < INSIDE_AT_LEAST * killed:
        soak.found.append(f"only {inside} of {killed} random kills hit the middle of a run: this proves little")
    return soak


# --- a full disk


def full(seed: int, seconds: float) -> int:
    """In a mount namespace of its own, which ends with the process."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("unshare"):
        print("soak: a full disk is made only on Linux as root", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as home:
        script = 'mount -t tmpfs -o size=3m tmpfs "$1" && shift && exec "$@"'
        again = [sys.executable, "-m", "tools.soak", "inside", "--home", home]
        command = ["unshare", "-m", "sh", "-c", script, "sh", home, *again, f"--seed={seed}", f"--seconds={seconds}"]
        return subprocess.run(command, check=False).returncode


def filled(home: Path, seed: int, seconds: float) -> Soak:
    """The disk is full from each call of each run on; in a short time, from as many as it allows."""
    soak = Soak(home, time.monotonic() + seconds, random.Random(seed))
    moments = [(case, number) for case in cases() for number in range(1, measured(soak, case, "small")[0] + 1)]
    soak.chance.shuffle(moments)
    for case, number in moments:
        if soak.is_over:
            break
        code = soak.interrupted(case, soak.template(case, "small"), fill(number, home / "ballast"))
        soak.counts[f"{case.name}: disk full, {'stopped' if code else 'done all the same'}"] += 1
    soak.counts["moments in all"] = len(moments)
    soak.counts["passes of the reader"] = soak.shared[PASSES]
    return soak


# --- the command


def report(soak: Soak) -> int:
    for name, number in sorted(soak.counts.items()):
        print(f"{number:>8,}  {name}")
    for text in soak.found:
        print(f"found: {text}")
    print("something was found" if soak.found else "no missing or damaged file was seen; every next run healed")
    return 1 if soak.found else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description=__doc__, allow_abbrev=False)
    parser.add_argument("what", choices=("kills", "full", "inside"), nargs="?", default="kills")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 300))
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not hasattr(os, "fork"):
        print("soak: this needs fork", file=sys.stderr)
        return 2
    if options.what == "full":
        return full(options.seed, options.seconds)
    kind = "kills" if options.what == "kills" else "full"
    print(f"soak: {kind}, seed {options.seed}, {options.seconds:.0f} s", file=sys.stderr, flush=True)
    if options.what == "inside":
        return report(filled(options.home, options.seed, options.seconds))
    with tempfile.TemporaryDirectory() as home:
        return report(kills(Path(home), options.seed, options.seconds))


if __name__ == "__main__":
    sys.exit(main())
