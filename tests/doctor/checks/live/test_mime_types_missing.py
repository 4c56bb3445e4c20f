"""No types at all."""

import pytest
from tests.doctor.sights import answer, asset, live, seen_by

PLAIN = answer(200, b"x", "text/plain")


def test_style_sheets_and_scripts_are_plain_text() -> None:
    (found,) = seen_by("live-mime-types-missing", live(asset("/static/a.css", PLAIN), asset("/static/a.js", PLAIN)))
    assert "text/css is due" in found.evidence


@pytest.mark.parametrize(
    "media", ["text/javascript", "application/javascript; charset=utf-8", "application/x-javascript"]
)
def test_silence_on_types_that_browsers_take(media: str) -> None:
    sight = live(asset("/static/a.js", answer(200, b"x", media)), asset("/static/b.png", PLAIN))
    assert seen_by("live-mime-types-missing", sight) == []


def test_silence_without_a_type_unless_browsers_are_told_not_to_look() -> None:
    assert seen_by("live-mime-types-missing", live(asset("/static/a.css", answer(200, b"a{}")))) == []
    told = answer(200, b"a{}", fields={"X-Content-Type-Options": "nosniff"})
    assert seen_by("live-mime-types-missing", live(asset("/static/a.css", told))) != []


def test_silence_where_one_extension_alone_is_wrong() -> None:
    assert seen_by("live-mime-types-missing", live(asset("/static/a.mjs", PLAIN), asset("/static/a.css"))) == []
