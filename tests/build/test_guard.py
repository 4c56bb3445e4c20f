"""The guard: what it reports, and on what it is silent."""

import pytest

from clearway.build.guard import Conflict, findings
from clearway.build.sources import Source

KEY = b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n"
CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nMIIB\n"


def source(name: str, data: bytes = b"", app: str = "", third_party: bool = False) -> Source:
    return Source(name, lambda: data, app, third_party=third_party)


def found(*sources: Source) -> list[str]:
    return [f"{each.kind.id} {each.file}" for each in findings(sources)]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([source(".env")], ["CW211 .env"]),
        ([source("app/.env.production")], ["CW211 app/.env.production"]),
        ([source("prod.env")], ["CW211 prod.env"]),
        ([source(".htpasswd")], ["CW211 .htpasswd"]),
        ([source("keys/id_rsa", KEY)], ["CW212 keys/id_rsa"]),
        ([source("server.key", b"\n-----BEGIN PRIVATE KEY-----\n")], ["CW212 server.key"]),
        ([source("a.pem", CERTIFICATE + KEY)], ["CW212 a.pem"]),
        ([source("putty.ppk", b"PuTTY-User-Key-File-3: ssh")], ["CW212 putty.ppk"]),
        ([source("a/.git/HEAD"), source("a/.git/objects/1")], ["CW213 a/.git/"]),
        ([source("CVS/Root")], ["CW213 CVS/"]),
        ([source("node_modules/a/index.js"), source("node_modules/b/node_modules/c.ts")], ["CW214 node_modules/"]),
        ([source("css/a.scss"), source("js/b.TS", b"let a: number;")], ["CW215 css/a.scss", "CW215 js/b.TS"]),
        ([source("css/Site.css"), source("css/site.css")], ["CW216 css/site.css"]),
        ([source("caf\u00e9.png"), source("cafe\u0301.png")], ["CW217 caf\u00e9.png"]),
        ([source("CAF\u00c9.png"), source("cafe\u0301.png")], ["CW216 cafe\u0301.png"]),
    ],
)
def test_what_is_reported(sources: list[Source], expected: list[str]) -> None:
    assert found(*sources) == expected


@pytest.mark.parametrize(
    "sources",
    [
        [source(".env.example"), source("env.js"), source("environment.css"), source("app.env.json")],
        [source("ca.pem", CERTIFICATE), source("a.key", b"Keynote"), source("keys.js", KEY)],
        [source("git/logo.svg"), source("js/cvs.js"), source("CVS"), source("node_modules.css")],
        [source("video/part0.ts", (b"G" + b"\0" * 187) * 3)],
        [source("a.css"), source("b/a.css"), source("a.min.css"), source("a.css.map")],
        [source("straße.css"), source("strase.css")],
    ],
)
def test_what_is_left_in_peace(sources: list[Source]) -> None:
    assert found(*sources) == []


def test_a_folder_is_one_problem() -> None:
    sources = [source(f"node_modules/a/{number}.js") for number in range(300)]
    assert [each.text for each in findings(sources)] == ["300 files: whole npm packages would be public"]


def test_of_two_sources_for_one_name_it_says_who_won_and_why() -> None:
    mine, other = source("a.css", b"1", "shop"), source("a.css", b"2", "blog")
    problem = findings([mine], [Conflict(mine, other, "it stands higher in INSTALLED_APPS")])[0]
    assert str(problem) == (
        "a.css (shop): shop wins over blog (it stands higher in INSTALLED_APPS); the contents differ"
    )
    assert problem.kind.id == "CW218"


@pytest.mark.parametrize(
    ("loser", "said"),
    [(source("a.css", b"1", "blog"), "the same"), (source("a.css", b"2", "admin", third_party=True), "differ")],
)
def test_twins_and_overrides_of_third_party_files_are_notes(loser: Source, said: str) -> None:
    problem = findings([], [Conflict(source("a.css", b"1", "shop"), loser)])[0]
    assert problem.kind.id == "CW219"
    assert said in problem.text
    assert problem.kind.own == "note"
