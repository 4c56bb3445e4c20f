"""STATIC_ROOT among the sources."""

from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, found

from clearway.doctor.facts import Sources


def facts(root: Any, *directories: str, debug: bool = False) -> Fake:
    return Fake(settings={"STATIC_ROOT": root, "DEBUG": debug}, sources=Sources({}, directories))


@pytest.mark.parametrize(
    ("root", "source", "said"),
    [
        ("/srv/shop/static", "/srv/shop/static", "is a directory of sources"),
        ("/srv/shop/static/", "/srv/shop/static", "is a directory of sources"),
        ("/srv/shop/static/all", "/srv/shop/static", "lies inside of a directory of sources"),
        ("/srv/shop", "/srv/shop/static", "contains a directory of sources"),
    ],
)
def test_it_fires(root: str, source: str, said: str) -> None:
    [finding] = found("CW114", facts(root, "/srv/other", source))
    assert said in finding.message
    assert source in finding.evidence[1]


def test_it_fires_while_developing_only_where_django_refuses() -> None:
    assert found("CW114", facts("/srv/static", "/srv/static", debug=True))
    assert found("CW114", facts("/srv", "/srv/static", debug=True)) == []


@pytest.mark.parametrize("root", ["/srv/shop/staticfiles", "/srv/shop/static-root", "", None])
def test_it_is_silent(root: Any) -> None:
    assert found("CW114", facts(root, "/srv/shop/static", "/srv/shop/catalogue/static")) == []
