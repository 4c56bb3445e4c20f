"""URLs as people type them, and the requests that come of them."""

import pytest

from clearway.fronts.visits import Home, Resolved, UrlError, visit_of


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "target"),
    [
        ("http://shop.example", "http", "shop.example", 80, "/"),
        ("https://shop.example/a", "https", "shop.example", 443, "/a"),
        ("HTTP://Shop.Example:8080/a?b=c#d", "http", "Shop.Example", 8080, "/a?b=c"),
        ("http://shop.example:/a", "http", "shop.example", 80, "/a"),
        ("http://shop.example?x", "http", "shop.example", 80, "/?x"),
        ("http://me:secret@shop.example/a", "http", "shop.example", 80, "/a"),
        ("http://[::1]:8080/a", "http", "[::1]", 8080, "/a"),
        ("http://bücher.example/ü?ö", "http", "xn--bcher-kva.example", 80, "/%C3%BC?%C3%B6"),
        ("http://x/a/../b//c/%2e%2E/%zz", "http", "x", 80, "/a/../b//c/%2e%2E/%zz"),
        ("http://x/a b", "http", "x", 80, "/a%20b"),
        ("http://x/a\\b|c^d", "http", "x", 80, "/a\\b|c^d"),
        (" http://x/a ", "http", "x", 80, "/a"),
        ("/static/a.css", "http", "localhost", 80, "/static/a.css"),
    ],
)
def test_a_url_becomes_the_request_that_is_sent(url: str, scheme: str, host: str, port: int, target: str) -> None:
    visit = visit_of(url)
    assert (visit.method, visit.scheme, visit.host, visit.port, visit.target) == ("GET", scheme, host, port, target)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "shop.example/a",
        "ftp://shop.example/a",
        "//shop.example/a",
        "http://",
        "http:///a",
        "http://shop.example:99999/",
        "http://shop.example:0/",
        "http://shop.example:port/",
        "http://[::1/",
        "http://sho p/",
        "http://x/a\tb",
        "http://x/a\0b",
        "http://.ü./",
    ],
)
def test_what_is_no_url_says_so(url: str) -> None:
    with pytest.raises(UrlError):
        visit_of(url)


def test_a_path_is_on_the_home_of_the_project() -> None:
    visit = visit_of("/a", home=Home("https", "shop.example"))
    assert (visit.scheme, visit.host, visit.port) == ("https", "shop.example", 443)


@pytest.mark.parametrize(
    ("written", "url", "address"),
    [
        (["shop.example:80:10.0.0.5"], "http://shop.example/", "10.0.0.5"),
        (["shop.example:80:10.0.0.5"], "http://SHOP.example./", "10.0.0.5"),
        (["shop.example:80:10.0.0.5"], "https://shop.example/", None),
        (["other.example:80:10.0.0.5"], "http://shop.example/", None),
        (["*:80:10.0.0.5"], "http://shop.example/", "10.0.0.5"),
        (["shop.example:80:[::1]"], "http://shop.example/", "::1"),
        (["+shop.example:80:10.0.0.5,10.0.0.6"], "http://shop.example/", "10.0.0.5"),
        (["shop.example:80:10.0.0.5", "shop.example:80:10.0.0.7"], "http://shop.example/", "10.0.0.7"),
        (["[::1]:80:10.0.0.5"], "http://[::1]/", "::1"),
        ([], "http://127.0.0.1:8080/", "127.0.0.1"),
        ([], "http://[::1]/", "::1"),
        ([], "http://shop.example/", None),
    ],
)
def test_the_address_is_that_of_resolve(written: list[str], url: str, address: str | None) -> None:
    assert visit_of(url, Resolved.parse(written)).address == address


@pytest.mark.parametrize(
    "written", ["", "shop.example", "shop.example:80", "shop.example:x:1.2.3.4", "a:80:b", ":80:1.2.3.4"]
)
def test_a_wrong_resolve_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT:ADDRESS"):
        Resolved.parse([written])
