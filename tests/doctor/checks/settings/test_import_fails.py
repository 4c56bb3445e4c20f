"""Settings that cannot be imported."""

from tests.doctor.fake_facts import Fake, found

from clearway.doctor.facts import Origin
from clearway.fronts.road import Location


def test_it_fires() -> None:
    where = Location("/srv/shop/shop/settings.py", 12)
    origin = Origin("shop.settings", "wsgi.py", where, "KeyError: 'SECRET_KEY'")
    [finding] = found("CW110", Fake(origin=origin))
    assert (finding.evidence, finding.location) == (("KeyError: 'SECRET_KEY'",), where)
    assert "shop.settings" in finding.message


def test_it_is_silent() -> None:
    assert found("CW110", Fake(origin=Origin("shop.settings", "manage.py"))) == []
