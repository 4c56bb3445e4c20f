"""CW125: finders that cannot be used."""

from typing import Any

import pytest
from tests.doctor.deployments import SOURCES
from tests.doctor.fake_facts import Fake, found

from clearway.doctor.facts import Tree, Unavailable

NAMED = {"STATICFILES_FINDERS": ["shop.finders.Finder"]}
FAILS = "the finders cannot list their files: "


class Failing(Fake):
    """Facts whose finders fail."""

    def __init__(self, problem: str, **given: Any) -> None:
        super().__init__(**given)
        self.problem = problem

    def __getattr__(self, name: str) -> Any:
        if name == "sources":
            raise Unavailable(self.problem)
        return super().__getattr__(name)


@pytest.mark.parametrize("problem", ["No module named 'nope'", "the index is damaged"])
def test_it_fires(problem: str) -> None:
    [finding] = found("CW125", Failing(FAILS + problem, settings=NAMED))
    assert finding.evidence == (FAILS + problem, "STATICFILES_FINDERS names shop.finders.Finder")
    assert finding.level == "error"


def test_a_package_that_may_be_in_production_is_a_risk() -> None:
    facts = Failing(f"{FAILS}No module named 'compressor'", settings=NAMED, tree=Tree("/srv/shop", {}))
    assert [each.level for each in found("CW125", facts)] == ["warning"]


@pytest.mark.parametrize(
    "facts",
    [
        Fake(settings=NAMED, sources=SOURCES),
        Failing("the settings cannot be imported", settings=NAMED),
        Failing(f"{FAILS}[Errno 13] Permission denied: '/srv/shop/assets'", settings=NAMED),
        Failing(f"{FAILS}no", settings={}),
        Failing(f"{FAILS}no", settings=NAMED | {"INSTALLED_APPS": []}),
        Failing(
            f"{FAILS}No module named 'compressor'",
            settings=NAMED,
            tree=Tree("/srv/shop", {"requirements.txt": "django\ndjango-compressor==4.5\n"}),
        ),
    ],
)
def test_it_is_silent(facts: Fake) -> None:
    assert found("CW125", facts) == []
