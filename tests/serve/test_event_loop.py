"""Nothing blocks the event loop: no file is opened, listed or asked about in its thread."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings
from tests.helpers.asgi import App, aget, says
from tests.helpers.guard import LoopGuard
from tests.helpers.released import publish, write
from tests.helpers.replies import Reply

from clearway.asgi import Clearway
from clearway.catalog import directory_files

SMALL, LARGE, TOO_LARGE_TO_DIGEST = b"a{}" * 100, b"x" * 600_000, 9 * 1024 * 1024


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "static_root"
    publish(root, {"site.css": SMALL, "large.bin": LARGE})
    write(root, {"CACHE/made.css": b"made", "unlisted/x.txt": b"unlisted", "www/favicon.ico": b"icon"})
    with (root / "unlisted" / "big.bin").open("wb") as file:
        file.truncate(TOO_LARGE_TO_DIGEST)
    return root


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopGuard]:
    made = LoopGuard(monkeypatch)
    yield made
    made.disarm()


# (target, headers, status, whether an application answers): in this order, twice
ROWS: list[tuple[str, dict[str, str], int]] = [
    ("/static/site.css", {}, 200),
    ("/static/site.css", {"Accept-Encoding": "br"}, 200),
    ("/static/site.css", {"Range": "bytes=1-2"}, 206),
    ("/static/site.css", {"If-None-Match": "*"}, 304),
    ("/static/large.bin", {}, 200),
    ("/static/large.bin", {"Range": "bytes=5-500000"}, 206),
    ("/static/none.css", {}, 404),
    ("/static/CACHE/made.css", {}, 200),
    ("/static/CACHE/none.css", {}, 404),
    ("/static/unlisted/x.txt", {}, 200),
    ("/static/unlisted/big.bin", {"Range": "bytes=0-9"}, 206),
    ("/favicon.ico", {}, 200),
]


def ask(app: App, guard: LoopGuard, exact_case: bool = True) -> list[Reply]:
    async def run() -> list[Reply]:
        await asyncio.to_thread(int)  # the pool's own start is not the application's
        guard.arm()
        replies = [
            await aget(app, target, headers=headers, exact_case=exact_case)
            for _ in range(2)
            for target, headers, _ in ROWS
        ]
        guard.disarm()
        return replies

    replies = asyncio.run(run(), debug=False)  # its debug mode reads source files for stacks
    assert [reply.status for reply in replies] == [status for *_, status in ROWS] * 2
    return replies


def settings_for(root: Path, **more: Any) -> override_settings:
    return override_settings(
        STATIC_ROOT=root,
        CLEARWAY={"root": root / "www"},
        MIDDLEWARE=["clearway.middleware.ClearwayMiddleware"],
        **more,
    )


@pytest.mark.parametrize("fresh_for", [60, -1], ids=["just-checked", "to-be-checked"])
def test_serving_from_a_release_and_beside_it(
    root: Path, guard: LoopGuard, monkeypatch: pytest.MonkeyPatch, fresh_for: float
) -> None:
    monkeypatch.setattr(directory_files, "FRESH_FOR", fresh_for)
    monkeypatch.setattr(directory_files, "RELIST_AFTER", -1)
    with settings_for(root):
        ask(Clearway(says()), guard)
    assert guard.caught == []
    assert guard.elsewhere > 0


def test_serving_files_that_are_looked_at_on_every_request(root: Path, guard: LoopGuard) -> None:
    write(root, {"site.css": SMALL, "site.css.br": b"br", "large.bin": LARGE})
    site = Clearway(says(), root=root, prefix="static", autorefresh=True, index_file=True)
    site.add_files(root / "www")
    ask(site, guard)
    assert guard.caught == []
    assert guard.elsewhere > 0


def test_serving_from_the_finders(root: Path, guard: LoopGuard) -> None:
    write(root, {"site.css": SMALL, "site.css.br": b"br", "large.bin": LARGE})
    with settings_for(root, DEBUG=True, STATICFILES_DIRS=[root]):
        ask(Clearway(says()), guard)
    assert guard.caught == []


def test_the_middleware_in_django_s_own_handler(root: Path, guard: LoopGuard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory_files, "RELIST_AFTER", -1)
    with settings_for(root):
        ask(ASGIHandler(), guard, exact_case=False)
    assert guard.caught == []


def test_a_damaged_file(root: Path, guard: LoopGuard) -> None:
    """What is read again after a change is read in a thread too."""
    assert not django_settings.DEBUG
    for path in root.glob("site.*"):
        path.write_bytes(b"damaged")
    with settings_for(root):
        ask(Clearway(says()), guard)
    assert guard.caught == []


async def blocking(scope: Any, receive: Any, send: Any) -> None:
    os.stat(__file__)
    await says(b"")(scope, receive, send)


def test_the_guard_sees_an_application_that_blocks(guard: LoopGuard) -> None:
    async def run() -> None:
        guard.arm()
        await aget(blocking)
        guard.disarm()

    asyncio.run(run(), debug=False)
    assert len(guard.caught) == 1
    assert "in blocking" in guard.caught[0]
