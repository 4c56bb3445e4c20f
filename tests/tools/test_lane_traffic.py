"""The visitors of the lanes' traffic: right answers pass, and each way of being wrong is seen."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from random import Random

import pytest
from tools.lane_traffic_crowd import UNANSWERED, Crowd, Tally, Told
from tools.lane_traffic_exchange import BROWSER, Exchange, Menu, Shares, request

DATE = b"Sat, 21 Nov 2026 13:04:02 GMT"
LINE = b"HTTP/1.1 200 OK\r\nServer: x\r\nDate: "
CONTENTS = {b"/static/%d.css" % number: b"a%d{}" % number * 50 for number in range(5)} | {b"/static/l": b"l" * 200_000}


def answer(octets: bytes, *, closes: bool = False) -> bytes:
    """A server that answers everything as it should."""
    line, _, fields = octets.partition(b"\r\n")
    method, target, _ = line.split(b" ")
    path, _, query = target.partition(b"?")
    body = CONTENTS.get(path, query if path == b"/page" else b"")
    connection = b"close" if closes or b"Connection: close" in fields else b"keep-alive"
    head = b'Connection: %s\r\nETag: "e"\r\nContent-Length: %d\r\n\r\n' % (connection, len(body))
    return LINE + DATE + b"\r\n" + head + (b"" if method == b"HEAD" else body)


Answering = Callable[[socket.socket, bytes, int], bool]  # sends something; whether the connection goes on


def right(connection: socket.socket, octets: bytes, number: int) -> bool:
    connection.sendall(answer(octets))
    return b"Connection: close" not in octets


@contextmanager
def serving(answering: Answering) -> Iterator[tuple[str, int]]:
    """One thread for each connection; `number` counts the requests of all."""
    numbers = iter(range(10**9))

    def talk(connection: socket.socket) -> None:
        data = b""
        with suppress(OSError), connection:
            while got := connection.recv(65536):
                data += got
                while (found := first(data)) is not None:
                    octets, data = data[:found], data[found:]
                    if not answering(connection, octets, next(numbers)):
                        return

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def first(data: bytes) -> int | None:
    """The length of the first request, if it is there."""
    head, end, body = data.partition(b"\r\n\r\n")
    _, _, said = head.partition(b"Content-Length: ")
    length = int(said.split(b"\r\n")[0] or 0)
    return len(head) + 4 + length if end and len(body) >= length else None


@pytest.fixture(scope="module")
def menu() -> Menu:
    with serving(right) as address:
        return Menu(address, CONTENTS)


def visited(answering: Answering, menu: Menu, count: int = 3000) -> Tally:
    answered = [0]

    def told(number: int) -> None:
        answered[0] += number

    with serving(answering) as address:
        return Crowd(address, menu, 1, Told(lambda: answered[0] < count, lambda: False, told)).run()


def test_right_answers_pass(menu: Menu) -> None:
    tally = visited(right, menu)
    assert tally.found == []
    assert tally.counts[UNANSWERED] == 0


def once(place: int, wrong: Answering) -> Answering:
    """Wrong in the answer to one request."""
    return lambda connection, octets, number: (wrong if number == place else right)(connection, octets, number)


def lost(connection: socket.socket, octets: bytes, number: int) -> bool:
    return False


def doubled(connection: socket.socket, octets: bytes, number: int) -> bool:
    connection.sendall(answer(octets) * 2)
    return True


def cut(connection: socket.socket, octets: bytes, number: int) -> bool:
    connection.sendall(answer(octets)[:-1])
    return False


def another(connection: socket.socket, octets: bytes, number: int) -> bool:
    connection.sendall(answer(octets).replace(b"ETag", b"Etag"))
    return True


def of_another(connection: socket.socket, octets: bytes, number: int) -> bool:
    connection.sendall(answer(b"GET /page?n=12 HTTP/1.1\r\n"))
    return True


@pytest.mark.parametrize("wrong", [doubled, cut, another, of_another])
@pytest.mark.parametrize("place", [200, 201, 202])
def test_a_wrong_answer_is_seen(menu: Menu, wrong: Answering, place: int) -> None:
    assert visited(once(place, wrong), menu).found


def test_a_closed_connection_is_counted_and_the_request_made_again(menu: Menu) -> None:
    tally = visited(once(500, lost), menu)
    assert tally.found == []
    assert tally.counts[UNANSWERED] >= 1


def test_a_request_that_is_never_answered_is_seen(menu: Menu) -> None:
    def never(connection: socket.socket, octets: bytes, number: int) -> bool:
        return b"/static/3.css " not in octets and right(connection, octets, number)

    assert "closed without an answer, 3 times" in visited(never, menu).found[0]


def test_the_last_answer_of_a_worker_may_say_that_it_closes(menu: Menu) -> None:
    def last(connection: socket.socket, octets: bytes, number: int) -> bool:
        connection.sendall(answer(octets, closes=number == 700))
        return number != 700 and b"Connection: close" not in octets

    tally = visited(last, menu)
    assert tally.found == []
    assert tally.counts["last answers of a worker"] <= 1


def test_a_menu_is_not_made_of_wrong_contents() -> None:
    with serving(right) as address, pytest.raises(ValueError, match="not the content"):
        Menu(address, CONTENTS | {b"/static/0.css": b"other"})


# --- exchanges


def exchange(path: bytes, *, closes: bool = False) -> Exchange:
    octets = request(path, b"Connection: close\r\n" if closes else b"")
    before, after = answer(octets).split(DATE)
    return Exchange(octets, (before, after), closes)


def test_an_answer_matches_whatever_its_date() -> None:
    one = exchange(b"/static/1.css")
    whole = answer(one.request)
    assert one.matches(whole)
    assert one.matches(whole.replace(DATE, DATE.replace(b"02", b"03")))
    assert not any(one.matches(other) for other in (whole[:-1], whole + b"x", whole.replace(b"a1", b"a2", 1), b""))


def test_answers_to_requests_in_a_row_match_one_after_another() -> None:
    one, two = exchange(b"/static/1.css"), exchange(b"/page?n=" + b"@" * 12)
    row = one.then(two).then(exchange(b"/static/2.css")).numbered(7)
    asked = [one.request, two.request.replace(b"@" * 12, b"000000000007"), exchange(b"/static/2.css").request]
    assert (row.count, row.request) == (3, b"".join(asked))
    assert row.matches(b"".join(map(answer, asked)))
    assert not row.matches(b"".join(map(answer, reversed(asked))))


def test_a_row_may_end_where_a_worker_ends() -> None:
    one, two, three = (exchange(b"/static/%d.css" % number) for number in range(3))
    row = one.then(two).then(three)
    whole = [answer(each.request) for each in (one, two, three)]
    closing = [answer(each.request, closes=True) for each in (one, two, three)]
    right_ends = [whole[:1], whole[:2], closing[:1], [whole[0], closing[1]], [*whole[:2], closing[2]]]
    wrong_ends = [[], [closing[0], whole[1]], [whole[0], whole[2]], [whole[0][:-1]], [*whole[:2], closing[0]]]
    assert all(any(each.matches(b"".join(end)) for each in row.endings) for end in right_ends)
    assert not any(each.matches(b"".join(end)) for each in row.endings for end in wrong_ends)


def test_uvicorn_says_only_that_it_closes() -> None:
    head = b"\r\nserver: uvicorn\r\ncontent-length: 2\r\n"
    one = Exchange(b"", (b"HTTP/1.1 200 OK\r\ndate: ", head + b"\r\nab"))
    assert one.endings[0].matches(b"HTTP/1.1 200 OK\r\ndate: " + DATE + head + b"connection: close\r\n\r\nab")


def test_no_two_answers_beside_each_other_are_the_same(menu: Menu) -> None:
    script = menu.script(Random(3), 500, Shares())
    assert all(one.pieces != two.pieces for one, two in pairwise(script))
    assert {each.count for each in script} > {1}
    assert all(BROWSER in each.request for each in script)
