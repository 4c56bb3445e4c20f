"""Plain names that are kept."""

from tests.doctor.sights import answer, asset, live, seen_by

from clearway.doctor.finding import Level
from clearway.probing.answer import Answer


def kept(content: bytes, **more: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in more.items()}
    return answer(200, content, "text/css", fields=names)


def test_a_year_for_a_name_that_does_not_change() -> None:
    (found,) = seen_by(
        "live-cache-unhashed", live(asset("/static/a.css", kept(b"a", Cache_Control="max-age=31536000")))
    )
    assert found.level == Level.WARNING
    assert "for 365 days" in found.message


def test_a_cache_with_an_older_content() -> None:
    (found,) = seen_by("live-cache-unhashed", live(asset("/static/a.css", kept(b"old", Age="60"), fresh=kept(b"new"))))
    assert found.level == Level.ERROR


def test_silence_on_hashed_names_queries_short_lifetimes_and_others() -> None:
    long = kept(b"a", Cache_Control="public, max-age=31536000, immutable")
    names = (
        "/static/a.0123456789ab.css",
        "/static/a.css?v=2",
        "/static/jquery-3.7.1.min.js",
        "https://cdn.example/a.css",
        "/static/a.png",
    )
    assert seen_by("live-cache-unhashed", live(*(asset(name, long) for name in names), asset())) == []
    assert seen_by("live-cache-unhashed", live(asset("/static/a.css", kept(b"a", Age="60"), fresh=kept(b"a")))) == []
