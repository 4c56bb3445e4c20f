"""STATIC_URL and MEDIA_URL overlap."""

from typing import Any

import pytest
from tests.doctor.fake_facts import Fake, found

from clearway.doctor.facts import Sample, Walked
from clearway.fronts.road import Outcome, Road
from clearway.fronts.trace import Trace


@pytest.mark.parametrize(
    ("static", "media", "said"),
    [
        ("/assets/", "/assets/", "STATIC_URL and MEDIA_URL are the same"),
        ("assets/", "/assets/", "STATIC_URL and MEDIA_URL are the same"),
        ("/files/static/", "/files/", "STATIC_URL lies below MEDIA_URL"),
        ("/static/", "/", "STATIC_URL lies below MEDIA_URL"),
        ("/static/", "/static/media/", "MEDIA_URL lies below STATIC_URL"),
        ("https://cdn.example/a/", "https://cdn.example/a/", "STATIC_URL and MEDIA_URL are the same"),
    ],
)
def test_it_fires(static: str, media: str, said: str) -> None:
    [finding] = found("CW115", Fake(settings={"STATIC_URL": static, "MEDIA_URL": media}))
    assert finding.message == said


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"MEDIA_URL": "/static-media/"},
        {"STATIC_URL": "https://cdn.example/a/", "MEDIA_URL": "/a/"},
        {"STATIC_URL": "/", "MEDIA_URL": "/media/"},
        {"MEDIA_URL": "/static/", "MEDIA_ROOT": ""},
        {"MEDIA_URL": "", "STATIC_URL": "/"},
        {"MEDIA_URL": "/static/media/", "DEBUG": True},
    ],
)
def test_it_is_silent(given: dict[str, Any]) -> None:
    assert found("CW115", Fake(settings=given)) == []


def walked(kind: str, file: str, reached: str) -> Walked:
    road = Road((), Outcome("nginx", 200, reached))
    return Walked(Sample(kind, "/x", "x", file), Trace("/x", road))


def test_a_front_that_leads_both_to_their_files_is_right() -> None:
    given = {"STATIC_URL": "/static/", "MEDIA_URL": "/static/media/"}
    static, media = walked("static", "/srv/s/x", "/srv/s/x"), walked("media", "/srv/m/x", "/srv/m/x")
    astray = walked("media", "/srv/m/x", "/srv/s/media/x")
    assert found("CW115", Fake(settings=given, front="nginx", roads=(static, media))) == []
    assert len(found("CW115", Fake(settings=given, front="nginx", roads=(static, astray)))) == 1
    assert len(found("CW115", Fake(settings=given, roads=(static, media)))) == 1
