"""Runs against one store in memory, one request at a time, in an order that a test chooses."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from hashlib import md5
from itertools import count
from threading import Semaphore, Thread
from typing import TypeVar

from clearway.stores.errors import ChangedError, StoreError
from clearway.stores.transport import Entry, Fields, Transport, Version

T = TypeVar("T")
PAGE = 3  # objects in one answer of a listing


class Memory:
    """A store that keeps conditions; an entity tag is the MD5 of the bytes, as S3 has it."""

    def __init__(self) -> None:
        self.where = "memory"
        self.objects: dict[str, bytes] = {}
        self._clock = count(1)
        self._changed: dict[str, int] = {}
        self._fields: dict[str, Fields] = {}

    def list(self) -> Iterator[Entry]:
        after = ""
        while page := self.page(after):
            yield from page
            after = page[-1].name

    def page(self, after: str) -> Sequence[Entry]:
        return [self._entry(name) for name in sorted(self.objects) if name > after][:PAGE]

    def head(self, name: str) -> Entry | None:
        return self._entry(name) if name in self.objects else None

    def read(self, name: str) -> tuple[bytes, Entry]:
        if name not in self.objects:
            raise FileNotFoundError(name)
        return self.objects[name], self._entry(name)

    def fields(self, name: str) -> Fields | None:
        if name not in self.objects:
            raise FileNotFoundError(name)
        return self._fields.get(name)

    def create(self, name: str, data: bytes, fields: Fields) -> Version | None:
        return None if name in self.objects else self.put(name, data, fields)

    def swap(self, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        if name not in self.objects or _version(self.objects[name]) != expected:
            raise ChangedError(name)
        return self.put(name, data, fields)

    def put(self, name: str, data: bytes, fields: Fields) -> Version:
        self.objects[name], self._changed[name], self._fields[name] = data, next(self._clock), fields
        return _version(data)

    def copy(self, source: str, target: str) -> None:
        self.put(target, self.read(source)[0], self._fields[source])

    def delete(self, names: Sequence[str]) -> None:
        for name in names:
            self.objects.pop(name, None)

    def flush(self) -> None:
        pass

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()

    def _entry(self, name: str) -> Entry:
        data = self.objects[name]
        return Entry(name, len(data), _version(data), self._changed[name])


def _version(data: bytes) -> Version:
    return Version(f'"{md5(data).hexdigest()}"')


class KilledError(BaseException):
    """What a run sees when it is killed: none of its requests is answered any more."""


class Run:
    """One run in a thread of its own, and its way to the store: each request waits until it is let go."""

    def __init__(self, store: Memory, work: Callable[[Transport], object], arrived: Semaphore) -> None:
        self.where = store.where
        self.is_over = False
        self.is_killed = False
        self.error: BaseException | None = None
        self.asked = 0
        self._store, self._work, self._arrived, self._go = store, work, arrived, Semaphore(0)
        self._dies_after = False
        self._is_refused = False
        self._thread = Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._arrived.acquire()

    def step(self) -> None:
        """Let one request go, and wait until the run wants the next one, or is over."""
        self._go.release()
        self._arrived.acquire()

    def kill(self, *, is_done: bool) -> None:
        """Before its next request reaches the store, or before the answer does."""
        self.is_killed, self._dies_after = True, is_done
        self.step()
        while not self.is_over:
            self.step()

    def fail(self) -> None:
        """The store answers its next request with an error."""
        self._is_refused = True
        self.step()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            self._work(self)
        except BaseException as error:
            self.error = error
        self.is_over = True
        self._arrived.release()

    def _ask(self, request: Callable[[], T]) -> T:
        self._arrived.release()
        self._go.acquire()
        self.asked += 1
        if self.is_killed and not self._dies_after:
            raise KilledError
        if self._is_refused:
            self._is_refused = False
            raise StoreError("the store failed")
        answer = request()
        if self.is_killed:
            self._dies_after = False
            raise KilledError
        return answer

    def list(self) -> Iterator[Entry]:
        after = ""
        while page := self._ask(partial(self._store.page, after)):
            yield from page
            after = page[-1].name

    def head(self, name: str) -> Entry | None:
        return self._ask(lambda: self._store.head(name))

    def read(self, name: str) -> tuple[bytes, Entry]:
        return self._ask(lambda: self._store.read(name))

    def fields(self, name: str) -> Fields | None:
        return self._ask(lambda: self._store.fields(name))

    def create(self, name: str, data: bytes, fields: Fields) -> Version | None:
        return self._ask(lambda: self._store.create(name, data, fields))

    def swap(self, name: str, data: bytes, fields: Fields, expected: Version) -> Version:
        return self._ask(lambda: self._store.swap(name, data, fields, expected))

    def put(self, name: str, data: bytes, fields: Fields) -> Version:
        return self._ask(lambda: self._store.put(name, data, fields))

    def copy(self, source: str, target: str) -> None:
        self._ask(lambda: self._store.copy(source, target))

    def delete(self, names: Sequence[str]) -> None:
        for name in names:  # each on its own, as a store may do it
            self._ask(partial(self._store.delete, [name]))

    def flush(self) -> None:
        pass

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()


Choose = Callable[[Sequence[Run]], Run]


def step_all(
    store: Memory, works: Sequence[Callable[[Transport], object]], choose: Choose, look: Callable[[], None]
) -> list[Run]:
    """Step runs until all are over; `choose` takes one of those that are not, `look` is called after each step."""
    arrived = Semaphore(0)
    runs = [Run(store, work, arrived) for work in works]
    for run in runs:
        run.start()
    while waiting := [run for run in runs if not run.is_over]:
        choose(waiting).step()
        look()
    for run in runs:
        run.join()
    return runs
