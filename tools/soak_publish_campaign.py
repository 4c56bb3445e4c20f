"""One fresh target: release after release is published to it while something goes wrong, then once undisturbed."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from signal import SIGKILL
from time import monotonic, sleep
from typing import Any, Self

from tools.soak_publish_reader import promised
from tools.soak_publish_run import REPOSITORY
from tools.soak_publish_stores import Conditions, Started, Store

LEASE = 310.0  # seconds: a lease that nobody renews has ended then
SKEWS = (0.0, 0.0, 0.0, 7_200.0, -7_200.0, 40 * 86_400.0)
FINE, REFUSED, DIFFERS, KILLED = 0, 2, 1, -SIGKILL


@dataclass
class Soak:
    """What was counted and what was found, over all campaigns with a store."""

    store: Store
    roots: Sequence[Path]
    chance: Random
    until: float
    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return monotonic() > self.until or len(self.found) > 5


class Campaign:
    """`published` are roots that were published whole, in order."""

    def __init__(self, soak: Soak, prefix: str) -> None:
        self.soak, self.store, self.chance, self.prefix = soak, soak.store, soak.chance, prefix
        self.target = soak.store.target(prefix)
        self.published: list[Path] = []
        self.clock = 0.0  # of the publishers, seconds ahead
        self.settled = 0.0  # when all that was sent has arrived

    def run(self, plan: "Sequence[Sequence[Step]]") -> None:
        """For each of these steps a release, which is published undisturbed after them."""
        roots = self.chance.sample(list(self.soak.roots), len(plan))
        with Watching(self) as watching:
            for root, steps in zip(roots, plan, strict=True):
                for step in steps:
                    if not self.soak.is_over:
                        step(self, root)
                self.heal(root)
            self.verify()
        watching.judge()

    def words(self, verb: str, root: Path | None = None) -> list[str]:
        if verb == "publish":
            return ["publish", "--root", str(root), self.target, "--apply", "-v", "0", "--format", "json"]
        more = ["--retain", "1", "--retain-days", "0", "--grace", "0"] if verb == "prune" else []
        return [verb, "--target", self.target, "-v", "0", "--format", "json", *more]

    def start(self, words: list[str], wanted: Conditions | None = None) -> Started:
        return self.store.start(words, self.chance, wanted or self.ordinary())

    def ordinary(self, **more: Any) -> Conditions:
        """Where nothing but a lease keeps runs apart, each comes after the lease of the one before."""
        if not self.store.is_conditional:
            self.clock += LEASE
        skew = self.clock if not self.store.is_conditional else self.chance.choice(SKEWS)
        return Conditions(skew=skew, store_skew=self.chance.choice(SKEWS), **more)

    def ended(self, started: Started, *allowed: int) -> int:
        """Wait, and complain of a code that is none of these."""
        code = started.end()
        if code not in allowed or "Traceback" in started.run.said:
            self.complain(f"{started.run} ended with {code}: {started.run.said[-1500:]}")
        return code

    def complain(self, text: str) -> None:
        self.soak.found.append(f"{self.store.name}, {self.prefix}: {text}")

    def count(self, text: str, number: int = 1) -> None:
        self.soak.counts[text] += number

    def heal(self, root: Path) -> None:
        """One undisturbed run finishes the job."""
        self.settle()
        started = self.start(self.words("publish", root))
        if self.ended(started, FINE) != FINE:
            return
        self.count("undisturbed runs that finished the job")
        self.published.append(root)
        said = json.loads(started.run.said)
        pointer = (self.read(".clearway/current") or b"").decode().strip()
        if pointer != said["release"]:
            self.complain(f"{said['release']} was published and {pointer or 'nothing'} is current")
            return
        record = json.loads(self.read(f".clearway/releases/{pointer}.json") or b"{}")
        names = {name: asset["name"] for name, asset in record["assets"].items()}
        for text in self.store.wrong(self.prefix):
            self.complain(text)
        if json.loads(self.read("staticfiles.json") or b"{}").get("paths") != names:
            self.complain(f"staticfiles.json does not give the names of {pointer}, which is current")

    def verify(self) -> None:
        started = self.start(self.words("verify"))
        if self.ended(started, FINE) == FINE:
            self.count("targets verified at the end: all as recorded")

    def settle(self) -> None:
        """Wait for what a killed run still had on its way."""
        sleep(max(0.0, self.settled - monotonic()))

    def read(self, name: str) -> bytes | None:
        return self.store.read(self.prefix, name)

    def objects(self, root: Path) -> dict[str, int]:
        """Sizes by name."""
        id_ = (root / ".clearway/current").read_text().strip()
        record = json.loads((root / f".clearway/releases/{id_}.json").read_bytes())
        return {name: size for name, size, _ in promised(record)}


Step = Callable[[Campaign, Path], None]
"""Something that goes wrong while a release is published."""


class Watching:
    """The reader, in a process of its own, for as long as the campaign lasts."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign

    def __enter__(self) -> Self:
        words = [sys.executable, "-m", "tools.soak_publish_reader", self._campaign.store.address(self._campaign.prefix)]
        self._process = subprocess.Popen(
            words, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._said = self._process.communicate()[0]

    def judge(self) -> None:
        campaign = self._campaign
        if self._process.returncode:
            campaign.complain("the reader failed")
            return
        said = json.loads(self._said)
        for text in said["found"]:
            campaign.complain(f"the reader: {text}")
        if campaign.published and not said["current"]:
            campaign.complain("the reader never saw a release")
        campaign.count("passes of the reader", said["passes"])
        campaign.count("objects it asked for", said["looked"])
        campaign.count("passes that the store did not answer in time", said["unanswered"])
