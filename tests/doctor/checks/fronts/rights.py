"""The rules about what keeps a worker from a file."""

from tests.doctor.checks.fronts.fronted import causes
from tests.doctor.fake_facts import Fake

_RULES = ("CW531", "CW532", "CW533", "CW517")


def told(facts: Fake) -> list[str]:
    return [rule for rule in _RULES if causes(rule, facts)]
