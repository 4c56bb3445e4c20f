"""A request as the command line describes it."""

import pytest

from clearway.fronts.described import Described, field_of, method_of, octets_of
from clearway.fronts.road import Visit

VISIT = Visit("GET", "https", "shop.example", 443, "/upload/", fields={"referer": "x"})


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("Host: shop.example", ("host", "shop.example")),
        ("X-A:b", ("x-a", "b")),
        ("Cookie:  a=b; c=d ", ("cookie", "a=b; c=d")),
        ("Origin: https://a.example:8443", ("origin", "https://a.example:8443")),
        ("Accept:", ("accept", "")),
    ],
)
def test_a_field_is_a_name_and_a_value(written: str, field: tuple[str, str]) -> None:
    assert field_of(written) == field


@pytest.mark.parametrize(
    "written", ["", "Host", ": x", "A B: c", "Näme: x", "A: b\r\nC: d", "A: b\nC: d", "A: \0", "A : b"]
)
def test_what_is_no_field_says_why(written: str) -> None:
    with pytest.raises(ValueError, match=r"not 'Name: value'|control character"):
        field_of(written)


@pytest.mark.parametrize(
    ("written", "octets"), [("0", 0), ("512", 512), ("2k", 2048), ("20m", 20_971_520), ("1G", 1 << 30)]
)
def test_sizes_are_octets_or_have_a_unit(written: str, octets: int) -> None:
    assert octets_of(written) == octets


@pytest.mark.parametrize("written", ["", "-1", "1.5m", "20mb", "m", "٣"])
def test_what_is_no_size_says_why(written: str) -> None:
    with pytest.raises(ValueError, match="not a number of octets"):
        octets_of(written)


def test_methods_are_in_upper_case_and_words() -> None:
    assert method_of("patch") == "PATCH"
    for written in ("", "GET /", "PO ST"):
        with pytest.raises(ValueError, match="not a method"):
            method_of(written)


def test_a_body_is_posted_unless_a_method_is_named() -> None:
    assert Described.of("", [], 5, []).method == "POST"
    assert Described.of("PUT", [], 5, []).method == "PUT"
    assert Described.of("", [], None, ["http://a.example/"]).method == "GET"
    assert Described.of("GET", [], 0, []).octets == 0


@pytest.mark.parametrize(
    ("method", "fields", "octets", "why"),
    [
        ("GET", [], 5, "GET has no body"),
        ("HEAD", [("content-length", "7")], None, "HEAD has no body"),
        ("POST", [("content-length", "7")], 5, "Content-Length is 7, and --body-size 5"),
        ("POST", [("content-length", "many")], None, "no number of octets"),
        ("", [("host", "a b")], None, "not a host"),
        ("", [("host", "http://a.example")], None, "not a host"),
    ],
)
def test_what_contradicts_itself_is_refused(
    method: str, fields: list[tuple[str, str]], octets: int | None, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Described.of(method, fields, octets, [])


def test_fields_of_one_name_are_one() -> None:
    fields = [("accept", "a"), ("accept", "b"), ("cookie", "a=1"), ("cookie", "b=2")]
    assert Described.of("", fields, None, []).fields == {"accept": "a, b", "cookie": "a=1; b=2"}


def test_a_visit_gets_its_method_its_fields_and_its_host() -> None:
    visit = Described.of("PUT", [("host", "www.shop.example:8443"), ("x-a", "b")], 9, []).visit(VISIT)
    assert (visit.method, visit.host, visit.target) == ("PUT", "www.shop.example", "/upload/")
    assert visit.fields == {"referer": "x", "x-a": "b", "content-length": "9"}


def test_what_can_be_sent_and_what_asks_for_files() -> None:
    get, options, post = (Described.of(method, [], None, []) for method in ("GET", "OPTIONS", "POST"))
    assert [each.is_reading for each in (get, options, post)] == [True, False, False]
    assert [each.is_writing for each in (get, options, post)] == [False, False, True]
    assert [each.is_anywhere for each in (get, options, post)] == [True, False, False]
