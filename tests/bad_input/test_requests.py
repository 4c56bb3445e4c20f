"""Every bad request, to every server, over a socket of its own."""

import pytest
from tests.bad_input.cases import GROUPS
from tests.bad_input.judge import complaints, exchange, parse
from tests.bad_input.servers import Running
from tests.bad_input.site import CSS, SPARSE

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


def ask(server: Running, target: str, *lines: str, method: str = "GET") -> bytes:
    fields = "".join(f"{line}\r\n" for line in ("Host: 127.0.0.1", *lines, "Connection: close"))
    return exchange(server.port, f"{method} {target} HTTP/1.1\r\n{fields}\r\n".encode())


@pytest.mark.parametrize("group", GROUPS)
def test_bad_requests_get_answers_that_give_nothing_away(server: Running, group: str) -> None:
    workers = server.workers()
    cases = [case for case in GROUPS[group]() if server.wraps or not case.only_wrappers]
    assert [problem for case in cases for problem in complaints(server, case)] == []
    good = parse(ask(server, f"/static/{server.site.css}"))
    assert good is not None
    assert (good.status, good.body) == (200, CSS)
    assert server.workers() == workers, "a worker died"


def test_a_field_with_an_underscore_is_no_condition(server: Running) -> None:
    """What a proxy in front checked, or removed, is the field with the hyphen."""
    for line in ("If_None_Match: *", "If_Match: x", "Range_: bytes=0-1", "Accept_Encoding: br"):
        answer = parse(ask(server, f"/static/{server.site.css}", line))
        assert answer is not None
        assert (answer.status, answer.body) == (200, CSS), line


def test_a_file_of_five_gigabytes_is_not_read_for_its_length(server: Running) -> None:
    head = parse(ask(server, "/static/plain/sparse.bin", method="HEAD"))
    last = parse(ask(server, "/static/plain/sparse.bin", "Range: bytes=-3"))
    assert head is not None
    assert last is not None
    assert (head.status, head.fields[b"content-length"], head.body) == (200, b"%d" % SPARSE, b"")
    assert (last.status, last.body) == (206, b"\0\0\0")


def test_the_table_is_long_and_no_case_is_there_twice() -> None:
    cases = [case for group in GROUPS.values() for case in group()]
    assert len(cases) > 2000
    assert len(set(cases)) == len(cases)
