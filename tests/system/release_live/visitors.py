"""Visitors who ask all the time, believe no answer, and note each one that is not as it has to be."""

import asyncio
import hashlib
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from types import MappingProxyType

from tools.soak_serving_http import Answer, Client, CutError, NoAnswerError

STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"|"(/static/[^"]+\.m?js)"')
MARKS = re.compile(r'<meta name="release" content="([^"]+)">')
HASHED = re.compile(r"\.[0-9a-f]{12}(?:\.[^./]+)?$")
PLAIN = ("catalogue/css/tokens.css", "catalogue/css/site.css", "catalogue/js/main.js", "ratings/ratings.css")
PAGES = ("/", "/gallery/", "/login/")
CODINGS = ("identity", "gzip", "br", "gzip, deflate, br, zstd")


@dataclass
class Seen:
    """What the visitors were told, and what was wrong with it."""

    failed: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    digests: dict[tuple[str, str], str] = field(default_factory=dict)  # of each hashed path in each coding
    plain: dict[str, set[str]] = field(default_factory=dict)  # digests of each unhashed path, without a coding
    marks: dict[str, float] = field(default_factory=dict)  # of releases: when first seen (monotonic seconds)
    named: set[str] = field(default_factory=set)
    slowest: float = 0.0

    def __str__(self) -> str:
        return f"{dict(self.counts)}, slowest {self.slowest:.2f} s, {len(self.failed)} failed: {self.failed[:6]}"

    @property
    def requests(self) -> int:
        return sum(self.counts.values())

    def newest(self) -> str:
        """The release that a page named last for the first time."""
        return max(self.marks, key=lambda mark: self.marks[mark])


@dataclass
class Visitors:
    """Some visitors of a few ports."""

    ports: tuple[int, ...]
    seen: Seen = field(default_factory=Seen)
    chance: random.Random = field(default_factory=lambda: random.Random(9))
    over: Event = field(default_factory=Event)

    async def run(self, at_once: int, pause: float) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(at_once):
                group.create_task(self._visitor(Client(self.ports[number % len(self.ports)]), pause))

    async def _visitor(self, client: Client, pause: float) -> None:
        while not self.over.is_set():
            kind = self.chance.choices([self._page, self._old, self._plain, self._form], [5, 8, 3, 2])[0]
            try:
                await kind(client)
            except (OSError, NoAnswerError, CutError, TimeoutError) as error:
                self._fail(kind.__name__, repr(error))
            await asyncio.sleep(self.chance.uniform(0, 2 * pause))
        client.close()

    async def _page(self, client: Client) -> None:
        """A page, and some of the files that it names."""
        path = self.chance.choice(PAGES)
        answer = await self._ask(client, path)
        if answer.status != 200:
            self._fail(path, str(answer.status))
            return
        text = answer.body.decode()
        for mark in MARKS.findall(text):
            self.seen.marks.setdefault(mark, time.monotonic())
        names = sorted({first or second for first, second in STATIC.findall(text)})
        if not names:
            self._fail(path, "names no file")
        self.seen.named.update(names)
        for name in self.chance.sample(names, min(3, len(names))):
            await self._file(client, name)

    async def _old(self, client: Client) -> None:
        """A file that some page has named, whenever that was."""
        if self.seen.named:
            await self._file(client, self.chance.choice(sorted(self.seen.named)))

    async def _plain(self, client: Client) -> None:
        await self._file(client, f"/static/{self.chance.choice(PLAIN)}")

    async def _form(self, client: Client) -> None:
        """What a proxy must not send twice; Django refuses it, without a token."""
        answer = await self._ask(client, "/login/", "POST", {"Content-Length": "0"})
        if answer.status != 403:
            self._fail("POST /login/", str(answer.status))

    async def _file(self, client: Client, path: str) -> None:
        accepted = self.chance.choice(CODINGS)
        answer = await self._ask(client, path, fields={"Accept-Encoding": accepted})
        coding = answer.fields.get("content-encoding", "")
        digest = hashlib.sha256(answer.body).hexdigest()
        if answer.status != 200:
            self._fail(path, str(answer.status))
        elif not HASHED.search(path):
            self.seen.plain.setdefault(path, set()).add(f"{coding}{digest}")
        elif self.seen.digests.setdefault((path, coding), digest) != digest:
            self._fail(path, f"other octets than before ({coding or 'identity'})")

    async def _ask(
        self, client: Client, path: str, method: str = "GET", fields: Mapping[str, str] = MappingProxyType({})
    ) -> Answer:
        begun = time.monotonic()
        answer = await client.ask(method, path, fields)
        self.seen.slowest = max(self.seen.slowest, time.monotonic() - begun)
        self.seen.counts[f"{answer.status}"] += 1
        if client.unanswered:  # the client has asked once more, and a visitor would have seen nothing
            self._fail(path, "closed before an answer")
            client.unanswered = 0
        return answer

    def _fail(self, what: str, how: str) -> None:
        self.seen.failed.append(f"{what}: {how}")


@contextmanager
def visiting(*ports: int, at_once: int = 6, pause: float = 0.06) -> Iterator[Seen]:
    """Visitors in a thread, until the block ends; they note what they see as long as it lasts."""
    visitors = Visitors(ports)
    thread = Thread(target=lambda: asyncio.run(visitors.run(at_once, pause)))
    thread.start()
    try:
        yield visitors.seen
    finally:
        visitors.over.set()
        thread.join()


def recorded(static: Path) -> dict[str, str]:
    """The sha256 of every hashed path that a record of `static` knows."""
    found: dict[str, str] = {}
    for path in (static / ".clearway" / "releases").glob("*.json"):
        for asset in json.loads(path.read_bytes())["assets"].values():
            found[f"/static/{asset['name']}"] = asset["sha256"]
    return found
