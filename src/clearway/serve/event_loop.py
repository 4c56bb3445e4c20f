"""What the ASGI adapter wants of an event loop: asyncio's, or trio's, which hypercorn offers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that may wait for the disk in a thread."""
    if _is_asyncio():
        return await asyncio.to_thread(function, *args, **kwargs)
    import trio

    return await trio.to_thread.run_sync(lambda: function(*args, **kwargs))


async def give_way() -> None:
    """Let others run: a `send` that never waits would keep the loop for as long as the client is quick."""
    if _is_asyncio():
        return await asyncio.sleep(0)
    import trio

    return await trio.lowlevel.checkpoint()


@asynccontextmanager
async def beside(waiting: Callable[[], Awaitable[None]]) -> AsyncIterator[Callable[[], bool]]:
    """Run `waiting` beside the block and end it with the block; gives whether it has come to its own end."""
    if _is_asyncio():
        task = asyncio.ensure_future(waiting())
        try:
            yield task.done
        finally:
            task.cancel()
        return
    import trio

    ended = trio.Event()

    async def wait() -> None:
        await waiting()
        ended.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(wait)
        yield ended.is_set
        nursery.cancel_scope.cancel()


def _is_asyncio() -> bool:
    """Where no loop of asyncio runs, it is trio that runs us: there is no third."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
