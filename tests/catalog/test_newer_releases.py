"""What is released while a process runs."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace

from clearway.catalog.layer import UNREAD
from clearway.catalog.newer_releases import ASK_AFTER, WAIT_AFTER, NewerReleases


class Published:
    """A release that published one name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_published(self, name: str) -> str | None:
        return name if name == self.name else None

    def reread(self, name: str) -> str | None:
        return self.find_published(name)


def test_a_newer_release_is_looked_for_on_a_miss_and_not_all_the_time(clock: SimpleNamespace) -> None:
    asked: list[str] = []
    releases = {"one": ("two", Published("two.css")), "two": ("three", Published("three.css"))}

    def load(known: str) -> object:
        asked.append(known)
        return releases.get(known)

    layer = NewerReleases("one", load)  # type: ignore[arg-type]
    assert layer.find_in_memory("two.css") is layer.find("two.css") is layer.reread("two.css") is None
    clock.now += ASK_AFTER * 2
    assert layer.find_in_memory("two.css") is UNREAD
    assert layer.find("two.css") == layer.find_in_memory("two.css") == layer.reread("two.css") == "two.css"
    assert layer.find("three.css") is layer.find_in_memory("three.css") is None
    assert asked == ["one"]
    clock.now += ASK_AFTER * 2
    assert layer.find("two.css") == "two.css"
    assert asked == ["one"]
    assert layer.find("three.css") == "three.css"
    clock.now += ASK_AFTER * 2
    assert layer.find("four.css") is None
    assert asked == ["one", "two", "three"]


def test_one_who_misses_looks_in_time_for_the_others(clock: SimpleNamespace) -> None:
    layer = NewerReleases("one", lambda known: ("two", Published("two.css")))  # type: ignore[arg-type,return-value]
    clock.now += ASK_AFTER * 1.1
    assert [layer.find_in_memory("two.css") for _ in range(3)] == [UNREAD, None, None]
    clock.now += WAIT_AFTER - ASK_AFTER
    assert [layer.find_in_memory("two.css") for _ in range(3)] == [UNREAD] * 3
    assert layer.find("two.css") == "two.css"
    assert [layer.find_in_memory(name) for name in ("two.css", "three.css")] == ["two.css", None]
    clock.now += ASK_AFTER * 1.1
    assert [layer.find_in_memory("three.css") for _ in range(2)] == [UNREAD, None]
    assert layer.find("three.css") is layer.find_in_memory("three.css") is None


def test_whoever_misses_while_a_newer_release_is_read_waits_for_it(clock: SimpleNamespace) -> None:
    begun, may_end = Event(), Event()

    def load(known: str) -> object:
        begun.set()
        may_end.wait(10)
        return "two", Published("two.css")

    layer = NewerReleases("one", load)  # type: ignore[arg-type]
    clock.now += ASK_AFTER * 2
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(layer.find, "two.css")
        assert begun.wait(10)
        second = threads.submit(layer.find, "two.css")
        time.sleep(0.05)
        may_end.set()
        assert first.result() == second.result() == "two.css"
