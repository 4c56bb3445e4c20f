"""An application that ends with an error when it is loaded."""

from tests.doctor.fake_facts import Fake, found

from clearway.doctor.facts import Start
from clearway.fronts.road import Location


def test_it_fires() -> None:
    start = Start(
        "ModuleNotFoundError: No module named 'gone'", Location("/srv/shop/shop/urls.py", 3), ("import gone",)
    )
    [finding] = found("CW304", Fake(start=start))
    assert "No module named 'gone'" in finding.message
    assert finding.evidence == ("import gone",)
    assert finding.location == Location("/srv/shop/shop/urls.py", 3)


def test_it_stays_silent_about_one_that_starts() -> None:
    assert found("CW304", Fake(start=Start())) == []
