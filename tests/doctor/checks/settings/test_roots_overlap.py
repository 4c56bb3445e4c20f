"""Uploads are kept in STATIC_ROOT."""

import pytest
from tests.doctor.fake_facts import Fake, found


@pytest.mark.parametrize(
    ("static", "media", "said"),
    [
        ("/srv/public", "/srv/public", "are the same directory"),
        ("/srv/public", "/srv/public/", "are the same directory"),
        ("/srv/public", "/srv/public/media", "MEDIA_ROOT lies inside"),
    ],
)
def test_it_fires(static: str, media: str, said: str) -> None:
    [finding] = found("CW107", Fake(settings={"STATIC_ROOT": static, "MEDIA_ROOT": media}))
    assert said in finding.message
    assert finding.evidence[0] == f"STATIC_ROOT = {static}"


@pytest.mark.parametrize(
    ("static", "media"),
    [("/srv/static", "/srv/media"), ("/srv/static", "/srv/static-media"), ("", "/srv"), ("/srv", ""), (None, None)],
)
def test_two_directories_are_apart(static: str, media: str) -> None:
    assert found("CW107", Fake(settings={"STATIC_ROOT": static, "MEDIA_ROOT": media})) == []


@pytest.mark.parametrize(("static", "media"), [("/srv/data/static", "/srv/data"), ("/static", "/")])
def test_collected_files_below_uploads_are_nobodys_uploads(static: str, media: str) -> None:
    """As Mayan EDMS has it: one directory for all its data."""
    assert found("CW107", Fake(settings={"STATIC_ROOT": static, "MEDIA_ROOT": media})) == []
