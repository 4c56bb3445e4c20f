"""Which URLs caches have to forget when another release becomes current."""

from dataclasses import replace

import pytest

from clearway.catalog.asset import Asset, Variant
from clearway.catalog.release import Release
from clearway.releases.changed import changed_urls, url_of

BASE = "https://cdn.example/static/"


def asset(name: str, digit: str = "a", *codings: str, immutable: bool = False) -> Asset:
    variants = dict.fromkeys(codings, Variant(3, digit * 64))
    return Asset(name, 9, digit * 64, "", "text/css", variants=variants, immutable=immutable)


def release(static_url: str = BASE, **assets: Asset) -> Release:
    return Release(static_url, "0" * 64, {name.replace("__", "."): each for name, each in assets.items()})


HASHED = release(a__css=asset("a.4f3c1d2a9b7e.css"))


def names(before: Release | None, after: Release, *, aliases: bool = False) -> list[str]:
    return [each.removeprefix(BASE) for each in changed_urls(before, after, aliases=aliases)]


def test_names_with_a_hash_never_change() -> None:
    after = release(a__css=asset("a.000000000000.css", "b"))
    assert names(HASHED, after) == ["staticfiles.json"]
    assert names(HASHED, after, aliases=True) == ["a.css", "staticfiles.json"]
    assert names(HASHED, HASHED, aliases=True) == []


def test_names_of_a_bundler_never_change() -> None:
    before, after = (release(a__js=asset("a.js", digit, immutable=True)) for digit in "ab")
    assert names(before, after, aliases=True) == []


def test_other_names_change_with_their_contents_and_variants() -> None:
    before = release(sw__js=asset("sw.js", "a", "br", "gzip"), same__js=asset("same.js"))
    after = release(sw__js=asset("sw.js", "b", "br"), same__js=asset("same.js"))
    assert names(before, after) == ["sw.js", "sw.js.br", "sw.js.gz"]
    assert names(None, after) == ["same.js", "staticfiles.json", "sw.js", "sw.js.br"]


def test_what_comes_and_what_goes_is_forgotten() -> None:
    before, after = release(old__txt=asset("old.txt")), release(new__txt=asset("new.txt"))
    assert names(before, after) == names(after, before) == ["new.txt", "old.txt", "staticfiles.json"]


def test_only_the_original_changed() -> None:
    """Comments that a build takes out: foreign servers answer with the original under its own name."""
    before, after = (
        release(a__css=replace(asset("a.4f3c1d2a9b7e.css"), plain=Variant(9, digit * 64))) for digit in "de"
    )
    assert names(before, after, aliases=True) == ["a.css"]
    assert names(before, after) == []


def test_a_name_that_is_no_utf_8_has_a_url() -> None:
    assert url_of("https://cdn.example/", "caf\udce9.css") == "https://cdn.example/caf%E9.css"


def test_both_hosts_are_told_of_when_static_url_moves() -> None:
    before, after = release("https://old.example/", a=asset("a")), release("https://new.example/", a=asset("a", "b"))
    assert changed_urls(before, after) == ["https://new.example/a", "https://old.example/a"]


@pytest.mark.parametrize(
    ("static_url", "site", "url"),
    [
        ("https://cdn.example/s/", "", "https://cdn.example/s/a%20%C3%A9%25.css"),
        ("https://cdn.example/s/", "https://shop.example", "https://cdn.example/s/a%20%C3%A9%25.css"),
        ("//cdn.example/s/", "", "https://cdn.example/s/a%20%C3%A9%25.css"),
        ("//cdn.example/s/", "http://shop.example", "http://cdn.example/s/a%20%C3%A9%25.css"),
        ("/s/", "", "/s/a%20%C3%A9%25.css"),
        ("/s/", "https://shop.example/", "https://shop.example/s/a%20%C3%A9%25.css"),
        ("s/", "https://shop.example", "https://shop.example/s/a%20%C3%A9%25.css"),
    ],
)
def test_urls_are_as_browsers_ask_for_them(static_url: str, site: str, url: str) -> None:
    assert url_of(static_url, "a é%.css", site) == url
