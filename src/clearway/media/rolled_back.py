"""Uploads of transactions that were rolled back: nothing names them, and nobody else deletes them.

Django drops the `on_commit` callables of what is rolled back, a savepoint's too. One is given for each upload, and
being dropped without having been called is what marks it. Its file stays until the request is over, or the process
where there is none: until then the same instance may be saved again, and its row then names the file. What a row names
by then is kept, in every database; so is everything, when they cannot be read.
"""

import atexit
import logging
import os
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary, finalize

from asgiref.sync import SyncToAsync
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections, transaction

from .setting import order_setting

logger = logging.getLogger("clearway.media")


@dataclass(eq=False)
class _Bag:
    """The uploads of a request whose transaction was rolled back."""

    uploads: "deque[_Upload]" = field(default_factory=deque)
    finished: bool = False


class _Request:
    """What a thread works for under WSGI."""


@dataclass(frozen=True)
class _Upload:
    """`databases` are the names of those in whose transactions it came, by alias: tests put others in their place."""

    storage: Any
    name: str
    databases: dict[str, str]
    process: int
    bag: _Bag


class _Commit:
    """What a transaction calls when it is committed."""

    def __init__(self, upload: _Upload) -> None:
        self._dropped = finalize(self, _rolled_back, upload)
        self._dropped.atexit = False

    def __call__(self) -> None:
        self._dropped.detach()


_request: ContextVar[_Request | None] = ContextVar("clearway_request", default=None)
_bags: WeakKeyDictionary[object, _Bag] = WeakKeyDictionary()
_own = _Bag()  # of what is no request: deleted when the process ends
_late: deque[_Upload] = deque()  # of requests that were over before their transaction: Django's TestCase


def watch(storage: Any, name: str) -> None:
    """A file was kept just now. Nothing happens outside of a transaction: its row comes later, or came."""
    opened = [connection for connection in connections.all(initialized_only=True) if connection.in_atomic_block]
    if not opened or order_setting().rolled_back == "keep":
        return
    databases = {connection.alias: str(connection.settings_dict["NAME"]) for connection in opened}
    upload = _Upload(storage, name, databases, os.getpid(), _bag())
    for alias in databases:
        transaction.on_commit(_Commit(upload), using=alias)


def clean_up() -> None:
    """Delete what was rolled back outside of requests: for a worker between two tasks, which no instance outlives."""
    _clean(_own.uploads)


def _current() -> object | None:
    """The request that this code works for: one context of asgiref's under ASGI, one thread under WSGI."""
    return SyncToAsync.thread_sensitive_context.get(None) or _request.get()


def _bag() -> _Bag:
    request = _current()
    return _own if request is None else _bags.setdefault(request, _Bag())


def _rolled_back(upload: _Upload) -> None:
    if upload.process == os.getpid():  # not a copy of the transaction in a child that was forked
        (_late if upload.bag.finished else upload.bag.uploads).append(upload)


def _started(**_: Any) -> None:
    _request.set(_Request())


def _finished(**_: Any) -> None:
    request = _current()
    bag = None if request is None else _bags.pop(request, None)
    _request.set(None)
    if bag is not None:
        bag.finished = True
        _clean(bag.uploads)
    _clean(_late)


def _clean(uploads: "deque[_Upload]") -> None:
    done = False
    while uploads:
        upload = uploads.popleft()
        try:
            _delete(upload)
        except Exception as error:  # of any kind: a storage's, a database's
            logger.warning("%s was rolled back, and is kept: %s", upload.name, error)
        done = True
    if done:
        close_old_connections()


def _delete(upload: _Upload) -> None:
    """Unless a row names it by now, or nothing tells. Raises what the storage raises, and `UnreadableError`."""
    here = {alias: str(connections[alias].settings_dict["NAME"]) for alias in upload.databases}
    if here != upload.databases or upload.process != os.getpid() or _is_named(upload):
        return
    upload.storage.delete(upload.name)
    logger.info("%s was deleted: its transaction was rolled back", upload.name)


def _is_named(upload: _Upload) -> bool:
    """Also where no field keeps files in this storage: then no row could tell."""
    from .order.examine import Wanted, grounds, named_by_now  # which knows the storages
    from .order.places import place_of

    place = place_of(upload.storage)
    for home in grounds(Wanted(named_by=order_setting().named_by)):
        if home.ground.place.contains(place):
            name = home.ground.name_of(home.ground.place.prefix_of(place), upload.name)
            return name in named_by_now(home, [name])
    return True


request_started.connect(_started, dispatch_uid="clearway.media.rolled_back")
request_finished.connect(_finished, dispatch_uid="clearway.media.rolled_back")
atexit.register(clean_up)
