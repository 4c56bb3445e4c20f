"""What a user's file may do to a browser."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.policy.media import MediaPolicy

POLICY = MediaPolicy()
CONTENT = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin"
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
    assert POLICY.shows(type_) is shown
    assert POLICY.fields(type_, "a")["Content-Disposition"].partition(";")[0] == ("inline" if shown else "attachment")


def test_a_users_file_is_private_sandboxed_and_not_sniffed() -> None:
    assert POLICY.fields("image/png", "a.png") == {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'inline; filename="a.png"',
        "Content-Security-Policy": CONTENT,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("a b (1).html", 'filename="a b (1).html"'),
        ("it's.html", 'filename="it\'s.html"'),
        ("café.html", "filename=\"caf_.html\"; filename*=UTF-8''caf%C3%A9.html"),
        ("日本.html", "filename=\"__.html\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.html"),
        ('a"b.html', "filename=\"a_b.html\"; filename*=UTF-8''a%22b.html"),
        ("a\\b.html", "filename=\"a_b.html\"; filename*=UTF-8''a%5Cb.html"),
        ("a%20b.html", "filename=\"a_20b.html\"; filename*=UTF-8''a%2520b.html"),
        ("a;b,c.html", "filename=\"a_b_c.html\"; filename*=UTF-8''a%3Bb%2Cc.html"),
        ("a\r\nb.html", "filename=\"a__b.html\"; filename*=UTF-8''a%0D%0Ab.html"),
    ],
)
def test_a_name_that_ascii_cannot_say_has_a_likeness_before_it(name: str, parameters: str) -> None:
    assert POLICY.fields("text/html", name)["Content-Disposition"] == f"attachment; {parameters}"


@settings(max_examples=200)
@given(NAMES)
def test_any_name_becomes_harmless_parameters(name: str) -> None:
    value = POLICY.fields("text/html", name)["Content-Disposition"]
    assert value.isascii()
    assert value.isprintable()
    assert not set(value) & set("\\,")
    assert value.count('"') == 2
    assert value.count(";") == (2 if "filename*" in value else 1)


@settings(max_examples=100)
@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_name_is_a_quoted_string_or_an_ext_value_of_rfc_8187(name: str) -> None:
    plain, _, value = POLICY.fields("text/html", name)["Content-Disposition"].partition("; filename*=")
    if not value:
        assert plain == f'attachment; filename="{name}"'
        return
    found = re.fullmatch(r"UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})*)", value)
    assert found
    octets = re.sub(r"%(..)", lambda each: chr(int(each[1], 16)), found[1]).encode("latin-1")
    assert octets.decode() == name


@pytest.mark.parametrize("name", ["caf\udce9.png", "\ud800.png"])
def test_a_name_that_is_no_text_does_not_raise(name: str) -> None:
    likeness = f'inline; filename="{name[:-5]}_.png"; '
    assert POLICY.fields("image/png", name)["Content-Disposition"].startswith(f"{likeness}filename*=UTF-8''")
