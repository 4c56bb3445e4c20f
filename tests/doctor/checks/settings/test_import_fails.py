"""Settings that cannot be imported."""

from tests.doctor.fake_facts import Fake, found

from clearway.doctor.facts import Origin
from clearway.fronts.road import Location


def test_it_fires() -> None:
    where = Location("/srv/shop/shop/settings.py", 12)
    origin = Origin("shop.settings", "wsgi.py", where, "KeyError: 'SECRET_KEY'", is_imported=False)
    [finding] = found("CW110", Fake(origin=origin))
    assert (finding.evidence, finding.location) == (("KeyError: 'SECRET_KEY'",), where)
    assert finding.message == "the settings shop.settings cannot be imported"


def test_it_fires_where_django_cannot_use_them() -> None:
    [finding] = found("CW110", Fake(origin=Origin("shop.settings", "wsgi.py", None, "MIDDLEWARE is None")))
    assert (finding.message, finding.evidence) == (
        "the settings shop.settings cannot be used",
        ("MIDDLEWARE is None",),
    )


def test_it_is_silent() -> None:
    assert found("CW110", Fake(origin=Origin("shop.settings", "manage.py"))) == []
