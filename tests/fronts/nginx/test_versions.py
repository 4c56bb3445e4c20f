"""What depends on the version of nginx: each case was seen on every version that is named here."""

import argparse
from pathlib import Path

import pytest
from tests.helpers.fake_files import FakeFiles
from tools.front_case import Place
from tools.front_nginx_version_cases import BROKEN, CASES, REFUSED, UNKNOWN, VersionCase
from tools.front_nginx_versions import foretold
from tools.front_verdicts import visit

from clearway.front_arguments import add_front_options
from clearway.fronts.front import Front
from clearway.fronts.nginx import installed, known_version
from clearway.fronts.nginx.installed import Installed
from clearway.fronts.nginx.known_version import KnownVersion
from clearway.fronts.nginx.reading import Configuration, read
from clearway.fronts.nginx.routing import route
from clearway.fronts.nginx.tree import parse
from clearway.fronts.nginx.versions import (
    CHANGES,
    COMPARED,
    DIRECTIVES,
    DROPPED,
    HTTP2_DIRECTIVE,
    PREDICATES,
    SHORT_PATHS,
    Version,
    parsed,
)
from clearway.fronts.path_map import PathMap
from clearway.fronts.road import Visit
from clearway.fronts.unknowable import Unknowable
from clearway.walking import front_of

from .configured import road

PLACE = Place(Path("/srv"), 0, 8080, {"A": "127.0.0.1:8000"})
FILES = FakeFiles(["/srv/c0/docs/a.css", "/srv/c0/docs/é/x"])
SITE = "server { listen 80; return 204; }"


def said(case: VersionCase, version: Version | None) -> str:
    text = PLACE.fill(f"http {{ server {{ listen @P@; root @D@; {case.text} }} }}")
    directives = parse(text, "nginx.conf", lambda _, __: ())
    configuration = Configuration("/etc/nginx/nginx.conf", directives, given_version=version, is_here=False)
    return foretold(case, route(configuration, visit(case.request, PLACE), FILES).outcome, PLACE)


@pytest.mark.parametrize("version", COMPARED)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_road_is_that_of_the_version(case: VersionCase, version: str) -> None:
    expected = case.expected(parsed(version))
    assert said(case, parsed(version)) in ({UNKNOWN, REFUSED} if expected == BROKEN else {expected})


# A header field whose value is not known is only left out, and what is refused is refused by a known version.
DOUBTFUL = [each for each in CASES if each.looks_at != "x-v" and REFUSED not in {each.before, each.after}]


@pytest.mark.parametrize("case", DOUBTFUL, ids=str)
def test_without_a_version_nothing_is_said_that_only_some_do(case: VersionCase) -> None:
    assert said(case, None) in {UNKNOWN, *({case.after} & {case.before})}


@pytest.mark.parametrize(("version", "status"), [((1, 18, 0), 204), ((1, 22, 1), 405), ((1, 30, 6), 400)])
def test_connect_is_a_method_then_refused_then_malformed(version: Version, status: int) -> None:
    assert road("return 204;", "/", method="CONNECT", version=version).outcome.status == status


def test_what_is_not_known_names_both_versions() -> None:
    with pytest.raises(Unknowable, match=r"nginx before 1\.25\.1 has .*, nginx 1\.25\.1 has .* not known\."):
        KnownVersion().does(HTTP2_DIRECTIVE)


@pytest.mark.parametrize(
    ("version", "is_in"),
    [("1.28.0", False), ("1.28.1", True), ("1.28.3", True), ("1.29.0", False), ("1.29.4", True), ("1.30.0", True)],
)
def test_a_change_may_come_to_a_stable_branch_too(version: str, is_in: bool) -> None:
    assert SHORT_PATHS.is_in(parsed(version)) is is_in


def test_the_table_is_in_the_order_of_versions() -> None:
    versions = [parsed(change.since) for change in CHANGES]
    assert versions == sorted(versions)
    assert [*map(parsed, COMPARED)] == sorted(map(parsed, COMPARED))


# --- which version it is


def written(folder: Path, text: str) -> str:
    main = folder / "nginx.conf"
    main.write_text(text)
    return str(main)


@pytest.fixture(autouse=True)
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nginx of this machine."""
    monkeypatch.setattr(installed, "installed", lambda: Installed((1, 18, 0)))


def test_a_configuration_of_this_machine_is_for_the_installed_nginx(tmp_path: Path) -> None:
    assert read(written(tmp_path, f"http {{ {SITE} }}")).version == KnownVersion((1, 18, 0))


def test_nginx_is_not_asked_where_no_answer_depends_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "installed", lambda: pytest.fail("asked"))
    configuration = read(written(tmp_path, "http { server { location / { return 204; } location ~ x { } } }"))
    assert route(configuration, Visit("GET", "http", "a.test", 80, "/%C3%A9"), FILES).outcome.status == 204


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("http2 on;", (1, 25, 1)),
        ("early_hints 1; http2 on;", (1, 29, 0)),
        ("location / { add_header_inherit merge; }", (1, 29, 3)),
    ],
)
def test_directives_that_the_installed_nginx_lacks_mean_another(tmp_path: Path, text: str, least: Version) -> None:
    found = read(written(tmp_path, f"http {{ server {{ {text} }} }}")).version
    assert found == KnownVersion(None, least)
    assert found.does(HTTP2_DIRECTIVE)


def test_a_location_of_a_condition_means_an_nginx_that_has_them(tmp_path: Path) -> None:
    found = read(written(tmp_path, "http { server { location $a { } } }")).version
    assert found == KnownVersion(None, parsed(PREDICATES.since))


def test_a_directive_that_the_installed_nginx_has_dropped_means_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "installed", lambda: Installed((1, 26, 0)))
    assert read(written(tmp_path, "http { server { ssl on; } }")).version == KnownVersion()


def test_the_names_of_a_map_are_no_directives(tmp_path: Path) -> None:
    main = written(tmp_path, "http { map $uri $x { http2 on; } }")
    assert read(main).version.exact == (1, 18, 0)
    assert read(main, version=(1, 22, 1)).http


def test_a_configuration_of_a_container_is_for_an_unknown_nginx(tmp_path: Path) -> None:
    main = written(tmp_path, f"http {{ {SITE} }}")
    assert read(main, PathMap.parse([f"/etc/nginx={tmp_path}"])).version == KnownVersion()


HEAD = "nginx version: nginx/1.26.3\nbuilt with OpenSSL 3\nTLS SNI support enabled\nconfigure arguments: --x\n"
TESTED = "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"


@pytest.mark.parametrize(("head", "version"), [(HEAD, (1, 26, 3)), ("", None)])
def test_a_dump_is_for_the_nginx_that_it_names(tmp_path: Path, head: str, version: Version | None) -> None:
    text = f"{head}{TESTED}# configuration file /etc/nginx/nginx.conf:\nhttp {{ {SITE} }}\n"
    found = read(written(tmp_path, text))
    assert found.version == KnownVersion(version)
    assert len(found.http.servers) == 1


def test_a_version_that_is_given_counts_for_most(tmp_path: Path) -> None:
    text = f"{HEAD}# configuration file /etc/nginx/nginx.conf:\nhttp {{ {SITE} }}\n"
    assert read(written(tmp_path, text), version=(1, 27, 0)).version.exact == (1, 27, 0)


def test_a_version_may_be_given_on_the_command_line(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_front_options(parser)
    main = written(tmp_path, f"http {{ {SITE} }}")
    front = front_of(parser.parse_args(["--nginx", main, "--nginx-version", "1.24.0"]))
    assert isinstance(front, Front)
    assert front.configuration.version == KnownVersion((1, 24, 0))


@pytest.mark.parametrize("name", [*DIRECTIVES, *DROPPED])
def test_a_directive_that_the_version_lacks_is_refused(name: str) -> None:
    border = parsed(DIRECTIVES.get(name) or DROPPED[name])
    before = (*border[:2], border[2] - 1) if border[2] else (border[0], border[1] - 1)
    text = f"{name.replace(' ', ' 443 ')} on;"
    directives = parse(f"http {{ server {{ {text} }} }}", "nginx.conf", lambda _, __: ())
    good, bad = (border, before) if name in DIRECTIVES else (before, border)
    known_version.check(directives, good)
    with pytest.raises(ValueError, match=f'unknown directive "{name}": '):
        known_version.check(directives, bad)
