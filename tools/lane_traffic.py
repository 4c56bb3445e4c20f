"""`python -m tools.lane_traffic gunicorn|uvicorn --count 10000000 --seed S --seconds N`: mixed traffic for a lane.

A worker with the lane answers a crowd that never rests and some visitors who stall, reset, half-close and pipeline.
Every answer is compared, to the octet, with that of a server without the lane; pages carry the number of their
request. Meanwhile the worker is replaced, by `--max-requests` and by SIGHUP, and at the end of each of its master's
lives it is drained by SIGTERM under load. Between two lives nobody is connected, and descriptors are counted.
Exit codes: 0 nothing was found, 1 something was, 2 could not run. For Linux.
"""

import argparse
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import lane_traffic_rude
from tools.lane_traffic_crowd import CONNECTIONS, UNANSWERED, Crowd, Tally, Told
from tools.lane_traffic_exchange import Menu
from tools.lane_traffic_rude import GONE, VISITORS
from tools.lane_traffic_site import GRACEFUL, KEEPALIVE, PLAIN, WORKERS, Server, Site, made, serving

A_LIFE = 1_000_000  # requests
RESTS = KEEPALIVE + GRACEFUL + 10  # seconds in which every connection is over
MOST = 5  # findings that are shown
MORE = 2  # descriptors that are no leak
SIGNS = {  # uvicorn says so much of clients that go away; warnings of unclosed files name whatever line is being run
    "gunicorn": re.compile(r"Traceback|\[ERROR\]|\[CRITICAL\]|SIGKILL"),
    "uvicorn": re.compile(r'File ".*/serve/lanes/|\[CRITICAL\]|SIGKILL'),
}
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass
class Shared:
    """What the processes tell each other."""

    answered: Any = field(default_factory=lambda: _CONTEXT.Value("q", 0))
    over: Any = field(default_factory=_CONTEXT.Event)
    ending: Any = field(default_factory=_CONTEXT.Event)

    def count(self, number: int) -> None:
        with self.answered.get_lock():
            self.answered.value += number

    def told(self) -> Told:
        return Told(lambda: not self.over.is_set(), self.ending.is_set, self.count)


def _crowd(address: tuple[str, int], menu: Menu, seed: int, shared: Shared, pipe: Any) -> None:
    pipe.send(Crowd(address, menu, seed, shared.told()).run())


def _rude(address: tuple[str, int], menu: Menu, seed: int, shared: Shared, pipe: Any, half: bool) -> None:
    pipe.send(lane_traffic_rude.run(address, menu, seed, shared.told(), answers_half_closed=half))


@dataclass
class Soak:
    """One lane under traffic: its site, what is asked, what was found."""

    kind: str
    site: Site
    menu: Menu
    seed: int
    tally: Tally = field(default_factory=Tally)
    answered: int = 0
    ends: int = 0
    held: list[str] = field(default_factory=list)

    def live(self, count: int, until: float) -> None:
        """From the start of a server to its end."""
        self.seed += 1
        exits = _lines(self.site.home / "exits")
        with serving(self.site, self.kind, WORKERS[self.kind], max_requests=max(1000, count // 3)) as server:
            idle = self._warm(server)
            with self._visited(server) as shared:
                self._watch(server, shared, count, until)
            self._rest(server, idle)
            with self._visited(server) as shared:
                time.sleep(1)
                self._drain(server, shared)
            self.ends += len(_lines(self.site.home / "exits")) - len(exits)
            unanswered, most = self.tally.counts[UNANSWERED], self.ends * CONNECTIONS
            if unanswered > most:
                self.tally.wrong(
                    f"{unanswered} requests of the crowd were not answered; {self.ends} workers have ended"
                )
            self._read_log(server)

    def _count_unanswered(self) -> None:
        """A worker that ends may close each of its connections once without an answer."""
        for name, visitors in ((UNANSWERED, CONNECTIONS), (GONE, VISITORS)):
            if self.tally.counts[name] > self.ends * visitors:
                self.tally.wrong(f"{self.tally.counts[name]} times {name}, and {self.ends} workers have ended")

    def _warm(self, server: Server) -> int:
        """The descriptors of the worker without connections, after it has answered everything once."""
        told = Told(lambda: False, lambda: False, lambda _: None)
        self.tally.found += Crowd(server.address, self.menu, 0, told).run().found
        return self._settled(server, None)

    @contextmanager
    def _visited(self, server: Server) -> Iterator[Shared]:
        """The crowd and the rude ones, each in a process, for as long as the block runs."""
        shared = Shared()
        arguments = server.address, self.menu, self.seed, shared
        ours, theirs = zip(*(_CONTEXT.Pipe() for _ in range(2)), strict=True)
        processes = [
            _CONTEXT.Process(target=_crowd, args=(*arguments, theirs[0])),
            _CONTEXT.Process(target=_rude, args=(*arguments, theirs[1], self.kind == "gunicorn")),
        ]
        for process in processes:
            process.start()
        try:
            yield shared
        finally:
            shared.over.set()
            for process, pipe in zip(processes, ours, strict=True):
                if pipe.poll(120):
                    self.tally.add(pipe.recv())
                else:
                    self.tally.wrong("visitors did not come to an end")
                    process.terminate()
                process.join()
            self.answered += shared.answered.value

    def _watch(self, server: Server, shared: Shared, count: int, until: float) -> None:
        """Tell the server to reload now and then, until enough was answered."""
        reloads = [count // 4, count // 2, count * 3 // 4]
        while shared.answered.value < count and time.monotonic() < until and not shared.over.is_set():
            time.sleep(0.1)
            if reloads and shared.answered.value >= reloads[0]:
                reloads.pop(0)
                server.process.send_signal(signal.SIGHUP)
            if server.process.poll() is not None:
                self.tally.wrong(f"the server ended with {server.process.returncode}")
                return

    def _rest(self, server: Server, idle: int) -> None:
        """Nobody is connected any more: nothing may be left."""
        held = self._settled(server, idle)
        if held > idle + MORE:
            self.tally.wrong(f"{idle} descriptors of an idle worker have become {held}")
        self.held.append(f"{held} ({_memory(server)} MB)")

    def _settled(self, server: Server, at_most: int | None) -> int:
        deadline, last = time.monotonic() + RESTS, -1
        while time.monotonic() < deadline:
            time.sleep(1)
            workers = server.workers()
            now = _descriptors(workers[0]) if len(workers) == 1 else -1
            if now >= 0 and (now <= at_most if at_most is not None else now == last):
                break
            last = now
        return now

    def _drain(self, server: Server, shared: Shared) -> None:
        """End under load: whatever has begun is answered, and the server ends in time."""
        shared.ending.set()
        server.process.terminate()
        try:
            code = server.process.wait(GRACEFUL + 5)
        except subprocess.TimeoutExpired:
            self.tally.wrong("the server did not end")
        else:
            if code:
                self.tally.wrong(f"the server ended with {code}")

    def _read_log(self, server: Server) -> None:
        lines = server.log.read_text(errors="replace").splitlines()
        if signs := [number for number, line in enumerate(lines) if SIGNS[self.kind].search(line)]:
            self.tally.found.append("\n".join([f"the log says, {len(signs)} times:", *lines[signs[0] : signs[0] + 40]]))


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _descriptors(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return -1


def _memory(server: Server) -> int:
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in server.workers())
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def soak(kind: str, home: Path, seed: int, count: int, seconds: float) -> Soak:
    """As many lives as the requests need, or as there is time for."""
    site = made(home)
    with serving(site, kind, PLAIN[kind]) as server:
        menu = Menu(server.address, site.contents)
    done = Soak(kind, site, menu, seed)
    until = time.monotonic() + seconds
    while done.answered < count and time.monotonic() < until and not done.tally.found:
        done.live(min(A_LIFE, count - done.answered), until)
    return done


def report(done: Soak) -> int:
    lane = sum(int(path.read_text()) for path in done.site.home.glob("answered-*"))
    print(f"{done.answered:>12,}  answers to the crowd, each as it has to be")
    print(f"{lane:>12,}  answers of the lane at least, to all visitors")
    print(f"{done.ends:>12,}  workers that have ended")
    for name, number in sorted(done.tally.counts.items()):
        print(f"{number:>12,}  {name}")
    print("descriptors (and memory) of the idle worker, life by life:", ", ".join(done.held))
    for text in done.tally.found[:MOST]:
        print(f"found: {text}")
    print(
        "something was found" if done.tally.found else "no answer was lost, doubled or wrong, and nothing was left open"
    )
    return 1 if done.tally.found else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.lane_traffic", description=__doc__, allow_abbrev=False)
    parser.add_argument("kind", choices=sorted(WORKERS))
    parser.add_argument("--count", type=int, default=10_000_000, help="requests of the crowd (default: ten million)")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 300))
    options = parser.parse_args(arguments)
    if sys.platform != "linux":
        print("soak: descriptors are read from /proc, which only Linux has", file=sys.stderr)
        return 2
    about = f"soak: the lane of {options.kind}, seed {options.seed}, {options.count:,} requests"
    print(f"{about}, {options.seconds:.0f} s", file=sys.stderr, flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        done = soak(options.kind, Path(home), options.seed, options.count, options.seconds)
        print(f"{time.monotonic() - began:>12,.0f}  seconds")
        return report(done)


if __name__ == "__main__":
    sys.exit(main())
