"""What is written for nginx as a cache, without running it."""

from dataclasses import replace

from tests.fronts.edge.test_edge import EDGE

from clearway.fronts.edge.edge import Edge, Origin
from clearway.fronts.edge.nginx import write
from clearway.fronts.nginx.installed import Installed

LONGEST = 4_096  # octets of a word


def lines(edge: Edge) -> list[str]:
    return write(edge, Installed((1, 22, 1)), [])


def test_a_root_that_another_one_signed_may_be_in_the_chain() -> None:
    """nginx ends a chain after one certificate between that of the server and the root by itself."""
    edge = replace(EDGE, origin=Origin("https", "store.example", 443, "/"))
    assert [line.strip() for line in lines(edge) if "proxy_ssl_verify_depth 5;" in line]
    assert not any("proxy_ssl" in line for line in lines(EDGE))


def test_many_directories_of_a_bundler_are_many_words() -> None:
    folders = tuple(f"dist/app/{number}" for number in range(60))
    edge = replace(EDGE, texts=tuple(f".text{number}" for number in range(90)), unchanging=folders)
    assert max(map(len, lines(edge))) < LONGEST
    assert sum("dist/app/59/" in line for line in lines(edge)) == 2  # may be encoded, and varies
