"""Middleware that answers files, below others that answer or change them first."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.doctor.deployments import WHITENOISE
from tests.doctor.fake_facts import NOBODY, Fake, found, settings_of

from clearway.doctor.facts import Settings
from clearway.doctor.finding import Level
from clearway.fronts.road import Location

SESSION = {"django.contrib.sessions.middleware.SessionMiddleware": "opens a session for every file"}
GATE = {"shop.gate.Gate": "answers requests itself"}
SETTINGS = """MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # answers files
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
"""


def facts(hasty: dict[str, str], **settings: Any) -> Fake:
    return Fake(settings=settings, process=replace(WHITENOISE, hasty=hasty))


@pytest.mark.parametrize(
    ("hasty", "level", "message"),
    [
        (SESSION, Level.WARNING, "WhiteNoiseMiddleware stands below SessionMiddleware"),
        (GATE, Level.ERROR, "WhiteNoiseMiddleware stands below Gate"),
        (SESSION | GATE, Level.ERROR, "WhiteNoiseMiddleware stands below Gate"),
    ],
)
def test_it_fires(hasty: dict[str, str], level: Level, message: str) -> None:
    [finding] = found("CW103", facts(hasty))
    assert (finding.level, finding.message) == (level, message)
    assert len(finding.evidence) == len(hasty)


def test_the_fix_moves_the_line(tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(SETTINGS)
    given = settings_of()
    settings = Settings(given.values, lambda _: Location(str(file), 1), frozenset())
    [finding] = found("CW103", Fake(settings=settings, process=replace(WHITENOISE, hasty=SESSION)))
    changed = [line for line in finding.fix.diff.splitlines() if line[:1] in "+-" and line[1:2] == " "]
    assert changed == [
        '+    "whitenoise.middleware.WhiteNoiseMiddleware",',
        '-    "whitenoise.middleware.WhiteNoiseMiddleware",',
    ]
    assert finding.fix.diff.index("+    ") < finding.fix.diff.index("SessionMiddleware")


def test_it_is_silent() -> None:
    assert found("CW103", facts({})) == []
    assert found("CW103", facts(GATE, DEBUG=True)) == []
    assert found("CW103", Fake(settings={}, process=NOBODY)) == []
