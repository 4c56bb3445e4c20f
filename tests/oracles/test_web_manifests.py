"""References in web manifests against the standard library's parser of JSON."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.build import references

IMAGES = [["icons"], ["screenshots"], ["shortcuts", "icons"], ["file_handlers", "icons"]]

keys = st.sampled_from(["icons", "screenshots", "shortcuts", "file_handlers", "src", "url", "name", 'a"b', "\u00e9"])
leaves = st.sampled_from(["a.png", "../b.png?c", "\u00e9.png", "a/\u2028.png", 'a"b', "\\", 1, None, True, ""])
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4))
images = st.lists(st.fixed_dictionaries({"src": leaves}, optional={"sizes": leaves, "icons": values}), max_size=3)
parts = st.lists(st.fixed_dictionaries({"name": leaves}, optional={"icons": images, "src": leaves}), max_size=3)
known = {"icons": images, "screenshots": images, "shortcuts": parts, "file_handlers": parts}
manifests = st.fixed_dictionaries({}, optional=known | {"name": values, "url": values})


def walk(value: Any, path: list[str]) -> Iterator[str]:
    """`src` of the objects in the list to which the keys lead, with lists between them."""
    for each in value.get(path[0], []) if isinstance(value, dict) else []:
        if len(path) > 1:
            yield from walk(each, path[1:])
        elif isinstance(each, dict) and isinstance(each.get("src"), str):
            yield each["src"]


@settings(max_examples=100)
@given(manifests, st.booleans(), st.sampled_from([None, 1]))
def test_what_is_found_is_what_json_holds(manifest: dict[str, Any], ascii_only: bool, indent: int | None) -> None:
    data = json.dumps(manifest, ensure_ascii=ascii_only, indent=indent).encode()
    found = references.find("a.webmanifest", data)
    expected = [url for path in IMAGES for url in walk(manifest, path)]
    assert sorted(each.url for each in found) == sorted(expected)
    pieces = [data[each.start - 1 : each.end + 1] for each in found]
    assert [json.loads(piece) for piece in pieces] == [each.url for each in found]
