"""Whether a project puts a version behind the names of its files."""

import pytest
from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import Use
from clearway.doctor.versions import are_versioned
from clearway.fronts.road import Location

HERE = Location("page.html", 1)
WITH, WITHOUT = Use("a.css", HERE, has_query=True), Use("b.js", HERE)


@pytest.mark.parametrize(
    ("uses", "answer"),
    [
        ([WITH], True),
        ([WITH, Use("logo.png", HERE)], True),
        ([Use("a.css?v=1", HERE, has_query=True)], True),
        ([WITH, WITHOUT], False),
        ([WITHOUT], False),
        ([Use("logo.png", HERE, has_query=True)], False),
        ([], False),
    ],
)
def test_every_style_sheet_and_script_counts(uses: list[Use], answer: bool) -> None:
    assert are_versioned(Fake(templates=uses)) is answer


def test_templates_that_cannot_be_read_prove_nothing() -> None:
    assert not are_versioned(Fake())
