"""What happens under the visitors: releases are built, switched and pruned, workers reloaded, files replaced."""

import asyncio
import gzip
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tools.soak_serving_judge import Judge
from tools.soak_serving_site import LIVE_AFTER, Replaced, write_sources

STEPS = ("build", "build", "reload", "build", "roll_back", "reload", "prune", "build", "reload")
PAGE = 4096  # octets: an append of so many is there as a whole or not at all
LIVE = 12  # files that are made while it is served, of which the oldest goes


class ReplacedFiles:
    """Files at the site's root: renamed over, renamed over with a neighbour that encodes it, rewritten in place."""

    NAMES = ("renamed.txt", "encoded.txt", "rewritten.json", "large/words.txt", "huge/film.bin")

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, {name: Replaced(name) for name in self.NAMES}
        self._number = 0
        for name in self.NAMES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            self.replace(name)

    def replace(self, name: str) -> None:
        self._number += 1
        file = self.files[name]
        if name == "rewritten.json":
            self._rewrite(file)
        else:
            content = file.becomes(self._number)
            self._rename(name, content)
            if name == "encoded.txt":
                self._rename(f"{name}.gz", gzip.compress(content, 1))
        file.only_the_last()

    def _rename(self, name: str, content: bytes) -> None:
        new = self.folder.with_name("new")
        new.write_bytes(content)
        new.rename(self.folder / name)

    def _rewrite(self, file: Replaced) -> None:
        """Every length that it has on the way is a content that it had."""
        length = len(file.becomes(self._number))
        with (self.folder / file.name).open("ab", buffering=0) as opened:
            file.becomes(self._number, 0)
            opened.truncate(0)
            for start in range(0, length, PAGE):
                content = file.becomes(self._number, start + PAGE)
                opened.write(content[start:])


@dataclass
class Deploys:
    """The project under `home`; `reloaded` are the process ids of servers that are told to, now and then."""

    home: Path
    judge: Judge
    environ: Mapping[str, str]
    reloaded: list[int] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    release: int = 0
    pinned: str = ""  # what the processes that are never reloaded have loaded

    def pin(self) -> None:
        """From now on the release that is current stays."""
        self.pinned = (self.home / "out" / ".clearway" / "current").read_text().strip()

    async def build(self) -> None:
        self.release += 1
        await asyncio.to_thread(write_sources, self.home / "src", self.release)
        await self._run("collectstatic", "--noinput", "-v0")
        await asyncio.to_thread(self._take_up)

    def _take_up(self) -> None:
        self.found += list(self.judge.ledger.released(self.release, self.home / "out"))

    async def roll_back(self) -> None:
        await self._run("clearway", "rollback")

    async def prune(self) -> None:
        """Withdraw first what is to go: whoever asks meanwhile may find it or not."""
        pinned = {"CLEARWAY_RELEASE": self.pinned}
        planned = json.loads(await self._run("clearway", "prune", "--dry-run", "--format", "json", **pinned))
        self.judge.ledger.withdraw(each["name"] for each in planned["files"])
        await self._run("clearway", "prune", **pinned)
        self.judge.counts["releases that were pruned"] += len(planned["releases"])

    async def reload(self) -> None:
        for pid in self.reloaded:
            os.kill(pid, signal.SIGHUP)

    async def _run(self, *arguments: str, **more: str) -> str:
        command = [sys.executable, "-m", "django", *arguments]
        environ = {**self.environ, **more}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, cwd=self.home, env=environ, stdout=pipe, stderr=pipe)
        out, error = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}: {error.decode()[-2000:]}")
        return out.decode()

    async def run(self, until: float, pause: float) -> None:
        """One step after the other, with a pause between them."""
        while not self.found:
            for step in STEPS:
                await asyncio.sleep(pause)
                if time.monotonic() > until or self.found:
                    return
                await getattr(self, step)()
                self.judge.counts[f"deploys: {step}"] += 1


async def replace_files(files: ReplacedFiles, judge: Judge, until: float) -> None:
    """The small ones some times a second, the large ones now and then."""
    turn = 0
    while time.monotonic() < until:
        turn += 1
        names = ["renamed.txt", "encoded.txt", "rewritten.json"]
        names += ["large/words.txt"] * (turn % 10 == 0) + ["huge/film.bin"] * (turn % 40 == 0)
        for name in names:
            files.replace(name)
            await asyncio.sleep(0.1)
        judge.counts["files replaced while they were served"] += len(names)


async def make_live_files(folder: Path, judge: Judge, until: float) -> None:
    """As a compressor does: new names after the servers started, the oldest gone in the end."""
    number = 0
    folder.mkdir(parents=True, exist_ok=True)
    while time.monotonic() < until:
        content, number = f"/* {number} */".encode() * 300, number + 1
        (folder / "new").write_bytes(content)
        (folder / "new").rename(folder / f"{number}.css")
        name = f"CACHE/{number}.css"
        judge.live[name] = sha256(content).hexdigest()
        judge.ledger.promise([name], LIVE_AFTER)
        if number > LIVE:
            gone = f"CACHE/{number - LIVE}.css"
            judge.ledger.withdraw([gone])
            (folder / gone.removeprefix("CACHE/")).unlink()
        await asyncio.sleep(2)
