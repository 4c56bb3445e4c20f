"""The poller of gunicorn's lane: what gunicorn asks of a selector, and events given straight to whom they concern."""

import select
from collections.abc import Callable
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from typing import Any

_AT_ONCE = 64  # events of one round

Callback = Callable[[Any], Any]


class AnyPoller(DefaultSelector):
    """On systems without epoll."""

    def dispatch(self, timeout: float) -> bool:
        """Wait for events, at most `timeout` seconds, and call back; whether there were any."""
        ready = self.select(timeout)
        for key, _ in ready:
            key.data(key.fileobj)
        return bool(ready)


class EpollPoller:
    """The same without the objects that a selector makes for every event."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._masks = {EVENT_READ: select.EPOLLIN, EVENT_WRITE: select.EPOLLOUT}
        self._callbacks: dict[int, tuple[Callback, Any]] = {}

    def register(self, fileobj: Any, events: int, data: Callback) -> None:
        fd = _descriptor(fileobj)
        self._epoll.register(fd, self._masks[events])
        self._callbacks[fd] = data, fileobj

    def modify(self, fileobj: Any, events: int, data: Callback) -> None:
        fd = _descriptor(fileobj)
        self._epoll.modify(fd, self._masks[events])
        self._callbacks[fd] = data, fileobj

    def unregister(self, fileobj: Any) -> None:
        fd = _descriptor(fileobj)
        del self._callbacks[fd]
        self._epoll.unregister(fd)

    def dispatch(self, timeout: float) -> bool:
        """Wait for events, at most `timeout` seconds, and call back; whether there were any."""
        ready = self._epoll.poll(timeout, _AT_ONCE)
        for fd, _ in ready:
            found = self._callbacks.get(fd)
            if found is not None:  # another callback of this round may have closed it
                found[0](found[1])
        return bool(ready)

    def close(self) -> None:
        self._epoll.close()


def _descriptor(fileobj: Any) -> int:
    return fileobj if isinstance(fileobj, int) else int(fileobj.fileno())


Poller = EpollPoller if hasattr(select, "epoll") else AnyPoller
