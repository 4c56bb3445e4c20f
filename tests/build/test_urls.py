"""From URLs to logical names and back."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clearway.build.urls import Urls

PARTS = st.text(st.sampled_from(string.ascii_letters + string.digits + " .-_~%#?:&'()\"\\ü"), min_size=1, max_size=8)
FOLDERS = st.lists(PARTS.filter(lambda part: part.strip(" .")), max_size=3)


@given(FOLDERS, FOLDERS, PARTS.filter(lambda part: part.strip(" .")), st.booleans())
def test_a_replaced_url_means_the_published_name(here: list[str], there: list[str], base: str, absolute: bool) -> None:
    urls = Urls("/static/")
    referrer, name = "/".join([*here, "a.css"]), "/".join([*there, base])
    assume(not referrer.startswith(f"{name}/"))  # no file and directory have one name
    published = name + ".hash"
    url = urls._plain("/" if absolute else "", name, referrer)
    assert urls.target(url, referrer) == name
    replaced = urls.replaced(url + "?v=1#x", published, referrer)
    assert urls.target(replaced, referrer) == published
    assert replaced.endswith("?v=1#x")
    assert replaced.startswith("/static/") == absolute


@pytest.mark.parametrize(
    ("static_url", "url", "target"),
    [
        ("/static/", "x.png", "css/x.png"),
        ("/static/", "../x.png", "x.png"),
        ("/static/", "../../static/x.png", "x.png"),
        ("/static/", "../../media/x.png", "/media/x.png"),
        ("/static/", "../../../../x.png", "/x.png"),
        ("/static/", "/static/x.png", "x.png"),
        ("/static/", "/x.png", None),
        ("/", "../x.png", "x.png"),
        ("/", "/x.png", "x.png"),
        ("https://cdn.example.com/", "https://cdn.example.com/x.png", "x.png"),
        ("https://cdn.example.com/", "https://other.example.com/x.png", None),
        ("//cdn.example.com/s/", "//cdn.example.com/s/x.png", "x.png"),
        ("//cdn.example.com/s/", "../x.png", "x.png"),
        ("/st%20atic/", "/st%20atic/x.png", "x.png"),
    ],
)
def test_targets(static_url: str, url: str, target: str | None) -> None:
    assert Urls(static_url).target(url, "css/a.css") == target
