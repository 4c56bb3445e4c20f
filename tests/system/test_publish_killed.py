"""A publisher that is killed at any request leaves a target that keeps its word, and the next run finishes the job."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from signal import SIGKILL
from threading import Event, Thread
from typing import Any, Self

import pytest
from tests.helpers.object_server import Application, ObjectServer, Start, obedient, overwriting
from tests.releases.publishing import current, missing
from tests.releases.sites import NEW, OLD, at, released

from clearway.stores import lease
from clearway.stores.object_store import bucket_store
from clearway.stores.transport import Transport

pytestmark = pytest.mark.system
SEED = 9
KILLS = 4
READER = "reader"  # the key by which its requests are known


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectServer]:
    made = ObjectServer()
    yield made
    made.close()


class Killing:
    """At one request, the process that asked is killed: before the store has read it, or after it has done it."""

    def __init__(self, process: "subprocess.Popen[bytes]", at: int, *, is_done: bool, habit: Any) -> None:
        self._process, self._left, self._is_done, self._habit = process, at, is_done, habit

    def __call__(self, store: Application, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if READER in environ.get("HTTP_AUTHORIZATION", ""):
            return store(environ, start)
        self._left -= 1
        if self._left == 0 and not self._is_done:
            self._process.send_signal(SIGKILL)
            raise ConnectionResetError
        answer = self._habit(store, environ, start)
        if self._left == 0:
            self._process.send_signal(SIGKILL)
        return answer  # type: ignore[no-any-return]


class Reader(Thread):
    """Looks at the current release all the time."""

    def __init__(self, target: Transport) -> None:
        super().__init__()
        self.found: list[str] = []
        self.looks = 0
        self._target, self._end = target, Event()

    def run(self) -> None:
        while not self._end.is_set():
            self.found += missing(self._target)
            self.looks += 1
            self._end.wait(0.05)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self.join()


def publishing(server: ObjectServer, root: Path, url: str) -> "subprocess.Popen[bytes]":
    words = [str(Path(sys.executable).parent / "clearway"), "publish", "--root", str(root), url, "--apply", "-v", "0"]
    return subprocess.Popen(words, env=os.environ | server.environ(), stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("habit", [obedient, overwriting])
def test_a_killed_publisher_breaks_no_promise(server: ObjectServer, tmp_path: Path, habit: Any) -> None:
    root, url, chance = tmp_path / "public", server.new_bucket(), Random(SEED)
    target = bucket_store(url, server.options | {"access_key_id": READER})
    killed = 0
    kills = KILLS if habit is obedient else KILLS // 2
    with Reader(target) as reader:
        for tree in (OLD, NEW):
            released(root, tree)
            for _ in range(kills):
                process = publishing(server, root, url)
                at_request = chance.randrange(1, 40)
                with server.behaving(Killing(process, at_request, is_done=chance.random() < 0.5, habit=habit)):
                    killed += process.wait(30) == -SIGKILL
                if habit is overwriting:
                    target.delete([lease.FILE])  # what the advice says, or wait until it ends
            with server.behaving(habit):
                assert publishing(server, root, url).wait(60) == 0
            assert current(target) == at(root).records.current()
            assert missing(target) == []
    assert reader.found == []
    assert killed
    assert reader.looks > killed
