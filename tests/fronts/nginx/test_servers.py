"""Which server takes a request."""

import pytest

from clearway.fronts.nginx import hosts
from clearway.fronts.nginx.known_version import KnownVersion
from clearway.fronts.nginx.listen import Listen, listens
from clearway.fronts.nginx.servers import choose

from .configured import VERSION, configuration


def chosen(text: str, host: str, address: str | None = "127.0.0.1", port: int = 80) -> str | None:
    choice = choose(configuration(text).http, host, port, address)
    return choice.server.here("root")[0].words[0] if choice else None


NAMES = """
server { listen 80; server_name a.example; root 1; }
server { listen 80 default_server; server_name b.example *.wild.example; root 2; }
server { listen 80; server_name .dot.example mail.*; root 3; }
server { listen 80; server_name ~^(?<sub>\\w+)\\.re\\.example$; root 4; }
server { listen 80; server_name *.deep.wild.example B2.Example a.example; root 5; }
server { listen 80; server_name ""; root 6; }
server { listen 80; server_name ~^foo; root 7; }
"""


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.example", "1"), ("b.example", "2"), ("x.wild.example", "2"), ("wild.example", "2"),
        ("x.deep.wild.example", "5"), ("b2.example", "5"), ("dot.example", "3"), ("x.y.dot.example", "3"),
        ("mail.org", "3"), ("mail.wild.example", "2"), ("foo.re.example", "4"), ("foo.example", "7"),
        ("none.example", "2"), ("", "6"),
    ],
)  # fmt: skip
def test_names_are_preferred_as_nginx_does(host: str, expected: str) -> None:
    assert chosen(NAMES, host) == expected


TAKEN = """
server { listen 80; server_name .test one.example; root 1; }
server { listen 80; server_name *.test test .one.example; root 2; }
server { listen 80; server_name *.two.example; root 3; }
server { listen 80; server_name .two.example three.*; root 4; }
"""


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.test", "1"), ("test", "1"), ("one.example", "1"), ("a.one.example", "1"), ("a.two.example", "3"),
        ("two.example", "1"), ("three.org", "4"),
    ],
)  # fmt: skip
def test_a_name_that_an_earlier_server_has_is_passed_over(host: str, expected: str) -> None:
    assert chosen(TAKEN, host) == expected


def test_a_regular_expression_of_a_name_captures() -> None:
    choice = choose(configuration(NAMES).http, "foo.re.example", 80, None)
    assert choice is not None
    assert choice.match is not None
    assert choice.match.named == {"sub": "foo"}


ADDRESSES = """
server { listen 80; root any; }
server { listen 127.0.0.1:80; root local; }
server { listen [::]:80; root six; }
server { listen [::1]:80; root six-local; }
server { listen 8080; root other; }
server { listen unix:/run/nginx.sock; root socket; }
"""


@pytest.mark.parametrize(
    ("address", "port", "expected"),
    [
        ("127.0.0.1", 80, "local"), ("10.0.0.1", 80, "any"), ("::1", 80, "six-local"), ("fe80::1", 80, "six"),
        ("10.0.0.1", 8080, "other"), ("10.0.0.1", 81, None), (None, 80, "any"),
    ],
)  # fmt: skip
def test_the_most_specific_address_takes_everything_that_comes_there(
    address: str | None, port: int, expected: str | None
) -> None:
    assert chosen(ADDRESSES, "localhost", address, port) == expected


def test_a_specific_address_hides_the_names_of_the_general_one() -> None:
    text = "server { listen 80; server_name a; root 1; } server { listen 127.0.0.1:80; server_name b; root 2; }"
    assert chosen(text, "a") == "2"
    assert chosen(text, "a", address=None) == "1"
    assert chosen(text, "127.0.0.1", address=None) == "2"


def test_an_ipv6_socket_that_takes_ipv4_does_so_for_every_server_on_it() -> None:
    first = "server { listen [::]:80 ipv6only=off; server_name a; root 1; }"
    text = f"{first} server {{ listen [::]:80; server_name b; root 2; }}"
    assert [chosen(text, host, "127.0.0.1") for host in ("a", "b")] == ["1", "2"]


def test_the_default_is_marked_or_the_first() -> None:
    text = "server { listen 80; root 1; } server { listen 80 %s; root 2; }"
    assert [chosen(text % mark, "x") for mark in ("", "default_server", "default")] == ["1", "2", "2"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("80", Listen("*", 80)),
        ("8080 default_server reuseport", Listen("*", 8080, is_default=True)),
        ("127.0.0.1", Listen("127.0.0.1", 80)),
        ("127.0.0.1:81", Listen("127.0.0.1", 81)),
        ("*:81", Listen("*", 81)),
        ("0.0.0.0:81", Listen("*", 81)),
        ("localhost:81", Listen("127.0.0.1", 81)),
        ("[::]:81 ipv6only=off", Listen("[::]", 81, both=True)),
        ("[::1]", Listen("[::1]", 80)),
        ("443 ssl http2", Listen("*", 443, ssl=True)),
        ("443 quic", Listen("*", 443, ssl=True)),
        ("unix:/run/a.sock", Listen("unix:/run/a.sock", 0)),
    ],
)
def test_a_listen_directive_is_understood(written: str, expected: Listen) -> None:
    (server,) = configuration(f"server {{ listen {written}; }}", (1, 26, 0)).http.servers
    (found,) = listens(server)
    assert (found.address, found.port, found.is_default, found.ssl, found.both) == (
        *(expected.address, expected.port),
        *(expected.is_default, expected.ssl, expected.both),
    )


@pytest.mark.parametrize("written", ["8080-8082", "127.0.0.1:8080-8082", "[::1]:8080-8082 ssl"])
def test_a_range_of_ports_is_listened_on(written: str) -> None:
    (server,) = configuration(f"server {{ listen {written}; }}").http.servers
    assert [each.port for each in listens(server)] == [8080, 8081, 8082]


def test_a_server_without_listen_is_on_port_80() -> None:
    (server,) = configuration("server { }").http.servers
    assert listens(server) == [Listen("*", 80)]


@pytest.mark.parametrize(
    ("host", "valid"),
    [("a.b", True), ("a.", True), ("[::1]", True), ("", False), (".", False), ("a..b", False), ("a b", False)],
)
def test_a_host_is_valid_as_nginx_sees_it(host: str, valid: bool) -> None:
    assert hosts.is_valid(host, KnownVersion(VERSION).does) is valid
