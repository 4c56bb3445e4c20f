"""Header fields that can be sent: nothing that somebody puts into a value can begin another field."""

import re
from wsgiref.headers import Headers

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearway.http.decision import decide
from clearway.http.fields import OF_THE_CONNECTION, sendable
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Resource, StoredFile

VALUE = re.compile(rb"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")  # §5.5
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # §5.6.2


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("plain", b"plain"),
        ("a\r\nForged: 1", b"a  Forged: 1"),
        ("a\nb\x00c\x7fd\x1b[31m", b"a b c d [31m"),
        ("  around\t\r\n", b"around"),
        ("a\tb", b"a\tb"),
        ("caf\xe9", b"caf\xe9"),
        ("日本.css", "日本.css".encode()),
        ("caf\xe9 €", "café €".encode()),
        ("\udcff\ud800", b"??"),
        ("\x85\x0b", b"\x85"),
        ("\u2028Forged: 1", "\u2028Forged: 1".encode()),
        ("", b""),
    ],
    ids=ascii,
)
def test_a_value_ends_where_it_should(value: str, sent: bytes) -> None:
    assert [value.encode("latin-1") for _, value in sendable([("X-Own", value)])] == [sent]


@pytest.mark.parametrize(
    "name", ["", "a b", "a:b", "a\r\nForged", "é", "a\0", " X", "(x)", "X\n", *OF_THE_CONNECTION, "Upgrade"]
)
def test_a_name_that_is_none_or_belongs_to_the_connection_is_left_out(name: str) -> None:
    assert sendable([(name, "x"), ("X-Own", "y")]) == (("X-Own", "y"),)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20))))
def test_whatever_is_given_makes_fields_that_can_be_sent(fields: list[tuple[str, str]]) -> None:
    for name, value in sendable(fields):
        assert TOKEN.fullmatch(name.encode("ascii"))
        assert VALUE.fullmatch(value.encode("latin-1"))


def resource(path: str = "/r/a.css", **rules: object) -> Resource:
    return HeaderRules(**rules).resource("/s/a.css", [("identity", StoredFile(path, 1), '"t"')], modified=5)  # type: ignore[arg-type]


def test_a_careless_function_forges_nothing() -> None:
    def add(headers: Headers, path: str, url: str) -> None:
        headers["X-File"] = path
        headers["Content-Disposition"] = f'attachment; filename="{path}"'
        headers["Transfer-Encoding"] = "chunked"
        headers["Bad name"] = "x"

    made = resource("/r/a\r\nForged: 1\n.css", add_headers=add)
    for fields in ({}, {"range": "bytes=0-0"}, {"if-none-match": "*"}):
        answer = decide("GET", fields, made)
        assert all(VALUE.fullmatch(value) and TOKEN.fullmatch(name) for name, value in answer.raw_headers)
        assert {"Forged", "Transfer-Encoding", "Bad name"}.isdisjoint(name for name, _ in answer.headers)
    assert dict(decide("GET", {}, made).headers)["X-File"] == "/r/a  Forged: 1 .css"


@pytest.mark.parametrize("type_", ["text/css\r\nForged: 1", "text/css\0", "\ud800"])
def test_a_media_type_forges_nothing(type_: str) -> None:
    made = resource(media_types={".css": type_})
    assert all(VALUE.fullmatch(value) for _, value in decide("GET", {}, made).raw_headers)
