"""Large files on an event loop, asyncio's or trio's: turns are taken, and nobody is sent to who has gone."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import trio
from starlette.middleware.gzip import GZipMiddleware
from tests.helpers.asgi import asgi, says, scope
from tests.helpers.released import write

from clearway.asgi import Clearway
from clearway.serve import bodies
from clearway.serve.bodies import FileChangedError

HUGE = bytes(range(256)) * 8192  # 2 MiB
SMALL = b"body { color: teal }\n" * 100


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, {"huge.bin": HUGE, "site.css": SMALL})
    return tmp_path


@pytest.fixture
def site(root: Path) -> Clearway:
    return Clearway(says(b"the application"), root=root, prefix="s")


def test_a_client_that_takes_all_at_once_does_not_keep_the_loop(site: Clearway) -> None:
    turns: list[str] = []

    async def send(message: Any) -> None:
        turns.append("sent")

    async def another() -> None:
        while True:
            turns.append("another")
            await asyncio.sleep(0)

    async def run() -> None:
        beside = asyncio.create_task(another())
        await site(scope("/s/huge.bin"), asyncio.Event().wait, send)
        beside.cancel()

    asyncio.run(run())
    together = "".join("." if turn == "another" else "s" for turn in turns)
    assert together.count("s") > 4
    assert "sss" not in together.lstrip("s"), together


def test_the_last_block_ends_the_response(site: Clearway) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(site(scope("/s/huge.bin"), lambda: asyncio.sleep(60), send))
    assert [message.get("more_body") for message in sent[1:]] == [True] * (len(sent) - 2) + [False]
    assert sent[-1]["body"] == HUGE[-len(sent[-1]["body"]) :] != b""


def test_nothing_is_sent_to_a_client_that_has_gone(site: Clearway) -> None:
    """hypercorn answers what is sent then with an exception, and logs it."""
    sent: list[Any] = []
    gone = asyncio.Event()

    async def receive() -> Any:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        assert not gone.is_set(), message
        sent.append(message)
        if len(sent) == 3:
            gone.set()

    asyncio.run(site(scope("/s/huge.bin"), receive, send))
    assert len(sent) == 3


def test_header_fields_that_are_changed_around_us_are_not_those_of_the_next_answer(site: Clearway) -> None:
    """Starlette's GZipMiddleware writes into the list of the message."""
    plain = asgi(site, "/s/site.css").fields
    packing = GZipMiddleware(site)
    assert asgi(packing, "/s/site.css", headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert asgi(site, "/s/site.css").fields == plain


# --- trio


async def ask_in_trio(site: Clearway, target: str, leave_after: int = 0, **headers: str) -> tuple[int, bytes, int]:
    """Status, content, messages; the client leaves after as many messages as told."""
    sent: list[Any] = []
    gone = trio.Event()

    async def receive() -> Any:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) == leave_after:
            gone.set()
        await trio.lowlevel.checkpoint()

    with trio.fail_after(20):
        await site(scope(target, headers=headers), receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent), len(sent)


@pytest.mark.parametrize("in_memory", [True, False])
def test_trio_can_run_the_wrapper(site: Clearway, monkeypatch: pytest.MonkeyPatch, in_memory: bool) -> None:
    if not in_memory:
        monkeypatch.setattr(bodies, "read_cached", lambda file, count: None)

    async def main() -> None:
        for _ in range(2):
            assert (await ask_in_trio(site, "/s/huge.bin"))[:2] == (200, HUGE)
            assert (await ask_in_trio(site, "/s/huge.bin", range="bytes=5-"))[:2] == (206, HUGE[5:])
            assert (await ask_in_trio(site, "/s/site.css"))[:2] == (200, SMALL)
            assert (await ask_in_trio(site, "/s/none"))[0] == 404
            assert (await ask_in_trio(site, "/page"))[1] == b"the application"
        assert (await ask_in_trio(site, "/s/huge.bin", leave_after=3))[2] <= 4

    trio.run(main)


def test_under_trio_a_file_that_becomes_shorter_breaks_the_response(site: Clearway, root: Path) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)
        (root / "huge.bin").write_bytes(HUGE[:1000])

    with pytest.raises(BaseExceptionGroup) as raised:
        trio.run(site, scope("/s/huge.bin"), trio.sleep_forever, send)
    assert raised.group_contains(FileChangedError)
    assert sent[-1].get("more_body", True)
