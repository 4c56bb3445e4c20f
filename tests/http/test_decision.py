"""The decision against a slow restatement of the RFC, and the rows of its tables one by one."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearway.http.decision import decide
from clearway.http.fields import CARRIED, STATUSES
from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Answer, Missing, Redirect

from .oracle import Asked, due, http_date
from .samples import FOUR, LATIN_1, MODIFIED, TAGS, Tag, Wanted, members, ranges, sample, tag

DATES = st.tuples(st.sampled_from((MODIFIED - 1, MODIFIED, MODIFIED + 1, None)))
TAG_LISTS = st.one_of(st.just("*"), st.lists(TAGS, min_size=1, max_size=4))
ASKED = st.builds(
    Asked,
    st.sampled_from(("GET", "GET", "GET", "HEAD")),
    st.none() | st.lists(members(), max_size=5),
    st.none() | TAG_LISTS,
    st.none() | TAG_LISTS,
    st.none() | DATES,
    st.none() | DATES,
    st.none() | ranges(),
    st.none() | TAGS | DATES,
)
SIZES = st.fixed_dictionaries(
    {"identity": st.integers(1, 1000)},
    optional={coding: st.integers(1, 1000) for coding in ("gzip", "br", "zstd")},
)


PREFLIGHT = {"access-control-request-method": "GET"}


def names(answer: Answer) -> list[str]:
    return [name for name, _ in answer.headers]


@settings(max_examples=700)
@given(ASKED, SIZES | st.just({"identity": 10, "gzip": 10, "br": 10, "zstd": 10}), st.sampled_from((MODIFIED, None)))
@example(Asked(range_=Wanted("bytes=0-999", 0, 999), match=[Tag(False, tag("identity"))]), FOUR, MODIFIED)
@example(Asked(range_=Wanted("bytes=1000-", 1000), none_match=[Tag(True, tag("identity"))]), FOUR, MODIFIED)
def test_the_decision_is_what_the_rfc_says(asked: Asked, sizes: dict[str, int], modified: int | None) -> None:
    answer = decide(asked.method, asked.fields(), sample(sizes, modified))
    wanted = due(asked, sizes, {coding: tag(coding) for coding in sizes}, modified)
    assert (answer.status, dict(answer.headers)) == (wanted.status, wanted.headers)
    assert len(set(names(answer))) == len(answer.headers)
    if wanted.span:
        assert answer.octets is not None
        assert answer.octets.file.path == f"/root/site.css:{wanted.coding}"
        assert list(range(answer.octets.start, answer.octets.start + answer.octets.count)) == wanted.span
        assert answer.octets.whole == (len(wanted.span) == sizes[wanted.coding])
    else:
        assert answer.octets is None or not answer.sends_content
        assert answer.content == (b"" if asked.method == "HEAD" else wanted.content)


@settings(max_examples=200)
@given(ASKED, SIZES)
def test_content_length_is_the_number_of_octets(asked: Asked, sizes: dict[str, int]) -> None:
    answer = decide("GET", asked.fields(), sample(sizes))
    announced = dict(answer.headers).get("Content-Length")
    if announced is None:
        assert answer.status == 304
    else:
        assert int(announced) == (answer.octets.count if answer.octets else len(answer.content))


@settings(max_examples=200)
@given(ASKED, SIZES)
def test_every_answer_carries_what_the_table_says(asked: Asked, sizes: dict[str, int]) -> None:
    answer = decide(asked.method, asked.fields(), sample(sizes))
    assert [name for name in names(answer) if answer.status not in CARRIED[name]] == []
    assert "Content-Encoding" not in names(answer) or answer.status == 200


@settings(max_examples=200)
@given(ASKED, SIZES)
def test_head_is_get_without_content_and_without_range(asked: Asked, sizes: dict[str, int]) -> None:
    head = decide("HEAD", asked.fields(), sample(sizes))
    without_range = {name: text for name, text in asked.fields().items() if name not in ("range", "if-range")}
    get = decide("GET", without_range, sample(sizes))
    assert (head.status, head.headers) == (get.status, get.headers)
    assert (head.content, head.sends_content, head.octets) == (b"", False, get.octets)


@settings(max_examples=200)
@given(st.sampled_from(("GET", "HEAD", "OPTIONS", "get", "\xff")), st.lists(LATIN_1, min_size=7, max_size=7))
def test_no_characters_in_the_fields_raise(method: str, texts: list[str]) -> None:
    read = ("accept-encoding", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "range")
    answer = decide(method, dict(zip((*read, "if-range"), texts, strict=True)), sample())
    assert answer.status in STATUSES


@pytest.mark.parametrize("date", ["Thu, 01 Jan 0000 00:00:00 GMT", "Sun Jan  1 00:00:00 0000"])
@pytest.mark.parametrize("field", ["if-modified-since", "if-unmodified-since", "if-range"])
def test_a_date_in_no_year_is_ignored(field: str, date: str) -> None:
    assert decide("GET", {field: date, "range": "bytes=0-"}, sample()).status in (200, 206)


# --- methods


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", ""])
def test_other_methods_are_refused_with_what_is_allowed(method: str) -> None:
    answer = decide(method, {"if-none-match": "*", "range": "bytes=0-1"}, sample())
    assert answer.status_line == "405 Method Not Allowed"
    assert dict(answer.headers) == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": "19",
        "Cache-Control": "no-store",
        "Allow": "GET, HEAD, OPTIONS",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
    }
    assert answer.content == b"Method Not Allowed\n"


def test_options_tells_what_is_allowed() -> None:
    answer = decide("OPTIONS", {"if-match": '"no"'}, sample())
    assert (answer.status_line, answer.content, answer.octets) == ("204 No Content", b"", None)
    allowed = {"Allow": "GET, HEAD, OPTIONS", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
    assert dict(answer.headers) == allowed


def test_a_preflight_lets_other_origins_in() -> None:
    answer = decide("OPTIONS", PREFLIGHT, sample())
    assert dict(answer.headers) == {
        "Allow": "GET, HEAD, OPTIONS",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "*",
        "Access-Control-Max-Age": "86400",
    }


def test_a_preflight_is_not_granted_where_other_origins_may_not_read() -> None:
    answer = decide("OPTIONS", PREFLIGHT, sample(rules=HeaderRules(allow_all_origins=False)))
    assert dict(answer.headers) == {"Allow": "GET, HEAD, OPTIONS", "X-Content-Type-Options": "nosniff"}


# --- misses and redirects


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_a_miss_is_not_found_and_not_stored(method: str) -> None:
    answer = decide(method, {"range": "bytes=0-1"}, Missing(HeaderRules().shared))
    assert answer.status_line == "404 Not Found"
    assert dict(answer.headers) == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": "10",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
    }
    assert answer.octets is None


def test_a_miss_has_content_for_get_and_none_for_head() -> None:
    assert decide("GET", {}, Missing()).content == b"Not Found\n"
    assert decide("HEAD", {}, Missing()).content == b""


def test_two_mounts_keep_the_fields_of_their_own_misses() -> None:
    assert "Access-Control-Allow-Origin" not in names(decide("GET", {}, Missing(HeaderRules(60).shared[:1])))
    assert "Access-Control-Allow-Origin" in names(decide("GET", {}, Missing(HeaderRules(60).shared)))


@pytest.mark.parametrize(
    ("query", "location"),
    [("", "./docs/"), ("v=1&w=%20", "./docs/?v=1&w=%20"), ("a\r\nSet-Cookie: b", "./docs/"), ("\xe9", "./docs/")],
)
def test_a_redirect_keeps_a_harmless_query(query: str, location: str) -> None:
    answer = decide("GET", {"if-none-match": "*"}, HeaderRules().redirect("./docs/"), query)
    assert answer.status_line == "302 Found"
    assert dict(answer.headers) == {
        "Location": location,
        "Content-Length": "0",
        "Cache-Control": "max-age=60, public",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
    }
    assert decide("HEAD", {}, HeaderRules().redirect("./docs/"), query).headers == answer.headers


@pytest.mark.parametrize(("method", "status"), [("POST", 405), ("OPTIONS", 204)])
def test_other_methods_on_a_redirect_are_answered_as_on_a_file(method: str, status: int) -> None:
    redirect: Redirect = HeaderRules().redirect("./docs/")
    answer, on_file = decide(method, {}, redirect, "q"), decide(method, {}, sample())
    assert answer.status == status
    assert [name for name, count in Counter(names(answer)).items() if count > 1] == []
    assert dict(answer.headers) == dict(on_file.headers)


# --- rows that a reader looks for

IDENTITY, GZIP = tag("identity"), tag("gzip")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"if-none-match": IDENTITY}, 304),
        ({"if-none-match": f"W/{IDENTITY}"}, 304),
        ({"if-none-match": f'"x", {IDENTITY}'}, 304),
        ({"if-none-match": GZIP}, 200),
        ({"if-none-match": GZIP, "accept-encoding": "gzip"}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"x"', "if-modified-since": http_date(MODIFIED)}, 200),
        ({"if-modified-since": http_date(MODIFIED)}, 304),
        ({"if-modified-since": http_date(MODIFIED - 1)}, 200),
        ({"if-match": f"W/{IDENTITY}"}, 412),
        ({"if-match": IDENTITY}, 200),
        ({"if-match": "*", "if-none-match": "*"}, 304),
        ({"if-match": '"x"', "if-none-match": "*"}, 412),
        ({"if-match": IDENTITY, "if-unmodified-since": http_date(0)}, 200),
        ({"if-unmodified-since": http_date(MODIFIED)}, 200),
        ({"if-unmodified-since": http_date(MODIFIED - 1)}, 412),
        ({"range": "bytes=0-0"}, 206),
        ({"range": "bytes=0-0", "accept-encoding": "gzip"}, 206),
        ({"range": "bytes=0-0", "accept-encoding": "gzip, identity;q=0"}, 200),
        ({"range": "bytes=0-0", "accept-encoding": "identity;q=0"}, 206),
        ({"range": "bytes=1000-"}, 416),
        ({"range": "bytes=-0"}, 416),
        ({"range": "bytes=999-"}, 206),
        ({"range": "bytes=0-0,2-3"}, 200),
        ({"range": "bytes=1000-", "if-range": '"x"'}, 200),
        ({"range": "bytes=0-0", "if-range": IDENTITY}, 206),
        ({"range": "bytes=0-0", "if-range": f"W/{IDENTITY}"}, 200),
        ({"range": "bytes=0-0", "if-range": GZIP, "accept-encoding": "gzip"}, 200),
        ({"range": "bytes=0-0", "if-range": http_date(MODIFIED)}, 206),
        ({"range": "bytes=0-0", "if-range": http_date(MODIFIED + 1)}, 200),
        ({"range": "bytes=1000-", "if-none-match": IDENTITY}, 304),
        ({"range": "bytes=1000-", "if-match": '"x"'}, 412),
        ({"if-range": '"x"'}, 200),
    ],
)
def test_conditions_and_ranges(fields: dict[str, str], status: int) -> None:
    assert decide("GET", fields, sample()).status == status


@pytest.mark.parametrize("modified", [None, 0])
def test_without_a_last_modified_no_date_is_a_condition(modified: int | None) -> None:
    resource = sample(modified=modified)
    assert "Last-Modified" not in names(decide("GET", {}, resource))
    assert decide("GET", {"if-modified-since": http_date(MODIFIED)}, resource).status == 200
    assert decide("GET", {"if-unmodified-since": http_date(-1)}, resource).status == 200
    assert decide("GET", {"if-range": http_date(0), "range": "bytes=0-0"}, resource).status == 200


def test_an_empty_file_is_answered_whole_or_not_at_all() -> None:
    empty = sample({"identity": 0})
    assert dict(decide("GET", {}, empty).headers)["Content-Length"] == "0"
    assert decide("GET", {"range": "bytes=0-"}, empty).status == 416
    assert dict(decide("GET", {"range": "bytes=0-"}, empty).headers)["Content-Range"] == "bytes */0"


def test_answers_that_were_given_before_are_given_again() -> None:
    resource = sample()
    assert decide("GET", {"accept-encoding": "br"}, resource) is decide("GET", {"accept-encoding": "BR"}, resource)
