"""Whose hosts, and which files, URLs of a live site are."""

import pytest
from tests.doctor.fake_facts import Fake
from tests.doctor.sights import PAGE, asset

from clearway.doctor.live.naming import file_of, own_hosts, stretch_of
from clearway.doctor.live.seen import shown


@pytest.mark.parametrize(
    ("settings", "url", "file"),
    [
        ({}, "https://x/static/css/a.css?v=1", ("static", "css/a.css")),
        ({}, "https://x/shop/static/a%20b.css", ("static", "a b.css")),
        ({}, "https://x/media/static/a.png", ("media", "static/a.png")),
        ({}, "https://x/elsewhere/a.css", ("static", "elsewhere/a.css")),
        ({"STATIC_URL": "https://cdn.example/s/"}, "https://cdn.example/s/a.css", ("static", "a.css")),
        ({"STATIC_URL": "/", "MEDIA_URL": ""}, "https://x/a.css", ("static", "a.css")),
        ({"MEDIA_URL": "/static/media/"}, "https://x/static/media/a.png", ("media", "a.png")),
    ],
)
def test_the_file_that_a_url_is_for(settings: dict[str, str], url: str, file: tuple[str, str]) -> None:
    facts = Fake(settings=settings)
    assert file_of(facts, url) == file
    assert stretch_of(facts, url) == ":".join(file)


def test_without_settings_a_path_is_a_name() -> None:
    assert file_of(Fake(), "https://x/static/a.css") == ("static", "static/a.css")


def test_own_hosts() -> None:
    facts = Fake(settings={"STATIC_URL": "https://files.example/s/", "MEDIA_URL": "/media/"})
    seen = (PAGE, asset("https://img.shop.example/a.png"), asset("https://cdn.example/b.js"))
    assert own_hosts(facts, seen) == {"shop.example", "files.example", "img.shop.example"}
    assert own_hosts(Fake(), ()) == frozenset()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://x/a.css?v=2", "https://x/a.css?v=2"),
        ("https://me:secret@x/a.css", "https://x/a.css"),
        ("https://b.s3.example/a?X-Amz-Signature=abc&X-Amz-Date=1", "https://b.s3.example/a?…"),
        ("https://x/a?token=abc", "https://x/a?…"),
    ],
)
def test_what_nobody_else_should_read_is_not_shown(url: str, said: str) -> None:
    assert shown(url) == said
