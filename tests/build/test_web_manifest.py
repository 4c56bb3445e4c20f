"""References in web manifests: images, wherever the members that hold them stand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.build.trees import planned

from clearway.build import references

MANIFEST = {
    "name": 'icons": [{"src": "no.png',
    "start_url": "./page.html",
    "scope": "/",
    "src": "no.png",
    "icons": [
        {"src": "a.png", "sizes": "48x48", "nested": {"src": "no.png"}},
        {"type": "image/png", "src": "../img/b.png?v=2"},
        [{"src": "no.png"}],
    ],
    "screenshots": [{"src": "/static/c.png", "label": "src"}],
    "shortcuts": [{"name": "n", "url": "/new", "src": "no.png", "icons": [{"src": "d.png"}]}],
    "file_handlers": [{"action": "/open", "icons": [{"src": "e.png"}]}],
    "related_applications": [{"url": "https://example.com/", "icons": [{"src": "no.png"}]}],
}
URLS = ["a.png", "../img/b.png?v=2", "/static/c.png", "d.png", "e.png"]


@pytest.mark.parametrize("indent", [None, 2])
def test_images_are_found_and_pages_are_not(indent: int | None) -> None:
    assert found(json.dumps(MANIFEST, indent=indent).encode()) == URLS


def found(data: bytes) -> list[str]:
    return [reference.url for reference in references.find("site.webmanifest", data)]


def test_only_the_octets_of_the_url_change() -> None:
    manifest = (
        b'\xef\xbb\xbf{"icons" : [ {\r\n"src":"a.png" , "a":1},{"src":"a\\/\\u0062.png#x"}], "start_url": "a.png"}'
    )
    assets = planned({"m.webmanifest": manifest, "a.png": b"1", "a/b.png": b"2"}).assets
    one, two = (assets[name].asset.name.encode() for name in ("a.png", "a/b.png"))
    expected = manifest.replace(b'"a.png" ,', b'"%s" ,' % one).replace(b"a\\/\\u0062.png", two)
    assert assets["m.webmanifest"].read() == expected


def test_a_file_named_manifest_json_may_be_anybodys() -> None:
    assert references.find("manifest.json", json.dumps(MANIFEST).encode()) == []


@given(
    st.lists(st.sampled_from(['"icons"', '"src"', '"a.png"', '"', ":", ",", "[", "]", "{", "}", "\\", " ", "\n", "1"]))
)
def test_nothing_is_too_odd_to_read(pieces: list[str]) -> None:
    found("".join(['{"icons":[{"src":', *pieces]).encode())


def test_a_long_run_of_anything_is_read_in_linear_time() -> None:
    for piece in ('"', '"\\', "[", '{"src":"a",', '{"src":', '"icons":[{', "\\", "]"):
        found((piece * 50_000).encode())
