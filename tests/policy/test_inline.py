"""What a user's file may do to a browser."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.policy.inline import may_show, media_fields

NAMES = st.text(st.characters(exclude_categories=()), max_size=30)


@pytest.mark.parametrize(
    ("type_", "shown"),
    [
        ("image/png", True),
        ("IMAGE/JPEG", True),
        (" image/webp ; x=y", True),
        ("video/mp4", True),
        ("audio/ogg", True),
        ("image/svg+xml", False),
        ("Image/SVG+XML; charset=utf-8", False),
        (" image/svg+xml", False),
        ("image/x+xml", False),
        ("text/html", False),
        ("application/xhtml+xml", False),
        ("text/javascript", False),
        ("text/css", False),
        ("text/plain", False),
        ("text/xml", False),
        ("application/pdf", False),
        ("application/octet-stream", False),
        ("multipart/x-mixed-replace", False),
        ("imagex/png", False),
        ("", False),
    ],
)
def test_only_pictures_sound_and_film_are_shown(type_: str, shown: bool) -> None:
    assert may_show(type_) is shown
    assert media_fields(type_, "a")["Content-Disposition"].partition(";")[0] == ("inline" if shown else "attachment")


def test_a_users_file_is_private_sandboxed_and_not_sniffed() -> None:
    assert media_fields("image/png", "a.png") == {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": "inline; filename*=UTF-8''a.png",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


@settings(max_examples=200, deadline=None)
@given(NAMES)
def test_any_name_becomes_one_harmless_parameter(name: str) -> None:
    value = media_fields("text/html", name)["Content-Disposition"]
    assert value.isascii()
    assert value.isprintable()
    assert not set(value) & set('"\\,')
    assert value.count(";") == 1


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_name_is_an_ext_value_of_rfc_8187(name: str) -> None:
    value = media_fields("text/html", name)["Content-Disposition"].partition("; filename*=")[2]
    found = re.fullmatch(r"UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})*)", value)
    assert found
    octets = re.sub(r"%(..)", lambda each: chr(int(each[1], 16)), found[1]).encode("latin-1")
    assert octets.decode() == name


@pytest.mark.parametrize("name", ["caf\udce9.png", "\ud800.png"])
def test_a_name_that_is_no_text_does_not_raise(name: str) -> None:
    assert media_fields("image/png", name)["Content-Disposition"].startswith("inline; filename*=UTF-8''")
