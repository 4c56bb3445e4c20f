"""Variables of `map`, `geo`, `split_clients` and `valid_referers`, and nginx's own."""

from collections.abc import Mapping

import pytest

from clearway.fronts.nginx.hash import murmur

from .configured import road


def value(text: str, before: str, target: str = "/", fields: Mapping[str, str] | None = None) -> str:
    found = road(f'location / {{ add_header X-V "<{text}>"; return 200; }}', target, before, fields=fields)
    return found.outcome.headers["x-v"][1:-1]


MAP = r"""map $uri $m { default d; /A e; /b/ "q:$arg_q"; ~^/c/(.*)$ "c:$1"; ~*^/D/(?<rest>.*)$ $rest; \default z; }
map $http_x_host $h { hostnames; default no; .example.com ex; *.w.example.com w; mail.* mail; one.example.com one; }
map $m $twice { e two; }"""


@pytest.mark.parametrize(
    ("target", "expected"),
    [("/A", "e"), ("/a", "e"), ("/b/?q=7", "q:7"), ("/c/x/y", "c:x/y"), ("/d/u", "u"), ("/other", "d"), ("/C/x", "d")],
)
def test_a_map_takes_texts_first_and_then_regular_expressions(target: str, expected: str) -> None:
    assert value("$m", MAP, target) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("example.com", "ex"), ("a.example.com", "ex"), ("a.w.example.com", "w"), ("mail.org", "mail"), ("x.org", "no"),
        ("one.example.com.", "one"), ("ONE.example.com", "one"),
    ],
)  # fmt: skip
def test_a_map_of_host_names_knows_wildcards(host: str, expected: str) -> None:
    assert value("$h", MAP, "/", {"x-host": host}) == expected


def test_a_map_may_rest_on_a_map_and_without_default_is_empty() -> None:
    assert value("$twice", MAP, "/A") == "two"
    assert value("$twice", MAP, "/x") == ""


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("default 0; 127.0.0.0/8 loop;", "loop"),
        ("default 0; 127.0.0.0/8 loop; 127.0.0.1 one;", "one"),
        ("default 0; 10.0.0.0/8 ten;", "0"),
        ("10.0.0.0/8 ten;", ""),
        ("ranges; default 0; 127.0.0.0-127.0.0.9 r;", "r"),
        ("default 0; 0.0.0.0/0 all;", "all"),
        ("default 0; ::/0 six;", "0"),
    ],
)
def test_geo_takes_the_closest_network(entries: str, expected: str) -> None:
    assert value("$g", f"geo $g {{ {entries} }}") == expected


def test_geo_can_look_at_another_address() -> None:
    assert value("$g", "geo $arg_ip $g { default 0; 10.0.0.0/8 ten; }", "/?ip=10.1.2.3") == "ten"


def test_clients_are_split_by_a_hash() -> None:
    split = 'split_clients "$arg_k" $s { 50% a; * b; }'
    assert {value("$s", split, f"/?k={number}") for number in range(20)} == {"a", "b"}


@pytest.mark.parametrize(
    ("data", "expected"), [(b"", 0x00000000), (b"a", 0x92685F5E), (b"abcd", 0x26873021), (b"127.0.0.1/x", 0x4C716B40)]
)
def test_the_hash_stays_the_one_by_which_nginx_was_seen_to_split(data: bytes, expected: int) -> None:
    assert murmur(data) == expected


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        (None, ""), ("x", ""), ("http://evil.example/", "1"), ("https://a.good.example/x", ""),
        ("http://good.example:8080/", "1"), ("http://path.example/in/x", ""), ("http://path.example/out", "1"),
        ("http://x.re.y/", ""), ("http://localhost/", ""),
    ],
)  # fmt: skip
def test_referers_are_judged(referer: str | None, expected: str) -> None:
    rules = "none blocked server_names *.good.example path.example/in ~\\.re\\."
    text = f"location / {{ valid_referers {rules}; add_header X-V <$invalid_referer>; return 200; }}"
    found = road(f"server_name localhost; {text}", "/", fields={} if referer is None else {"referer": referer})
    assert found.outcome.headers["x-v"] == f"<{expected}>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$args|$arg_a|$arg_B|$is_args", "A=1&b=2|1|2|?"),
        ("$uri|$document_uri|$request_uri", "/x y|/x y|/x%20y?A=1&b=2"),
        ("$host|$http_host|$server_port|$scheme|$https", "localhost|localhost|80|http|"),
        ("$request_method|$remote_addr|$server_protocol", "GET|127.0.0.1|HTTP/1.1"),
        ("$http_x_y|$cookie_c|$cookie_d", "h|2|"),
        ("$document_root|$request_filename", "/srv|/srv/x y"),
        ("${uri}s", "/x ys"),
        ("$never_given", ""),
    ],
)
def test_the_variables_of_nginx_are_known(text: str, expected: str) -> None:
    before = "server { listen 99; set $never_given 1; }"
    assert value(text, before, "/x%20y?A=1&b=2", {"x-y": "h", "cookie": "b=1; c=2"}) == expected


@pytest.mark.parametrize(("target", "is_known"), [("/a", True), ("/a\x01", False), ("/%zz", False)])
def test_the_protocol_of_a_broken_request_line_is_not_known(target: str, is_known: bool) -> None:
    found = road("add_header X-P $server_protocol always; location / { return 204; }", target)
    assert found.outcome.headers.get("x-p") == ("HTTP/1.1" if is_known else None)
    assert any("not known" in step.decision or "broken" in step.decision for step in found.steps) is not is_known
