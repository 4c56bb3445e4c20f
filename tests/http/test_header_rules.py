"""Which header fields a project wants: caching, charset, CORS, its own function; and which status carries what."""

from wsgiref.headers import Headers

import pytest

from clearway.http.decision import decide
from clearway.http.fields import CARRIED, STATUSES, carries, for_status
from clearway.http.header_rules import FOREVER, AddHeaders, HeaderRules, immutable_test
from clearway.http.resource import Answer, Resource, StoredFile

from .samples import FOUR, sample, tag

VARIANT = StoredFile("/root/a.css.br", 5)
FILE = StoredFile("/root/a.css", 10)


def resource(rules: HeaderRules, url: str = "/static/a.css", **more: str) -> Resource:
    rows = [("br", VARIANT, '"b"'), ("identity", FILE, '"i"')]
    return rules.resource(url, rows, modified=1, name=more.get("name", ""), type_=more.get("type_", ""))


def headers(found: Resource, **fields: str) -> dict[str, str]:
    return dict(decide("GET", {name.replace("_", "-"): text for name, text in fields.items()}, found).headers)


def setting(**fields: str) -> AddHeaders:
    """A function that sets header fields."""

    def add(headers: Headers, path: str, url: str) -> None:
        for name, value in fields.items():
            headers[name.replace("_", "-")] = value

    return add


@pytest.mark.parametrize(
    ("rules", "immutable", "cache_control"),
    [
        (HeaderRules(), False, "max-age=60, public"),
        (HeaderRules(max_age=0), False, "max-age=0, public"),
        (HeaderRules(max_age=None), False, None),
        (HeaderRules(), True, "public, max-age=31536000, immutable"),
        (HeaderRules(max_age=None), True, FOREVER),
    ],
)
def test_caching(rules: HeaderRules, immutable: bool, cache_control: str | None) -> None:
    assert headers(sample(rules=rules, immutable=immutable)).get("Cache-Control") == cache_control
    if not immutable:
        assert dict(decide("GET", {}, rules.redirect("./")).headers).get("Cache-Control") == cache_control


def test_other_origins_may_be_kept_out() -> None:
    rules = HeaderRules(allow_all_origins=False)
    assert rules.shared == (("X-Content-Type-Options", "nosniff"),)
    assert "Access-Control-Allow-Origin" not in headers(sample(rules=rules))
    assert headers(sample())["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("rules", "url", "name", "type_", "content_type"),
    [
        (HeaderRules(), "/a.css", "", "", "text/css; charset=utf-8"),
        (HeaderRules(charset="koi8-r"), "/a.css", "", "", "text/css; charset=koi8-r"),
        (HeaderRules(), "/docs/", "docs/index.html", "", "text/html; charset=utf-8"),
        (HeaderRules(), "/a.css", "", "image/png", "image/png"),
        (HeaderRules(media_types={".css": "x/y"}), "/a.css", "", "", "x/y"),
        (HeaderRules(media_types={"a.css": "x/z"}), "/a.css", "", "", "x/z"),
        (HeaderRules(), "/crossdomain.xml", "", "", "text/x-cross-domain-policy; charset=utf-8"),
    ],
)
def test_the_content_type_comes_from_the_type_the_name_or_the_url(
    rules: HeaderRules, url: str, name: str, type_: str, content_type: str
) -> None:
    assert headers(resource(rules, url, name=name, type_=type_))["Content-Type"] == content_type


def test_the_function_is_told_the_path_of_the_file_whatever_comes_first() -> None:
    seen: list[tuple[str, str, dict[str, str]]] = []

    def add(headers: Headers, path: str, url: str) -> None:
        seen.append((path, url, dict(headers.items())))

    resource(HeaderRules(add_headers=add))
    assert [(path, url) for path, url, _ in seen] == [("/root/a.css", "/static/a.css")]
    assert seen[0][2]["Cache-Control"] == "max-age=60, public"


def test_the_function_changes_adds_and_removes() -> None:
    def add(headers: Headers, path: str, url: str) -> None:
        headers["X-Own"] = "1"
        headers["cache-control"] = "no-cache"
        del headers["Access-Control-Allow-Origin"]

    answer = headers(resource(HeaderRules(add_headers=add)))
    assert (answer["X-Own"], "Access-Control-Allow-Origin" in answer) == ("1", False)
    assert [value for name, value in answer.items() if name.lower() == "cache-control"] == ["no-cache"]


def test_the_function_cannot_touch_what_belongs_to_one_coding() -> None:
    rules = HeaderRules(add_headers=setting(Content_Length="1", Content_Encoding="br"))
    answer = headers(resource(rules))
    assert (answer["Content-Length"], answer["ETag"], "Content-Encoding" in answer) == ("10", '"i"', False)


@pytest.mark.parametrize(
    ("own", "identity", "br"),
    [
        ('"own"', '"own"', '"own-br"'),
        ('""', '""', '"-br"'),
        ('W/"own"', 'W/"own"', 'W/"own"'),
        ("own", '"i"', '"b"'),
        ('"own', '"i"', '"b"'),
        ('w/"own"', '"i"', '"b"'),
        ('"a" "b"', '"i"', '"b"'),
        ("*", '"i"', '"b"'),
    ],
)
def test_a_tag_of_the_function_s_is_one_for_each_coding_when_it_is_strong(own: str, identity: str, br: str) -> None:
    made = resource(HeaderRules(add_headers=setting(ETag=own)))
    assert (headers(made)["ETag"], headers(made, accept_encoding="br")["ETag"]) == (identity, br)


@pytest.mark.parametrize(
    ("own", "field", "value", "status"),
    [
        ('"own"', "if-none-match", '"own"', 304),
        ('"own"', "if-none-match", 'W/"own"', 304),
        ('"own"', "if-match", '"own"', 200),
        ('"own"', "if-match", '"i"', 412),
        ('W/"own"', "if-none-match", '"own"', 304),
        ('W/"own"', "if-none-match", '"/own"', 200),
        ('W/"own"', "if-match", 'W/"own"', 412),
        ('W/"own"', "if-match", '"own"', 412),
    ],
)
def test_conditions_are_about_the_tag_of_the_function_s(own: str, field: str, value: str, status: int) -> None:
    made = resource(HeaderRules(add_headers=setting(ETag=own)))
    assert decide("GET", {field: value}, made).status == status


@pytest.mark.parametrize(("own", "status"), [('"own"', 206), ('W/"own"', 200)])
def test_a_weak_tag_of_the_function_s_resumes_nothing(own: str, status: int) -> None:
    made = resource(HeaderRules(add_headers=setting(ETag=own)))
    assert decide("GET", {"range": "bytes=0-1", "if-range": own}, made).status == status


EARLIER, DATE, LATER = (f"Wed, 21 Oct 20{year} 07:28:00 GMT" for year in (14, 15, 16))


@pytest.mark.parametrize(
    ("own", "sent", "since", "status"),
    [
        (DATE, DATE, DATE, 304),
        (DATE, DATE, EARLIER, 200),
        ("yesterday", None, LATER, 200),
        ("", None, LATER, 200),
    ],
)
def test_conditions_are_about_the_date_of_the_function_s(own: str, sent: str | None, since: str, status: int) -> None:
    made = resource(HeaderRules(add_headers=setting(Last_Modified=own)))
    assert headers(made).get("Last-Modified") == sent
    assert decide("GET", {"if-modified-since": since}, made).status == status


def test_a_function_may_take_the_date_away() -> None:
    def add(headers: Headers, path: str, url: str) -> None:
        del headers["Last-Modified"]

    made = resource(HeaderRules(add_headers=add))
    assert "Last-Modified" not in headers(made)
    assert decide("GET", {"if-modified-since": LATER}, made).status == 200


def test_a_project_s_test_makes_further_files_immutable() -> None:
    asked: list[tuple[str, str]] = []

    def immutable(path: str, url: str) -> bool:
        asked.append((path, url))
        return url.endswith(".css")

    rules = HeaderRules(immutable=immutable)
    assert headers(resource(rules))["Cache-Control"] == FOREVER
    assert headers(resource(rules, "/static/a.js"))["Cache-Control"] == "max-age=60, public"
    assert asked == [("/root/a.css", "/static/a.css"), ("/root/a.css", "/static/a.js")]


@pytest.mark.parametrize(
    ("given", "url", "immutable"), [(r"\.[0-9a-f]{8}\.", "/x.deadbeef.css", True), ("^/v1/", "/v2/v1/", False)]
)
def test_a_regular_expression_is_searched_in_the_url(given: str, url: str, immutable: bool) -> None:
    assert immutable_test(given)("/any/path", url) is immutable


@pytest.mark.parametrize(
    ("own", "recorded", "type_"),
    [
        ({".css": "text/x-own"}, "text/css", "text/x-own; charset=utf-8"),
        ({"a.css": "a/b"}, "text/css", "a/b"),
        ({".css": "text/css; charset=latin-1"}, "", "text/css; charset=latin-1"),
        ({".js": "a/b"}, "text/recorded", "text/recorded; charset=utf-8"),
        ({}, "", "text/css; charset=utf-8"),
    ],
)
def test_the_project_s_media_types_go_before_what_was_recorded(own: dict[str, str], recorded: str, type_: str) -> None:
    assert headers(resource(HeaderRules(media_types=own), type_=recorded))["Content-Type"] == type_


@pytest.mark.parametrize(
    ("own", "vary"), [("Origin", "Origin, Accept-Encoding"), ("accept-encoding", "accept-encoding")]
)
def test_a_projects_vary_is_kept_and_nothing_is_listed_twice(own: str, vary: str) -> None:
    assert headers(resource(HeaderRules(add_headers=setting(Vary=own))))["Vary"] == vary


def test_a_cors_field_of_the_project_reaches_answers_without_a_file() -> None:
    found = resource(HeaderRules(add_headers=setting(Access_Control_Allow_Origin="https://example.org")))
    refused = dict(decide("POST", {}, found).headers)
    assert refused["Access-Control-Allow-Origin"] == "https://example.org"
    assert refused["Cache-Control"] == "no-store"


@pytest.mark.parametrize("fields", [{}, {"range": "bytes=0-0"}, {"if_none_match": "*"}, {"accept_encoding": "gzip"}])
def test_vary_is_there_exactly_when_there_are_variants(fields: dict[str, str]) -> None:
    assert headers(sample(FOUR), **fields)["Vary"] == "Accept-Encoding"
    assert "Vary" not in headers(sample({"identity": 3}), **fields)


# --- which status carries what

EXPECTED = {
    200: "Content-Type Content-Encoding Content-Length ETag Last-Modified Cache-Control Vary Accept-Ranges",
    204: "Allow Access-Control-Allow-Methods Access-Control-Allow-Headers Access-Control-Max-Age",
    206: "Content-Type Content-Encoding Content-Length Content-Range ETag Last-Modified Cache-Control Vary "
    "Accept-Ranges",
    302: "Content-Length Cache-Control Location",
    304: "ETag Cache-Control Vary",
    404: "Content-Type Content-Length Cache-Control",
    405: "Content-Type Content-Length Cache-Control Allow",
    412: "Content-Type Content-Length Cache-Control",
    416: "Content-Type Content-Length Content-Range Cache-Control Accept-Ranges",
}
EVERYWHERE = {"X-Content-Type-Options", "Access-Control-Allow-Origin"}


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_carries_its_fields(status: int) -> None:
    listed = {name for name, statuses in CARRIED.items() if status in statuses}
    assert listed == set(EXPECTED[status].split()) | EVERYWHERE
    assert {name for name in CARRIED if carries(status, name.swapcase())} == listed


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("X-Own", {200, 206, 304}),
        ("Content-Security-Policy", {200, 206, 304}),
        ("Content-Security-Policy-Report-Only", {200, 206, 304}),
        ("Content-Location", {200, 206, 304}),
        ("Content-Disposition", {200, 206}),
        ("Content-Language", {200, 206}),
        ("Cross-Origin-Resource-Policy", {200, 206, 304}),
    ],
)
def test_a_projects_own_field_is_carried_where_a_file_is_meant(name: str, statuses: set[int]) -> None:
    assert {status for status in STATUSES if carries(status, name)} == statuses
    assert for_status(304, [(name, "1")]) == (((name, "1"),) if 304 in statuses else ())


# --- answers


def test_an_answer_for_asgi_has_lower_case_octets() -> None:
    answer = Answer(200, (("ETag", '"\xe9"'), ("X-Own", "1")))
    assert answer.raw_headers == [(b"etag", b'"\xe9"'), (b"x-own", b"1")]
    assert answer.status_line == "200 OK"


def test_a_part_of_identity_never_has_a_content_encoding() -> None:
    found = sample(FOUR)
    answer = decide("GET", {"range": "bytes=10-19", "accept-encoding": "br"}, found)
    assert answer.status == 206
    assert dict(answer.headers)["ETag"] == tag("identity")
    assert "Content-Encoding" not in dict(answer.headers)


@pytest.mark.parametrize("modified", [1, 253402300799, 253402300800, 2**40, 2**60])
def test_any_time_of_change_can_be_answered(modified: int) -> None:
    assert decide("GET", {}, sample(modified=modified)).status == 200
