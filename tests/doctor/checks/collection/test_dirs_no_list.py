"""CW242: STATICFILES_DIRS that is no list."""

from pathlib import Path
from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, found, settings_of


def facts(given: Any) -> Fake:
    return Fake(settings=settings_of(STATICFILES_DIRS=given))


@pytest.mark.parametrize("given", ["/srv/shop/static", Path("/srv/shop/static")])
def test_a_path_is_no_list(given: Any) -> None:
    (finding,) = found("CW242", facts(given))
    assert finding.evidence == (f"STATICFILES_DIRS = {given!r}",)
    assert finding.fix.summary == "STATICFILES_DIRS = ['/srv/shop/static']"


@pytest.mark.parametrize(
    "given", [[], (), "", None, ["/srv/static"], ("/srv/static",), [("a", "/srv/a")], [Path("/a")]]
)
def test_lists_are_fine(given: Any) -> None:
    assert found("CW242", facts(given)) == []
