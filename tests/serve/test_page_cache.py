"""Reads that never wait: what they give, and that whoever cannot have them reads in a thread."""

import errno
import os
import threading
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from tests.helpers.asgi import asgi
from tests.helpers.released import write

from clearway.asgi import Clearway
from clearway.serve import page_cache
from clearway.serve.page_cache import LARGEST, read_cached

CONTENT = bytes(range(256)) * 4096  # 1 MiB
on_linux = pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="only on Linux")


def nowait_works(folder: Path) -> bool:
    """Not on every file system (tmpfs before Linux 6, network file systems)."""
    write(folder, {"probe": b"x"})
    with FileIO(folder / "probe") as file:
        return file.read() == b"x" and file.seek(0) == 0 and read_cached(file, 1) == b"x"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    write(tmp_path, {"content.bin": CONTENT})
    return tmp_path / "content.bin"


@on_linux
def test_what_is_in_memory_is_read_from_the_position_of_the_file_which_moves_on(content: Path) -> None:
    if not nowait_works(content.parent):
        pytest.skip("only on file systems that can read without waiting")
    with FileIO(content) as file:
        assert read_cached(file, 1000) == CONTENT[:1000]
        assert file.read(1000) == CONTENT[1000:2000]
        assert read_cached(file, 1 << 30) == CONTENT[2000 : 2000 + LARGEST]
        file.seek(-5, os.SEEK_END)
        assert read_cached(file, 1000) == CONTENT[-5:]
        assert read_cached(file, 1000) is None
        assert read_cached(file, 0) is None


@on_linux
def test_threads_do_not_read_into_each_other(tmp_path: Path) -> None:
    wrong: list[int] = []

    def read(number: int) -> None:
        write(tmp_path, {f"{number}": bytes([number]) * LARGEST})
        with FileIO(tmp_path / f"{number}") as file:
            for _ in range(50):
                file.seek(0)
                block = read_cached(file, LARGEST)
                if block is not None and set(block) != {number}:
                    wrong.append(number)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def refuse(code: int) -> Any:
    def preadv(*_: Any) -> int:
        raise OSError(code, os.strerror(code))

    return preadv


def once_in_two(real: Any) -> Any:
    """As when a file is half in memory: short reads, and then none."""
    calls: list[Any] = []

    def preadv(descriptor: int, buffers: list[memoryview], *rest: Any) -> int:
        calls.append(rest)
        if len(calls) % 2:
            raise BlockingIOError(errno.EAGAIN, "not in memory")
        return int(real(descriptor, [buffers[0][:777]], *rest))

    return preadv


ODD: list[Any] = [
    pytest.param(refuse(errno.EAGAIN), id="nothing in memory"),
    pytest.param(refuse(errno.EOPNOTSUPP), id="a file system without it"),
    pytest.param(refuse(errno.ENOSYS), id="a sandbox without it"),
    pytest.param(lambda *_: 0, id="Linux 5.9 says that this is the end"),
]


@on_linux
@pytest.mark.parametrize("preadv", [*ODD, pytest.param(None, id="some of it in memory")])
def test_what_is_not_in_memory_is_read_in_a_thread(content: Path, monkeypatch: pytest.MonkeyPatch, preadv: Any) -> None:
    monkeypatch.setattr(os, "preadv", preadv or once_in_two(os.preadv))
    site = Clearway(root=content.parent, prefix="s")
    assert asgi(site, "/s/content.bin").body == CONTENT
    assert asgi(site, "/s/content.bin", headers={"Range": "bytes=1-700000"}).body == CONTENT[1:700001]


def test_a_system_without_such_reads_reads_in_threads(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "_NOWAIT", None)
    monkeypatch.delattr(os, "preadv", raising=False)
    assert asgi(Clearway(root=content.parent, prefix="s"), "/s/content.bin").body == CONTENT
