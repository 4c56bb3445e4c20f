"""CW123: a described host that ALLOWED_HOSTS does not have."""

from pathlib import Path

import pytest
from tests.doctor.checks.fronts.asked import asked
from tests.doctor.checks.fronts.fronted import http, nginx
from tests.doctor.fake_facts import Fake, found

from clearway.doctor.facts import Sample, Walked
from clearway.doctor.live.seen import Hop, Live, Seen, Wanted
from clearway.fronts.described import Described
from clearway.fronts.road import Outcome, Road
from clearway.fronts.trace import Trace
from clearway.probing.answer import Answer


def site(url: str, host: str = "", *, hosts: tuple[str, ...] = ("shop.example",), debug: bool = False) -> Fake:
    described = Described.of("POST", [("host", host)] if host else [], None, [url])
    walked = Walked(Sample("page", url), Trace(url, Road((), Outcome("application"))), None, is_described=True)
    return Fake(settings={"ALLOWED_HOSTS": list(hosts), "DEBUG": debug}, described=described, roads=(walked,))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.shop.example/", ""),
        ("http://127.0.0.1:8000/", "www.shop.example"),
        ("http://10.0.0.7/x/", ""),
    ],
)
def test_it_fires(url: str, host: str) -> None:
    [finding] = found("CW123", site(url, host))
    assert finding.cause == "host-header"


@pytest.mark.parametrize(
    ("url", "host", "hosts", "debug"),
    [
        ("https://shop.example/", "", ("shop.example",), False),
        ("https://shop.example:8443/", "", ("shop.example",), False),
        ("https://SHOP.example/", "", ("shop.example",), False),
        ("https://www.shop.example/", "", (".shop.example",), False),
        ("https://www.shop.example/", "", ("*",), False),
        ("https://other.example/", "shop.example", ("shop.example",), False),
        ("https://other.example/", "", ("shop.example",), True),
        ("/upload/", "", ("shop.example",), False),
    ],
)
def test_it_is_silent(url: str, host: str, hosts: tuple[str, ...], debug: bool) -> None:
    assert found("CW123", site(url, host, hosts=hosts, debug=debug)) == []


def test_a_page_that_arrives_proves_otherwise() -> None:
    facts = site("https://www.shop.example/")
    hops = (Hop("https://www.shop.example/", Answer(200)),)
    seen = Live(pages=(Seen(Wanted("https://www.shop.example/", "page"), hops),))
    assert found("CW123", Fake(**facts.given | {"live": seen})) == []


def test_what_a_front_makes_of_the_host_is_told_by_another_check(tmp_path: Path) -> None:
    facts = asked(tmp_path, http(nginx(name="_")), "GET", "/", origin="http://www.shop.example")
    assert found("CW123", facts) == []
