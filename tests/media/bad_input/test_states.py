"""What lies in the directory, and what becomes of it meanwhile: links, pipes, changes while a file is sent."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.files.base import ContentFile
from tests.bad_input.site import CANARY
from tests.helpers.replies import Reply
from tests.helpers.roads import ROADS, Road
from tests.media.bad_input.fuzz import ground
from tests.media.bad_input.kept import MINE
from tests.media.bad_input.surroundings import entries

from clearway.media import MediaStorage
from clearway.serve.bodies import FileChangedError

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only on Linux"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

TREES = {"public": ("media", "/media/"), "private": ("private/alice", "/private/alice/")}
ROUNDS = 200


@pytest.fixture(params=["WSGI", "ASGI"])
def road(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Road]:
    with ground(tmp_path):
        yield ROADS[request.param]()


@pytest.fixture(params=TREES)
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """The directory, and the prefix of its URLs."""
    folder, prefix = TREES[request.param]
    return tmp_path / folder, prefix


def ask(road: Road, target: str) -> Reply:
    return road(target, "GET", {"Cookie": "user=alice"})


@contextmanager
def changing(change: Callable[[int], None]) -> Iterator[None]:
    """Something that goes on beside the block."""
    ended = Event()

    def go_on() -> None:
        number = 0
        while not ended.is_set():
            change(number := number + 1)

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def outside(folder: Path) -> Path:
    """Where the canary lies."""
    return next(each for each in folder.parents if (each / "canary.txt").exists())


def replaced(path: Path, make: Callable[[Path], object]) -> None:
    """Another entry in the place of this one, in one step."""
    beside = path.with_name(".beside")
    make(beside)
    os.replace(beside, path)


def test_a_file_that_becomes_a_link_and_a_file_again_never_leads_out(road: Road, tree: tuple[Path, str]) -> None:
    folder, prefix = tree
    secret, turning = outside(folder) / "canary.txt", folder / "turning.txt"
    contents = [b"a" * 1000, b"b" * 300_000]

    def turn(number: int) -> None:
        if number % 3:
            replaced(turning, lambda path: path.symlink_to(secret))
        else:
            replaced(turning, lambda path: path.write_bytes(contents[number % 2]))

    turn(3)
    seen = set()
    with changing(turn):
        for _ in range(ROUNDS):
            try:
                reply = ask(road, f"{prefix}turning.txt")
            except FileChangedError:  # the server ends the connection
                continue
            assert CANARY not in reply.body
            assert reply.status == 404 or reply.body in contents
            seen.add(reply.status)
    assert seen <= {200, 404}


def test_a_directory_that_becomes_a_link_never_leads_out(road: Road, tree: tuple[Path, str]) -> None:
    folder, prefix = tree
    kept, turning = folder / "kept", folder / "turning"
    kept.mkdir()
    (kept / "canary.txt").write_bytes(MINE)
    linked = folder / "away"
    linked.symlink_to(outside(folder) / "private" / "bob", target_is_directory=True)

    def turn(number: int) -> None:
        come, gone = (linked, kept) if number % 2 else (kept, linked)
        if turning.is_symlink() or turning.exists():
            os.rename(turning, gone)
        os.rename(come, turning)

    with changing(turn):
        replies = [ask(road, f"{prefix}turning/canary.txt") for _ in range(ROUNDS)]
    assert {(reply.status, reply.body) for reply in replies if reply.status != 404} <= {(200, MINE)}


@pytest.mark.parametrize("moment", [0, -86_400, 4_102_444_800, -(2**40), 2**40])
def test_a_time_that_nobody_expects_is_no_error(road: Road, tree: tuple[Path, str], moment: int) -> None:
    folder, prefix = tree
    (folder / "x.txt").write_bytes(MINE)
    os.utime(folder / "x.txt", (moment, moment))
    reply = ask(road, f"{prefix}x.txt")
    assert (reply.status, reply.body) == (200, MINE)
    for field in ("If-Modified-Since", "If-Unmodified-Since", "If-Range"):
        date = dict(reply.fields).get("last-modified", "Thu, 01 Jan 1970 00:00:00 GMT")
        more = road(f"{prefix}x.txt", "GET", {"Cookie": "user=alice", field: date, "Range": "bytes=0-1"})
        assert more.status in (200, 206, 304, 412)


def test_what_is_no_file_is_answered_like_what_is_not_there(road: Road, tree: tuple[Path, str]) -> None:
    folder, prefix = tree
    os.mkfifo(folder / "fifo.txt")
    (folder / "loop").symlink_to("loop")
    (folder / "null.txt").symlink_to("/dev/zero")
    (folder / "environ.txt").symlink_to("/proc/self/environ")
    here = os.open(folder, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{here}/s.txt")
    os.close(here)
    nothing = ask(road, f"{prefix}none.txt")
    for name in (
        "fifo.txt",
        "loop",
        "loop/x",
        "null.txt",
        "environ.txt",
        "s.txt",
        "link/canary.txt",
        "link",
        "d",
        "d/",
    ):
        assert ask(road, prefix + name).comparable == nothing.comparable, name


def test_a_file_that_goes_while_it_is_asked_for_is_no_error(road: Road, tree: tuple[Path, str]) -> None:
    folder, prefix = tree
    going = folder / "going.txt"

    def turn(number: int) -> None:
        if number % 2:
            going.write_bytes(MINE)
        else:
            going.unlink(missing_ok=True)

    with changing(turn):
        replies = [ask(road, f"{prefix}going.txt") for _ in range(ROUNDS)]
    assert {(reply.status, reply.body) for reply in replies if reply.status != 404} <= {(200, MINE), (200, b"")}


@pytest.mark.parametrize("overwrites", [False, True])
def test_nothing_is_written_through_what_stands_at_a_name(tmp_path: Path, overwrites: bool) -> None:
    root, outside = tmp_path / "media", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "canary.txt").write_bytes(CANARY)
    (root / "link.txt").symlink_to(outside / "canary.txt")
    (root / "dangling.txt").symlink_to(outside / "new.txt")
    (root / "hard.txt").hardlink_to(outside / "canary.txt")
    os.mkfifo(root / "fifo.txt")
    (root / "null.txt").symlink_to("/dev/full")
    before = dict(entries(outside, None))
    storage = MediaStorage(root, "/media/", allow_overwrite=overwrites)
    for name in ("link.txt", "dangling.txt", "hard.txt", "fifo.txt", "null.txt"):
        place = storage.save(name, ContentFile(MINE))
        assert (root / place).read_bytes() == MINE
        assert not (root / place).is_symlink()
    after = dict(entries(outside, None))
    assert {name: told.split()[-1] for name, told in after.items()} == {n: t.split()[-1] for n, t in before.items()}
