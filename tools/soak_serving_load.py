"""The visitors of the serving soak: requests of every kind at a steady rate, from one seed."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from tools.soak_serving_http import Answer, Client
from tools.soak_serving_judge import STATIC, Asked, Judge
from tools.soak_serving_site import PILE, logical_names

AT_ONCE = 24  # requests
CODINGS = ("", "gzip", "br", "zstd", "gzip, deflate, br, zstd", "br;q=0, gzip", "identity", "*;q=0, identity")
NAMES = [name for name in logical_names(0) if not name.startswith("only/")]
BOOK, HUGE = f"{STATIC}big/book.txt", "/huge/film.bin"  # large, with encodings and without a digest
LARGE = 0.1  # of the requests for replaced files may be for each large one


@dataclass
class Visited:
    """A server as the visitors see it."""

    name: str
    client: Client


@dataclass
class Load:
    servers: list[Visited]
    judge: Judge
    chance: random.Random
    found: list[str] = field(default_factory=list)
    seen: deque[tuple[str, str, str, bool]] = field(default_factory=lambda: deque(maxlen=400))

    async def run(self, until: float, rate: float) -> None:
        """Requests at random moments, `rate` of them a second, until the time has come (monotonic seconds)."""
        kinds, weights = zip(*self._kinds().items(), strict=True)
        free = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            while time.monotonic() < until and len(self.found) < 20:
                await asyncio.sleep(self.chance.expovariate(rate))
                kind = self.chance.choices(kinds, weights)[0]
                await free.acquire()
                group.create_task(self._one(kind, free))

    def _kinds(self) -> dict[Callable[[Visited], Awaitable[None]], int]:
        return {
            self._hashed: 30,
            self._alias: 12,
            self._plain: 14,
            self._revalidated: 14,
            self._page: 4,
            self._new: 2,
            self._part: 8,
            self._head: 6,
            self._miss: 5,
            self._live: 3,
            self._slow: 1,
            self._leave: 3,
        }

    async def _one(self, kind: Callable[[Visited], Awaitable[None]], free: asyncio.Semaphore) -> None:
        server = self.chance.choice(self.servers)
        label = kind.__name__.strip("_")
        try:
            await kind(server)
        except Exception as error:
            self.found.append(f"{server.name}, {label}: {error!r}")
        finally:
            free.release()
        self.judge.counts[f"requests: {label}"] += 1

    async def fill(self) -> None:
        """Let every process keep as much as it ever will."""
        names = [name for name in self.judge.ledger.digests if name.startswith("pile/")]
        for server in self.servers:
            for name in names:
                await self._get(server, STATIC + name, "")
            server.client.close()
        assert len(names) == PILE

    # --- kinds

    async def _hashed(self, server: Visited) -> None:
        await self._get(server, STATIC + self.chance.choice(list(self.judge.ledger.promised)))

    async def _alias(self, server: Visited) -> None:
        await self._get(server, STATIC + self.chance.choice(NAMES))

    async def _plain(self, server: Visited) -> None:
        names = [name for name in self.judge.replaced if "/" not in name or self.chance.random() < LARGE]
        await self._get(server, f"/{self.chance.choice(names)}")

    async def _live(self, server: Visited) -> None:
        if self.judge.live:
            await self._get(server, STATIC + self.chance.choice(list(self.judge.live)))

    async def _slow(self, server: Visited) -> None:
        await self._get(server, self.chance.choice([*self._films(), BOOK]), pause=0.02)

    async def _leave(self, server: Visited) -> None:
        path = self.chance.choice([*self._films(), BOOK, HUGE, "/page"])
        after = self.chance.choice((0, 1, 20_000, 700_000))
        await server.client.leave(path, _accepting(self._accept()), after)

    async def _page(self, server: Visited) -> None:
        """A page, and some of its files from any of the servers, as behind one load balancer."""
        answer = await server.client.ask("GET", "/page", {}, keep=self._keeps())
        if answer.status != 200:
            return self._note(server, "/page", [str(answer.status)])
        links = [word for word in answer.body.decode().split('"') if word.startswith("/")]
        for path in self.chance.sample(links, 3):
            if path.removeprefix(STATIC) in self.judge.ledger.digests:  # else of a build that is not at its end
                await self._get(self.chance.choice(self.servers), path)
        return None

    async def _new(self, server: Visited) -> None:
        """Files of the last release, all at once, as a browser asks for them."""
        newest = list(self.judge.ledger.promised)[-40:]
        await asyncio.gather(*(self._get(server, STATIC + name) for name in self.chance.sample(newest, 6)))

    async def _part(self, server: Visited) -> None:
        path = self.chance.choice([*self._films(), HUGE])
        first = self.chance.randrange(2_000_000)
        last = first + self.chance.choice((0, 100, 60_000, 400_000))
        asked = self._asked(path, "br")
        fields = {"Range": f"bytes={first}-{last}", "Accept-Encoding": "br, identity"}
        answer = await server.client.ask("GET", path, fields, keep=self._keeps())
        self._note(server, path, self.judge.part(asked, answer, first, last))

    async def _head(self, server: Visited) -> None:
        path = STATIC + self.chance.choice(NAMES)
        answer = await server.client.ask("HEAD", path, {"Accept-Encoding": self._accept()}, keep=self._keeps())
        if answer.status != 200 or int(answer.fields["content-length"]) < 1 or not answer.fields["etag"]:
            self._note(server, path, [f"{answer.status} {answer.fields}"])

    async def _miss(self, server: Visited) -> None:
        path = self.chance.choice((STATIC + "css/absent.0123456789ab.css", STATIC + "CACHE/absent.css", "/absent"))
        answer = await server.client.ask("GET", path, {}, keep=self._keeps())
        is_right = answer.status == 404 and (path == "/absent" or answer.fields["cache-control"] == "no-store")
        self._note(server, path, [] if is_right else [f"{answer.status} {answer.fields}"])

    async def _revalidated(self, server: Visited) -> None:
        if not self.seen:
            return
        path, accept, tag, is_hashed = self.chance.choice(self.seen)
        sent = self.chance.choice((tag, f"W/{tag}", f'"other", {tag}'))
        asked = self._asked(path, accept)
        fields = {"If-None-Match": sent, **_accepting(accept)}
        answer = await server.client.ask("GET", path, fields, keep=self._keeps())
        self._note(server, path, self._unmodified(asked, answer, tag, is_hashed))

    def _unmodified(self, asked: Asked, answer: Answer, tag: str, is_hashed: bool) -> Iterator[str]:
        if answer.status != 304:
            if is_hashed and answer.status == 200:
                yield f"{answer.status} though {tag} was sent"
            yield from self.judge.whole(asked, answer)
        elif answer.fields["etag"] != tag:
            yield f"304 with {answer.fields['etag']} for {tag}"
        self.judge.counts["revalidations answered 304"] += answer.status == 304

    # --- what they share

    async def _get(self, server: Visited, path: str, accept: str | None = None, *, pause: float = 0) -> None:
        asked = self._asked(path, self._accept() if accept is None else accept)
        answer = await server.client.ask("GET", path, _accepting(asked.accept), keep=self._keeps(), pause=pause)
        if answer.status == 200:
            is_hashed = path.removeprefix(STATIC) in self.judge.ledger.digests
            self.seen.append((path, asked.accept, answer.fields["etag"], is_hashed))
        self._note(server, path, self.judge.whole(asked, answer))

    def _films(self) -> list[str]:
        return [STATIC + name for name in self.judge.ledger.films if name in self.judge.ledger.promised]

    def _asked(self, path: str, accept: str) -> Asked:
        return Asked(path, accept, time.monotonic(), self.judge.ledger.is_promised(path.removeprefix(STATIC)))

    def _note(self, server: Visited, path: str, complaints: Iterator[str] | list[str]) -> None:
        self.found += [f"{server.name}: {path}: {each}" for each in complaints]

    def _accept(self) -> str:
        return self.chance.choice(CODINGS)

    def _keeps(self) -> bool:
        return self.chance.random() < 0.7


def _accepting(accept: str) -> dict[str, str]:
    return {"Accept-Encoding": accept} if accept else {}
