"""The router of httpd: which server, which file, which status, by whom, and what is said of it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.fronts.apache.configured import GRANTED, configuration, files, road, visit

from clearway.fronts.apache.routing import route
from clearway.fronts.files import WorkerFiles
from clearway.fronts.permission import Worker
from clearway.fronts.road import Road

OPEN = f"<Directory @D@>\n{GRANTED}\n</Directory>\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    files(tmp_path, "site/index.html", "site/a.css", "site/404.html", "static/a.css", "static/js/b.js", "statica.css")
    return tmp_path


def ends(found: Road) -> tuple[int | None, str]:
    """The status, and the file's name or the upstream."""
    outcome = found.outcome
    assert outcome.unknown is None
    return outcome.status, Path(outcome.file).name if outcome.file else outcome.upstream or ""


@pytest.mark.parametrize(
    ("text", "target", "status", "end"),
    [
        ("DocumentRoot @D@/site", "/a.css", 200, "a.css"),
        ("DocumentRoot @D@/site", "/", 200, "index.html"),
        ("DocumentRoot @D@/site", "/none", 404, ""),
        ("DocumentRoot @D@/site", "/a.css/more", 404, ""),
        ("DocumentRoot @D@", "/site", 301, ""),
        ("DocumentRoot @D@", "/static/", 403, ""),
        ("DocumentRoot @D@/site", "/../a.css", 400, ""),
        ("DocumentRoot @D@/site", "/%2fa.css", 404, ""),
        ("Alias /static/ @D@/static/", "/static/js/b.js", 200, "b.js"),
        ("Alias /static @D@/static", "/staticx", 404, ""),
        ("Alias /static @D@/static/", "/static//a.css", 200, "a.css"),
        ("AliasMatch ^/s/(.*) @D@/static/$1", "/s/a.css", 200, "a.css"),
        ("Alias / @D@/site/\nAlias /static/ @D@/static/", "/static/js/b.js", 404, ""),
        ("Redirect 301 /old /new", "/old/x", 301, ""),
        ("Redirect gone /old", "/old", 410, ""),
        ("ProxyPass / http://127.0.0.1:8000/", "/a b?x".replace(" ", "%20"), None, "http://127.0.0.1:8000/a%20b?x"),
        ("ProxyPass / http://h:1/\nAlias /static/ @D@/static/", "/static/a.css", None, "http://h:1/static/a.css"),
        ("ProxyPass /static/ !\nProxyPass / http://h/\nAlias /static/ @D@/static/", "/static/a.css", 200, "a.css"),
        ("ProxyPass / unix:/run/app.sock|http://localhost/", "/x", None, "http://unix:/run/app.sock:/x"),
        ("<Location /app>\nProxyPass http://h:1/sub\n</Location>", "/app/x", None, "http://h:1/sub/x"),
        ("DocumentRoot @D@/site\nRewriteEngine On\nRewriteRule ^/x$ /a.css", "/x", 200, "a.css"),
        ("DocumentRoot @D@/site\nRewriteEngine On\nRewriteRule ^/x - [F]", "/x", 403, ""),
        ("RewriteEngine On\nRewriteCond %{REQUEST_URI} ^/y\nRewriteRule . /a.css", "/x", 404, ""),
        ("RewriteEngine On\nRewriteRule ^/app/(.*) http://h:1/$1 [P]", "/app/x", None, "http://h:1/x"),
        ("DocumentRoot @D@/site\nErrorDocument 404 /404.html", "/none", 404, "404.html"),
        ("DocumentRoot @D@/site\nErrorDocument 404 /404.html\nRewriteEngine On\nRewriteRule .* /no [END]", "/x", 404,
         "404.html"),
        ("DocumentRoot @D@/site\nFallbackResource /index.html", "/none/x", 200, "index.html"),
        ("DocumentRoot @D@/site\nDirectoryIndex a.css", "/", 200, "a.css"),
        ("DocumentRoot @D@/static\nDirectoryIndex none\nFallbackResource /a.css", "/js/", 200, "a.css"),
        ("DocumentRoot @D@/static\nDirectoryIndex disabled\nFallbackResource /a.css", "/js/", 403, ""),
        ("DocumentRoot @D@/static\n<LocationMatch ^/js/$>\nFallbackResource /a.css\n</LocationMatch>", "/js/", 403, ""),
        ("DocumentRoot @D@/static\n<LocationMatch ^/js/index>\nFallbackResource /a.css\n</LocationMatch>", "/js/", 200,
         "a.css"),
        ("DocumentRoot @D@/static\nDirectoryIndex disabled\nFallbackResource /a.css", "/js/none", 200, "a.css"),
        ("DocumentRoot @D@/site\n<Files *.css>\nRequire all denied\n</Files>", "/a.css", 403, ""),
        ("DocumentRoot @D@/site\n<Location /a>\nRequire ip 10.0.0.0/8\n</Location>", "/a.css", 200, "a.css"),
        ("DocumentRoot @D@/site\n<Location /a.css>\nRequire ip 10.0.0.0/8\n</Location>", "/a.css", 403, ""),
        ("DocumentRoot @D@/site\n<If \"%{REQUEST_URI} =~ /css/\">\nRequire all denied\n</If>", "/a.css", 403, ""),
        ("Alias /s @D@/site\n<Directory @D@/site>\nOrder deny,allow\nDeny from all\n</Directory>", "/s/a.css", 403, ""),
        ("WSGIScriptAlias / @D@/static/a.css", "/x", None, "wsgi:@D@/static/a.css"),
    ],
)  # fmt: skip
def test_a_url_goes_where_httpd_takes_it(site: Path, text: str, target: str, status: int | None, end: str) -> None:
    assert ends(road(site, OPEN + text + "\n", target)) == (status, end.replace("@D@", str(site)))


def test_a_slash_on_one_side_leaves_the_granted_directory(site: Path) -> None:
    text = f"<Directory />\nRequire all denied\n</Directory>\n<Directory @D@/static>\n{GRANTED}\n</Directory>\n"
    found = road(site, text + "Alias /static/ @D@/static\n", "/static/a.css")
    assert ends(found) == (403, "")
    wrong = next(step for step in found.steps if not step.ok)
    assert "Require all denied" in wrong.decision
    assert wrong.location is not None
    assert wrong.location.line == 6


HOSTS = """
<VirtualHost *:80>
ServerName first.test
DocumentRoot @D@/site
</VirtualHost>
<VirtualHost *:80>
ServerName second.test
ServerAlias *.second.test
DocumentRoot @D@/static
</VirtualHost>
"""


@pytest.mark.parametrize(
    ("host", "folder"),
    [("first.test", "site"), ("second.test", "static"), ("a.b.second.test", "static"), ("other", "site"), ("", "site")],
)
def test_the_host_chooses_the_server(site: Path, host: str, folder: str) -> None:
    assert road(site, OPEN + HOSTS, "/a.css", host=host).outcome.file == str(site / folder / "a.css")


@pytest.mark.parametrize(
    ("rule", "target", "status"),
    [
        ("^/1/(.*) /$1", "/1/x", 404),
        ("^/1/(.*) /$1", "/1/%3Fx", 403),
        ("^/1/(.*) /a.css$1", "/1/%3Fx", 403),
        ("^/1/(.*) /a.css$1 [UnsafeAllow3F]", "/1/%3Fx", 200),
        ("^/1/(.*) /a.css?$1", "/1/%3Fx", 200),
        ("^/1/(.*) /a.css?", "/1/%3Fx", 200),
        ("^/1/(.*) /%1a.css?", "/1/%3Fx", 200),
        ("^/1/(.*) /$1a.css?a", "/1/%3Fx", 403),
        ("^/1/ %{REQUEST_URI}", "/1/%3Fx", 403),
        (r"^/1/(.*) /a.css\?$1", "/1/%3Fx", 403),
        (r"^/1/(.*) /a.css\?$1", "/1/x", 200),
    ],
)
def test_a_question_mark_that_was_found_begins_no_arguments(site: Path, rule: str, target: str, status: int) -> None:
    text = f"{OPEN}DocumentRoot @D@/static\nRewriteEngine On\nRewriteRule {rule}\n"
    assert road(site, text, target).outcome.status == status


ADDED = "AddEncoding b .css\nAddType text/x-own .css\n"
LESS = "<Directory @D@>\nRemoveEncoding .css\n</Directory>\n"


@pytest.mark.parametrize(
    ("text", "media", "coding"),
    [
        (ADDED + "RemoveType .css", "", "b"),
        ("RemoveType .css\n" + ADDED, "text/x-own", "b"),
        (ADDED + "RemoveEncoding .css", "text/x-own", "b"),
        (f"<Directory @D@>\nRemoveEncoding .css\n{ADDED}</Directory>", "text/x-own", None),
        (ADDED + LESS, "text/x-own", None),
        (f"{ADDED}{LESS}<Files *.css>\nAddType a/b .css\n</Files>", "a/b", None),
        (f"{ADDED}{LESS}<Directory @D@/static>\nAddType a/b .css\n</Directory>", "a/b", "b"),
    ],
)
def test_what_is_removed_of_an_extension_depends_on_what_is_merged(
    site: Path, text: str, media: str, coding: str | None
) -> None:
    outcome = road(site, f"{OPEN}DocumentRoot @D@/static\n{text}\n", "/a.css").outcome
    assert (outcome.type or "", outcome.headers.get("content-encoding")) == (media, coding)


def test_a_rule_that_refuses_the_page_of_an_error_gives_its_status(site: Path) -> None:
    text = (
        "DocumentRoot @D@/site\nErrorDocument 404 /404.html\nErrorDocument 403 /index.html\n"
        "RewriteEngine On\nRewriteRule 404 - [F]\n"
    )
    assert ends(road(site, OPEN + text, "/none")) == (403, "index.html")


def test_an_address_that_is_passed_on_is_the_path_that_is_refused(site: Path) -> None:
    text = "Header always set X-One expr=%{REQUEST_URI}\nRewriteEngine On\nRewriteRule ^/(.*) https://h/$1 [PT]\n"
    outcome = road(site, OPEN + text, "/x").outcome
    assert (outcome.status, outcome.headers["x-one"]) == (400, "https://h/x")


@pytest.mark.parametrize(
    ("target", "path"),
    [("/../x%C3%A9", "/x%C3%A9"), ("/x%C3%A9%2", "/x%C3%A9%2"), ("/x%C3%A9%2fb", "/xé/b"), ("/x%00y", "/x")],
)
def test_a_path_that_is_refused_is_shown_as_far_as_it_was_read(site: Path, target: str, path: str) -> None:
    found = road(site, f"{OPEN}Header always set X-One expr=%{{REQUEST_URI}}\n", target)
    assert found.outcome.headers["x-one"] == path


def test_the_challenge_of_a_refused_index_is_on_the_page_of_the_error(site: Path) -> None:
    text = (
        "DocumentRoot @D@/site\nErrorDocument 401 /404.html\nDirectoryIndex index.html\n<Files index.html>\n"
        'AuthType Basic\nAuthName "a"\nRequire valid-user\n</Files>\n'
    )
    found = road(site, OPEN + text, "/")
    assert (found.outcome.status, found.outcome.headers.get("www-authenticate")) == (401, 'Basic realm="a"')


@pytest.mark.parametrize(
    ("allowed", "override", "status"),
    [
        ("None", "Require all denied", 200),
        ("All", "Require all denied", 403),
        ("AuthConfig", "Require all denied", 403),
        ("FileInfo", "Require all denied", 500),
        ("All", "<IfModule mod_none.c>\nx\n", 500),
        ("All", "AllowMethods GET", 500),
        ("All", "Alias /a.css /b.css", 500),
        ("All", "ProxyPass / http://127.0.0.1:1/", 500),
        ("FileInfo", "RewriteEngine On\nRewriteRule ^a\\.css$ - [G]", 410),
        ("FileInfo", "RewriteEngine On\nRewriteRule ^a\\.css$ index.html", 200),
    ],
)
def test_an_override_holds_as_far_as_it_is_allowed(site: Path, allowed: str, override: str, status: int) -> None:
    (site / "site" / ".htaccess").write_text(override, encoding="utf-8")
    text = f"DocumentRoot @D@/site\n<Directory @D@>\n{GRANTED}\nAllowOverride {allowed}\n</Directory>\n"
    assert road(site, text, "/a.css").outcome.status == status


@pytest.mark.parametrize(
    ("allowed", "override", "status"),
    [
        ("", "# nothing", 200),
        ("", "Require all denied", 500),
        ("", "<Files a.css>\n</Files>", 500),
        ("AllowOverrideList Require", "Require all denied", 403),
        ("AllowOverrideList Require", "Header set X-One 1", 500),
        ("AllowOverrideList Require", "<Files a.css>\n</Files>", 500),
    ],
)
def test_an_override_that_nothing_allows_is_read_and_refused(
    site: Path, allowed: str, override: str, status: int
) -> None:
    (site / "site" / ".htaccess").write_text(override, encoding="utf-8")
    text = f"DocumentRoot @D@/site\n<Directory @D@>\n{GRANTED}\n{allowed}\n</Directory>\n"
    assert road(site, text, "/a.css").outcome.status == status


@pytest.mark.parametrize(
    ("rule", "target", "vary"),
    [
        ("AddOutputFilterByType DEFLATE text/html", "/404.html", "Accept-Encoding"),
        ("AddOutputFilterByType DEFLATE text/html", "/none", None),
        ("SetOutputFilter DEFLATE", "/none", "Accept-Encoding"),
    ],
)
def test_filters_by_type_are_for_no_page_of_an_error(site: Path, rule: str, target: str, vary: str | None) -> None:
    (site / "site" / "404.html").write_text("x" * 100, encoding="utf-8")
    found = road(site, f"{OPEN}DocumentRoot @D@/site\nErrorDocument 404 /404.html\n{rule}\n", target)
    assert found.outcome.headers.get("vary") == vary


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Header set Cache-Control no-store", "cache-control", "no-store"),
        ("ExpiresActive On\nExpiresByType text/css A60", "cache-control", "max-age=60"),
        ("Header append Vary A\nHeader append Vary B", "vary", "A,B"),
        ("Header always set X-One 1\nHeader set X-One 2", "x-one", "1, 2"),
        ("<Files *.js>\nHeader set X-One 1\n</Files>", "x-one", None),
        ("SetEnvIf Request_URI css seen\nHeader set X-One 1 env=seen", "x-one", "1"),
        ("AddEncoding br .css", "content-encoding", "br"),
        *(
            (f'SetEnvIf Request_URI css seen\n<If "{condition}">\nHeader set X-One 1\n</If>', "x-one", value)
            for condition, value in (
                ("-n reqenv('seen')", "1"),
                ("-n %{reqenv:seen}", "1"),
                ("! -z env('seen')", "1"),
                ("-n reqenv('other')", None),
                ("req('Host') == 'localhost'", "1"),
                ("http('Host') == 'other'", None),
            )
        ),
    ],
)
def test_header_fields_are_foretold(site: Path, text: str, name: str, value: str | None) -> None:
    found = road(site, f"{OPEN}DocumentRoot @D@/site\n{text}\n", "/a.css")
    assert found.outcome.headers.get(name) == value


@pytest.mark.parametrize(
    ("written", "asked", "sent"),
    [("x-gzip", "br, gzip;q=0.5", "gzip"), ("gzip", "X-Gzip", "x-gzip"), ("x-gzip", "*", "x-gzip"), ("br", "x", "br")],
)
def test_a_coding_is_named_as_the_client_names_it(site: Path, written: str, asked: str, sent: str) -> None:
    text = f"{OPEN}DocumentRoot @D@/site\nAddEncoding {written} .css\n"
    found = road(site, text, "/a.css", fields={"accept-encoding": asked})
    assert found.outcome.headers["content-encoding"] == sent


def test_the_index_of_a_directory_follows_links_as_all_that_fits_the_directory_says(site: Path) -> None:
    (site / "site" / "index.html").unlink()
    (site / "site" / "index.html").symlink_to(site / "static" / "a.css")
    text = f"{OPEN}DocumentRoot @D@/site\n<DirectoryMatch ^@D@>\nOptions None\n</DirectoryMatch>\n"
    assert road(site, text, "/index.html").outcome.status == 200
    assert road(site, text, "/").outcome.status == 403


def test_expressions_of_directories_are_sorted_by_their_slashes(site: Path) -> None:
    denied = "<DirectoryMatch ^@D@>\nRequire all denied\n</DirectoryMatch>\n"
    text = f"DocumentRoot @D@/static\n{denied}<DirectoryMatch {{}}>\n{GRANTED}\n</DirectoryMatch>\n"
    assert road(site, text.format("/static/"), "/a.css").outcome.status == 403
    assert road(site, text.format("^@D@/static/"), "/a.css").outcome.status == 200


MODULES = "".join(f"LoadModule {name}_module modules/mod_{name}.so\n" for name in ("authz_core", "dir", "mime"))


@pytest.mark.parametrize(
    ("modules", "section", "page", "is_asked"),
    [
        ("", "Location /", "/404.html", True),
        ("", "Location /", "/a.css", False),
        ("", "Directory @D@/site", "/404.html", False),
        ("", 'If "true"', "/a.css", True),
        (MODULES, "Location /", "/404.html", False),
        (MODULES, 'If "true"', "/404.html", False),
        (MODULES, "FilesMatch a.css", "/404.html", False),
    ],
)
def test_the_page_of_an_error_is_not_asked_for_access_where_the_configuration_is_the_same(
    site: Path, modules: str, section: str, page: str, is_asked: bool
) -> None:
    end = section.split(maxsplit=1)[0]
    text = f"DocumentRoot @D@/site\nErrorDocument 403 {page}\n<{section}>\nRequire all denied\n</{end}>\n"
    outcome = road(site, f"{modules}{OPEN}{text}", "/a.css").outcome
    assert outcome.status == 403
    assert outcome.file == (None if is_asked else str(site / "site" / page[1:]))


def test_the_page_of_an_error_is_got(site: Path) -> None:
    text = (
        f"{OPEN}DocumentRoot @D@/site\nErrorDocument 404 /404.html\nHeader always set X-One expr=%{{REQUEST_METHOD}}\n"
    )
    assert road(site, text, "/none", method="HEAD").outcome.headers["x-one"] == "GET"


@pytest.mark.parametrize("condition", ["expr \"%{HTTP:X-One} == '1'\"", '"%{HTTP:X-One}" =1'])
@pytest.mark.parametrize(("flags", "vary"), [("", "X-One"), (" [NV]", None)])
def test_a_condition_on_a_field_varies_the_answer_unless_it_says_no(
    site: Path, condition: str, flags: str, vary: str | None
) -> None:
    text = f"{OPEN}DocumentRoot @D@/site\nRewriteEngine On\nRewriteCond {condition}{flags}\nRewriteRule ^/none - [F]\n"
    assert road(site, text, "/a.css", fields={"x-one": "1"}).outcome.headers.get("vary") is None
    found = road(site, text.replace("^/none -", "^ -").replace("[F]", "[E=SEEN:1]"), "/a.css", fields={"x-one": "1"})
    assert found.outcome.headers.get("vary") == vary


EMPTY = ("<Location />\n</Location>", "<LocationMatch .>\n</LocationMatch>", "<Files *>\n</Files>")


@pytest.mark.parametrize(
    ("section", "target", "end"),
    [
        ("", "/a.css", "404.html"),
        ("", "/none", "404.html"),
        ("<DirectoryMatch .>\n</DirectoryMatch>", "/a.css", "404.html"),
        ("<Location /a.css>\n</Location>", "/a.css", ""),
        *((section, "/a.css", "") for section in EMPTY),
        *((section, "/404.html", "404.html") for section in EMPTY),
        ('<If "true">\n</If>', "/404.html", ""),
    ],
)
def test_the_page_of_a_closed_site_is_open_where_nothing_is_merged_anew(
    site: Path, section: str, target: str, end: str
) -> None:
    closed = "<Directory @D@>\nRequire all denied\n</Directory>\nDocumentRoot @D@/site\nErrorDocument 403 /404.html\n"
    assert ends(road(site, f"{closed}{section}\n", target)) == (403, end)


@pytest.mark.parametrize(("target", "value"), [("/", None), ("/index.html", "1"), ("/a.css/x", None)])
def test_a_wildcard_fits_a_file_that_is_asked_for_and_no_index(site: Path, target: str, value: str | None) -> None:
    text = "DocumentRoot @D@/site\n<Directory @D@/site/*>\nHeader always set X-One 1\n</Directory>\n"
    assert road(site, OPEN + text, target).outcome.headers.get("x-one") == value


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("DocumentRoot @D@/site", 413),
        ("WSGIScriptAlias / @D@/static/a.css", 413),
        ("ProxyPass / http://h/", None),
        ('<Location />\nSetHandler "proxy:http://h"\n</Location>', None),
    ],
)
def test_only_what_httpd_reads_itself_has_a_limit(site: Path, text: str, status: int | None) -> None:
    fields = {"content-length": "1001"}
    assert road(site, f"{OPEN}LimitRequestBody 1000\n{text}\n", "/a.css", "POST", fields).outcome.status == status
    fields = {"content-length": "1000"}
    assert road(site, f"{OPEN}LimitRequestBody 1000\n{text}\n", "/a.css", "POST", fields).outcome.status != 413


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("", "text/css"),
        ("AddType text/x-own .css", "text/x-own"),
        ("RemoveType .css", None),
        ("ForceType text/plain", "text/plain"),
        ("AddCharset utf-8 .css", "text/css; charset=utf-8"),
        ("ForceType text/html\nAddDefaultCharset utf-8", "text/html; charset=utf-8"),
    ],
)
def test_types_are_foretold(site: Path, text: str, type_: str | None) -> None:
    assert road(site, f"{OPEN}DocumentRoot @D@/site\n{text}\n", "/a.css").outcome.type == type_


def test_what_depends_on_more_than_the_request_is_unknown(site: Path) -> None:
    found = road(site, f"{OPEN}DocumentRoot @D@/site\n<Location />\nRequire host example.com\n</Location>\n", "/a.css")
    assert found.outcome.unknown is not None
    assert found.outcome.unknown.startswith("Require host")


@pytest.mark.parametrize(("mode", "of"), [(0o700, "static"), (0o600, "static/a.css")])
def test_the_worker_is_stopped_by_a_mode(mode: int, of: str) -> None:
    with TemporaryDirectory(prefix="clearway-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        files(folder, "static/a.css")
        (folder / "static").chmod(0o755)
        (folder / of).chmod(mode)
        written = configuration(folder, OPEN + "Alias /static/ @D@/static/\n")
        found = route(written, visit("/static/a.css"), WorkerFiles(Worker(54321, 54321)))
        assert found.outcome.status == 403
        assert str(folder / of) in next(step.decision for step in found.steps if not step.ok)


def test_links_are_followed_where_options_say_so(site: Path) -> None:
    (site / "site" / "link.css").symlink_to(site / "static" / "a.css")
    for text, status in (("", 200), ("Options -FollowSymLinks", 403), ("Options SymLinksIfOwnerMatch", 200)):
        options = f"<Directory @D@>\n{GRANTED}\n{text}\n</Directory>\nDocumentRoot @D@/site\n"
        assert road(site, options, "/link.css").outcome.status == status
