"""A load balancer in small: each connection goes to the next of some servers on this machine."""

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count


class Front(socketserver.ThreadingTCPServer):
    """One port; `ports` are those of the servers behind it and may change at any time."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.ports: list[int] = []
        self.turns = count()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_port(self) -> int:
        return self.ports[next(self.turns) % len(self.ports)]


class _Connection(socketserver.BaseRequestHandler):
    server: Front

    def handle(self) -> None:
        """Carry octets both ways until one side has nothing more to say."""
        if not select.select([self.request], [], [], 30)[0]:
            return  # a browser opens connections that it may never use: they are nobody's turn
        with socket.create_connection(("127.0.0.1", self.server.next_port())) as behind:
            other = {self.request: behind, behind: self.request}
            while ready := select.select([*other], [], [], 30)[0]:
                for side in ready:
                    octets = side.recv(65536)
                    if not octets:
                        return
                    other[side].sendall(octets)


@contextmanager
def front() -> Iterator[Front]:
    with Front() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()
