"""What a permission said, whether it was asked synchronously or not."""

from collections.abc import Awaitable
from inspect import isawaitable
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction


def verdict(said: bool | Awaitable[bool]) -> bool:
    """In a thread. Raises `TypeError` for what is no bool: an object that happens to be true opens no file."""
    return _bool(async_to_sync(_awaited)(said) if isawaitable(said) else said)


async def averdict(said: bool | Awaitable[bool]) -> bool:
    """In an event loop. Raises `TypeError`."""
    return _bool(await said if isawaitable(said) else said)


async def _awaited(said: Awaitable[bool]) -> bool:
    return await said


def _bool(said: Any) -> bool:
    if not isinstance(said, bool):
        raise TypeError(f"A permission must say True or False, not {type(said).__name__}.")
    return said


def is_async(permission: Any) -> bool:
    """Whether a permission is to be asked in the event loop."""
    return iscoroutinefunction(permission) or iscoroutinefunction(getattr(permission, "__call__", None))  # noqa: B004
