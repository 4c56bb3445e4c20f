"""Where Caddy takes a request: by rules that were tried with the real one."""

import pytest
from tests.fronts.caddy.configured import FILES, configuration, outcome, road, visit

from clearway.fronts.caddy.routing import route


def answered(text: str, target: str, method: str = "GET", **fields: str) -> tuple[int | None, str | None]:
    found = outcome(text, target, method, fields)
    assert found.unknown is None, found.unknown
    return found.status, found.file


@pytest.mark.parametrize(
    ("text", "target", "status", "file"),
    [
        ("file_server", "/static/a.css", 200, "/srv/static/a.css"),
        ("file_server", "/static/../secret.txt", 200, "/srv/secret.txt"),
        ("file_server", "/static/none.css", 404, None),
        ("file_server", "/static/a.css/", 404, None),
        ("file_server", "/static", 404, None),
        ("file_server", "/", 200, "/srv/index.html"),
        ("file_server", "/app", 308, None),
        ("file_server", "/app/", 200, "/srv/app/index.html"),
        ("file_server", "/private/d.css", 403, None),
        ("file_server", "/static/e.css", 403, None),
        ("file_server", "/static/%00", 500, None),
        ("file_server", "/static/a.css/%00", 404, None),
        ("file_server", "/static/.hidden", 200, "/srv/static/.hidden"),
        ("file_server {\n hide .*\n}", "/static/.hidden", 404, None),
        ("file_server {\n hide /srv/static\n}", "/static/a.css", 404, None),
        ("file_server {\n index page.html\n}", "/app/", 200, "/srv/app/page.html"),
        ("file_server {\n disable_canonical_uris\n}", "/app", 200, "/srv/app/index.html"),
        ("file_server {\n status 410\n}", "/static/a.css", 410, "/srv/static/a.css"),
        ("file_server {\n pass_thru\n}\nrespond after 201", "/none", 201, None),
        ("file_server browse", "/static/", 200, None),
        # the path keeps its prefix in handle, and loses it in handle_path
        ("handle /static/* {\n root * /srv/static\n file_server\n}", "/static/a.css", 404, None),
        ("handle_path /static/* {\n root * /srv/static\n file_server\n}", "/static/a.css", 200, "/srv/static/a.css"),
        ("handle_path /STATIC/* {\n root * /srv/static\n file_server\n}", "/static/a.css", 200, "/srv/static/a.css"),
        # nobody answers: an empty 200
        ("file_server /static", "/static/a.css", 200, None),
        ("file_server /static/*", "/media/c.png", 200, None),
        ("", "/", 200, None),
        # directives have an order of their own
        ("file_server\nrespond 403", "/static/a.css", 403, None),
        ("route {\n file_server\n respond 403\n}", "/static/a.css", 200, "/srv/static/a.css"),
        ("handle /a* {\n respond 201\n}\nhandle /ab* {\n respond 202\n}", "/abc", 202, None),
        ("handle {\n respond 201\n}\nhandle /ab* {\n respond 202\n}", "/abc", 202, None),
        ("try_files {path} /index.html\nfile_server", "/spa/route", 200, "/srv/index.html"),
        ("try_files {path} =410\nfile_server", "/spa/route", 410, None),
        ("try_files {path}.html\nfile_server", "/app/page", 200, "/srv/app/page.html"),
        (
            "rewrite /old/* /static{uri}\nuri strip_prefix /static/old\nfile_server",
            "/old/index.html",
            200,
            "/srv/index.html",
        ),
        (
            "@m path_regexp x ^/v1/(.*)$\nrewrite @m /static/{re.x.1}\nfile_server",
            "/v1/a.css",
            200,
            "/srv/static/a.css",
        ),
        ("handle_errors {\n rewrite * /404.html\n file_server\n}\nfile_server", "/none", 404, "/srv/404.html"),
        ("handle_errors {\n respond {err.status_code}\n}\nfile_server", "/none", 404, None),
        ("error /secret* 403\nfile_server", "/secret.txt", 403, None),
        ("abort /static/*", "/static/a.css", 444, None),
        ("basicauth {\n bob x\n}\nfile_server", "/static/a.css", 401, None),
    ],
)
def test_the_file_and_the_status(text: str, target: str, status: int, file: str | None) -> None:
    assert answered(text, target) == (status, file)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_files_take_every_method(method: str) -> None:
    assert answered("file_server", "/static/a.css", method) == (200, "/srv/static/a.css")


@pytest.mark.parametrize(
    ("accepted", "file"),
    [
        ("gzip", "/srv/static/a.css.gz"),
        ("gzip, br", "/srv/static/a.css.br"),
        ("gzip;q=1, br;q=0.5", "/srv/static/a.css.gz"),
        ("br;q=0", "/srv/static/a.css"),
        ("zstd", "/srv/static/a.css"),
        ("", "/srv/static/a.css"),
    ],
)
def test_the_encoded_neighbour_is_sent_in_the_order_that_is_written(accepted: str, file: str) -> None:
    found = outcome(
        "file_server {\n precompressed zstd br gzip\n}", "/static/a.css", "GET", {"accept-encoding": accepted}
    )
    assert found.file == file
    assert found.type == "text/css; charset=utf-8"
    assert ("vary" in found.headers) == (file != "/srv/static/a.css")


def test_an_unscoped_proxy_takes_everything_from_the_file_server() -> None:
    found = outcome("file_server /static/*\nreverse_proxy 127.0.0.1:8000", "/static/a.css")
    assert (found.by, found.upstream) == ("application", "http://127.0.0.1:8000/static/a.css")


@pytest.mark.parametrize(
    ("written", "upstream"),
    [
        ("localhost:8000", "http://localhost:8000/x?a=b"),
        ("http://app", "http://app:80/x?a=b"),
        ("https://app:8443", "https://app:8443/x?a=b"),
        (":8000", "http://:8000/x?a=b"),
        ("unix//run/app.sock", "http://unix:/run/app.sock:/x?a=b"),
        ("/x 127.0.0.1:1 127.0.0.1:2", "http://127.0.0.1:1/x?a=b"),
        ("app:80 {\n rewrite /y{uri}\n}", "http://app:80/y/x?a=b"),
    ],
)
def test_the_upstream_and_what_it_is_asked_for(written: str, upstream: str) -> None:
    assert outcome(f"reverse_proxy {written}", "/x?a=b").upstream == upstream


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("header X-One one", {"x-one": "one"}),
        ("header /other/* X-One one", {}),
        ("header +X-One a\nheader +X-One b", {"x-one": "a, b"}),
        ("header ?Cache-Control x\nheader Cache-Control y", {"cache-control": "y"}),
        ("header X-One {path}", {"x-one": "/static/a.css"}),
        ("header {\n X-One a\n X-One a b\n}", {"x-one": "b"}),
        ("header -Etag", {"etag": ""}),
    ],
)
def test_header_fields(text: str, headers: dict[str, str]) -> None:
    found = outcome(f"{text}\nfile_server", "/static/a.css").headers
    for name in {"x-one", "cache-control", *headers}:
        assert found.get(name, "") == headers.get(name, ""), name


def test_what_is_set_at_once_stays_on_an_error_and_what_is_deferred_does_not() -> None:
    text = "header X-One one\nheader {\n Cache-Control x\n defer\n}\nfile_server"
    assert dict(outcome(text, "/none").headers) == {"x-one": "one"}


@pytest.mark.parametrize(
    ("matcher", "target", "matches"),
    [
        ("path /a /b/*", "/b/c", True),
        ("path *.css", "/x/y.CSS", True),
        ("path /a*", "/b/../a", True),
        ("path /x", "/x.", True),
        ("path //x", "/x", False),
        ("path_regexp ^/[ab]$", "/a", True),
        ("path_regexp ^/(?i)a$", "/a", None),
        ("not path /a", "/b", True),
        ("method POST", "/", False),
        ("host *.test", "/", False),
        ("host localhost", "/", True),
        ("header X-Kind *at*", "/", True),
        ("header !X-Kind", "/", False),
        ("header_regexp X-Kind ^st", "/", True),
        ("query a=b", "/?a=b", True),
        ("query a=*", "/?a=x;y", False),
        ("file /static/a.css", "/", True),
        ("file {path}", "/none", False),
        ("file /static/*.css", "/", None),
        ("protocol https", "/", False),
        ("remote_ip private_ranges", "/", True),
        ("expression {path} == '/'", "/", None),
        ("vars root /srv", "/", True),
        ("unheard_of x", "/", None),
    ],
)
def test_matchers(matcher: str, target: str, matches: bool | None) -> None:
    found = outcome(f"@m {matcher}\nrespond @m 201\nrespond 202", target, "GET", {"x-kind": "static"})
    assert (found.unknown is None) == (matches is not None)
    assert found.status == {True: 201, False: 202, None: None}[matches]


def test_what_cannot_be_known_is_not_asked_where_another_test_fails() -> None:
    assert answered("@m {\n path /a\n expression x\n}\nrespond @m 201", "/b") == (200, None)


@pytest.mark.parametrize(
    ("host", "status"), [("a.test", 201), ("b.test", 202), ("x.y.test", 203), ("A.TEST", 201), ("other", 203)]
)
def test_the_most_specific_site_answers(host: str, status: int) -> None:
    text = ":80 {\n respond 203\n}\nhttp://*.test {\n respond 202\n}\nhttp://a.test {\n respond 201\n}\n"
    assert route(configuration(text), visit("/", host), FILES).outcome.status == status


def test_plain_http_is_sent_to_the_site_with_tls() -> None:
    found = route(configuration("shop.test {\n respond x\n}\n"), visit("/a?b", "shop.test"), FILES).outcome
    assert (found.status, found.headers["location"]) == (308, "https://shop.test/a?b")


def test_where_nobody_listens_is_unknown() -> None:
    found = route(configuration("http://shop.test {\n}\n"), visit("/", "shop.test", port=81), FILES).outcome
    assert found.unknown == "No site of this configuration is on 127.0.0.1:81."


def test_the_steps_tell_the_lines() -> None:
    found = road("handle_path /static/* {\n root * /srv/static\n file_server\n}", "/static/a.css")
    assert [(step.layer, step.location.line if step.location else 0) for step in found.steps] == [
        ("server", 1),
        ("root", 2),
        ("handle", 3),
        ("rewrite", 3),
        ("root", 4),
        ("file", 5),
    ]


def test_a_prefix_that_root_and_path_both_have_is_named() -> None:
    found = road("handle /static/* {\n root * /srv/static\n file_server\n}", "/static/a.css")
    assert "handle_path takes it off" in found.steps[-1].decision


@pytest.mark.parametrize(
    "text",
    [
        *("respond @none", "respond", "file_server x", "redir * / 200", "uri x y", "root", "reverse_proxy http://a/b"),
        *("handle_path x", "handle x", "@m query a", "@m path /a\n@m path /b", "rewrite"),
    ],
)
def test_what_caddy_refuses_is_a_step_that_is_wrong(text: str) -> None:
    found = road(text, "/")
    assert found.outcome.unknown
    assert not found.steps[-1].ok


def test_order_is_obeyed() -> None:
    text = "{{\n order {} \n}}\n:80 {{\n root * /srv\n file_server\n respond 403\n}}\n"
    for order, status in (("file_server before respond", 200), ("respond first", 403), ("respond last", 200)):
        assert route(configuration(text.format(order)), visit("/static/a.css"), FILES).outcome.status == status


def test_php_goes_to_its_upstream_by_its_index() -> None:
    found = outcome("php_fastcgi unix//run/php.sock", "/x")
    assert found.status == 200  # there is no index.php, and nobody else answers
    assert outcome("php_fastcgi 127.0.0.1:9000", "/a.php").upstream == "fastcgi://127.0.0.1:9000/a.php"
