"""Entries of ALLOWED_HOSTS that are no names of hosts."""

import pytest
from tests.doctor.fake_facts import Fake, found

from clearway.doctor.finding import Level


@pytest.mark.parametrize(
    ("hosts", "right", "level"),
    [
        (["https://shop.example"], "'shop.example'", Level.ERROR),
        (["https://shop.example/"], "'shop.example'", Level.ERROR),
        (["shop.example:8000", "localhost"], "'shop.example'", Level.ERROR),
        (["shop.example/"], "'shop.example'", Level.ERROR),
        (["*.shop.example"], "'.shop.example'", Level.ERROR),
        ([" shop.example"], "'shop.example'", Level.ERROR),
        (["https://shop.example", "www.shop.example"], "'shop.example'", Level.WARNING),
    ],
)
def test_it_fires(hosts: list[str], right: str, level: Level) -> None:
    [finding] = found("CW120", Fake(settings={"ALLOWED_HOSTS": hosts}))
    assert right in finding.fix.summary
    assert finding.level == level


@pytest.mark.parametrize(
    "hosts",
    [
        *([], ["*"], ["shop.example"], [".shop.example"], ["127.0.0.1"], ["[::1]"], ["localhost"]),
        ["shop.example", "https://shop.example"],
    ],
)
def test_it_is_silent(hosts: list[str]) -> None:
    assert found("CW120", Fake(settings={"ALLOWED_HOSTS": hosts})) == []


def test_it_is_silent_while_developing() -> None:
    assert found("CW120", Fake(settings={"ALLOWED_HOSTS": ["https://x.example"], "DEBUG": True})) == []
