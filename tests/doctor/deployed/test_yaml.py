"""YAML as deployment files use it."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from clearway.doctor.deployed.yaml import YamlError, parse

READ: list[tuple[str, Any]] = [
    ("", None),
    ("# nothing\n", None),
    ("---\na: 1\n", {"a": "1"}),
    ("a: b\nc:\n  d: e\n", {"a": "b", "c": {"d": "e"}}),
    ("a:\n- b\n- c\n", {"a": ["b", "c"]}),
    ("a:\n  - b: 1\n    c: 2\n  - d\n", {"a": [{"b": "1", "c": "2"}, "d"]}),
    ("- - a\n  - b\n- c: d\n", [["a", "b"], {"c": "d"}]),
    ("-\n  a: b\n", [{"a": "b"}]),
    ("a: \"x: y # z\"\nb: 'it''s'\n", {"a": "x: y # z", "b": "it's"}),
    ('a: "t\\tb\\u00e9\\x41\\"\\\\"\n', {"a": 't\tbéA"\\'}),
    ("a: b # c\nd: e#f\n", {"a": "b", "d": "e#f"}),
    ("a: http://x:80/y\nb: c:d\n", {"a": "http://x:80/y", "b": "c:d"}),
    ("\"a:b\": c\n'd' : e\n", {"a:b": "c", "d": "e"}),
    ("a: ~\nb: null\nc:\n", {"a": None, "b": None, "c": None}),
    ("a: [b, 'c, d', {e: f}, [g]]\n", {"a": ["b", "c, d", {"e": "f"}, ["g"]]}),
    ("a: {b: , c: [1, 2,], d}\n", {"a": {"b": None, "c": ["1", "2"], "d": None}}),
    ("a: [\n  b,\n  c\n]\nd: e\n", {"a": ["b", "c"], "d": "e"}),
    ("a: [80:80, x:y]\n", {"a": ["80:80", "x:y"]}),
    ("a: |\n  b\n    c\n\n  d\ne: f\n", {"a": "b\n  c\n\nd\n", "e": "f"}),
    ("a: >-\n  b\n  c\n", {"a": "b c"}),
    ("a: |-\n  b\n", {"a": "b"}),
    ("a: b\n  c\n  d\ne: f\n", {"a": "b c d", "e": "f"}),
    ("x: &y\n  a: 1\nb:\n  <<: *y\n  c: 2\nd: *y\n", {"x": {"a": "1"}, "b": {"a": "1", "c": "2"}, "d": {"a": "1"}}),
    (
        "x: &y {a: 1}\nz: &w {b: 2}\nb:\n  <<: [*y, *w]\n  a: 3\n",
        {"x": {"a": "1"}, "z": {"b": "2"}, "b": {"a": "3", "b": "2"}},
    ),
    ("a: !!str 1\nb: !Ref c\n", {"a": "1", "b": "c"}),
    ("a:\r\n  - b\r\n", {"a": ["b"]}),
    ("- rule=Host(`a`) && Path(`/b`)\n", ["rule=Host(`a`) && Path(`/b`)"]),
    ("a: 'b\n  c'\n", {"a": "b c"}),
    ('{"a": {"b": [1, true, "c"]}}', {"a": {"b": ["1", "true", "c"]}}),
    ("﻿a: b\n", {"a": "b"}),
]
REFUSED = [
    "a: b\n  c: d\n",
    "a:\n\t- b\n",
    "a: [b\n",
    'a: "b\n',
    "a: *b\n",
    "a: b\n---\nc: d\n",
    "a: b\nc\n",
    "? a\n: b\n",
    "{{ if x }}\na: b\n",
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_it_is_read(text: str, value: Any) -> None:
    assert parse(text).value == value


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_read_is_refused(text: str) -> None:
    with pytest.raises(YamlError):
        parse(text)


def test_lines_are_kept() -> None:
    document = parse("a:\n  b:\n    - c\n    - d: e\n")
    assert [document.line(*path) for path in [("a",), ("a", "b"), ("a", "b", 1), ("a", "b", 1, "d"), ("x",)]] == [
        *(1, 2, 4, 4, 1)
    ]
    assert document.get("a", "b", 1, "d") == "e"
    assert [document.get(*path) for path in [("x",), ("a", 0), ("a", "b", 7), ("a", "b", 0, 0)]] == [None] * 4


class Oracle(yaml.SafeLoader):
    """PyYAML, to which a scalar is text too unless it is null."""

    yaml_implicit_resolvers = {
        first: [row for row in rows if row[0].endswith((":null", ":merge"))]
        for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S"), include_characters=" "), max_size=30)
KEYS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("text", [text for text, _ in READ if "!" not in text])
def test_pyyaml_reads_the_same(text: str) -> None:
    assert parse(text).value == yaml.load(text, Oracle)


@given(VALUES, st.booleans() | st.none(), st.sampled_from([None, "'", '"']))
def test_what_pyyaml_writes_is_read(value: Any, flow: bool | None, style: str | None) -> None:
    text = yaml.dump({"a": value}, default_flow_style=flow, default_style=style, width=10_000, allow_unicode=True)
    assert parse(text).value == yaml.load(text, Oracle)
