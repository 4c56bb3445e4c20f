"""Share links on real servers: bad tokens, header fields, bodies and cookies; what is dead is the same 404."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from uuid import UUID

import pytest
from django.test import override_settings
from tests.bad_input import cases
from tests.bad_input.cases import MISS, REFUSED, Case
from tests.bad_input.judge import exchange, faults, parse
from tests.bad_input.servers import Running, started
from tests.bad_input.site import CSS
from tests.media.bad_input.bodies import GROUPS as BODIES
from tests.media.bad_input.bodies import send
from tests.media.bad_input.judge import cries, told
from tests.media.bad_input.names import GROUPS as NAMES
from tests.media.bad_input.names import shown
from tests.media.bad_input.requests import told as fields_of_fronts
from tests.media.bad_input.servers import SERVERS, SETTINGS
from tests.media.bad_input.site import make_site
from tests.media.bad_input.tokens import altered, forged

from clearway.media.sharing import tokens

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

DEAD = ("used", "expired", "revoked")
FIELDS = {
    "fields of fronts": lambda: fields_of_fronts(b"/share/"),
    "Range": cases.range_fields,
    "validators": cases.validator_fields,
    "Accept-Encoding": cases.coding_fields,
    "other fields": cases.other_fields,
}
PREFIXES = ("/share", "/", "//evil.example", "/share/..", "/private", "http://evil.example", "/\\evil.example")
OK = (200, CSS)


class Links:
    """A server, a link of each kind on it, and what is said of one that is not there."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.nothing = told(self.get("none"))
        self.token = {kind: self.body(f"/link/{kind}") for kind in ("open", "many", "once", *DEAD)}

    def ask(self, target: str, *lines: str, method: str = "GET") -> bytes:
        fields = "".join(f"{line}\r\n" for line in ("Host: 127.0.0.1", *lines, "Connection: close"))
        return exchange(self.server.port, f"{method} {target} HTTP/1.1\r\n{fields}\r\n".encode("latin-1"))

    def get(self, token: str, *lines: str, method: str = "GET") -> bytes:
        return self.ask(f"/share/{quote(token, safe='', errors='surrogatepass')}/", *lines, method=method)

    def body(self, target: str) -> str:
        answer = parse(self.ask(target))
        assert answer is not None
        assert answer.status == 200
        return answer.body.decode()

    def said(self, token: str, *lines: str) -> tuple[int, bytes]:
        answer = parse(self.get(token, *lines))
        return (answer.status, answer.body) if answer else (0, b"")

    def path(self, kind: str) -> bytes:
        return f"/share/{self.token[kind]}/".encode()

    def keys(self) -> dict[str, UUID]:
        """By kind; for who has the settings of the site."""
        return {kind: UUID(str(tokens.key_of(token))) for kind, token in self.token.items()}

    def problem(self, token: str, raw: bytes) -> str:
        """What is wrong with the answer to a token that nobody was given; empty for nothing."""
        answer = parse(raw)
        if answer is None or answer.status in REFUSED:
            return ""
        if answer.status != MISS or ("/" not in token and told(raw) != self.nothing):
            return f"{shown(token)}: {raw[:300]!r}"
        return ""


@pytest.fixture(scope="module", params=["gunicorn", "uvicorn"])
def links(request: pytest.FixtureRequest) -> Iterator[Links]:
    with TemporaryDirectory() as name:
        site = make_site(Path(name))
        database = str(site.home / "links.sqlite3")
        with started(request.param, SERVERS[request.param], site, SETTINGS, LINKS=database) as server:
            made = Links(server)
            yield made
            assert cries(server.log) == []


def dead(links: Links, lines: Iterable[str] = ()) -> Iterator[str]:
    """Which of the links that are dead say another thing than one that never was."""
    for kind in DEAD:
        if told(links.get(links.token[kind], *lines)) != links.nothing:
            yield kind


def test_every_link_that_is_dead_is_the_same_404(links: Links) -> None:
    logged = links.server.log.stat().st_size
    assert links.nothing[9:12] == b"404"
    assert list(dead(links)) == []
    for method in ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "FOO"):
        nothing = told(links.get("none", method=method))
        assert nothing[9:12] in (b"404", b"405", b"400"), method  # the last by a server that does not know it
        assert [kind for kind in DEAD if told(links.get(links.token[kind], method=method)) != nothing] == [], method
    assert links.said(links.token["open"]) == OK
    log = links.server.log.read_bytes()[logged:]
    assert [kind for kind, token in links.token.items() if token.encode() in log] == [], "the key is in the log"


def test_a_token_that_nobody_was_given_is_not_there(links: Links) -> None:
    with override_settings(SECRET_KEY="bad input"):
        bad = [other for kind, key in links.keys().items() for other in forged(key)] + [*altered(links.token["open"])]
    bad += [
        "n" * 1_000_000,
        "\u00e9" * 300_000,
        "a.b" * 300_000,
        "." * 1_000_000,
        "%" * 300_000,
        links.token["open"] * 9,
    ]
    others = [other for other in dict.fromkeys(bad) if other not in links.token.values()]
    assert [problem for other in others if (problem := links.problem(other, links.get(other)))] == []
    assert links.said(links.token["open"]) == OK


@pytest.mark.parametrize("group", NAMES)
def test_a_bad_name_is_no_token(links: Links, group: str) -> None:
    names = [name for name in dict.fromkeys(NAMES[group]()) if 0 < len(name) < 5000]
    some = names[:: max(1, len(names) // 100)]
    assert [problem for name in some if (problem := links.problem(name, links.get(name)))] == []


@pytest.mark.parametrize("group", FIELDS)
def test_bad_fields_neither_break_a_link_nor_wake_a_dead_one(links: Links, group: str) -> None:
    bad = []
    for case in dict.fromkeys(FIELDS[group]()):
        if case.method not in (b"GET", b"HEAD") or case.target.endswith((b"none.css", b"sparse.bin", b"empty.css")):
            continue
        live = replace(case, target=links.path("open"), want=case.want | {MISS, 400})
        raw = exchange(links.server.port, live.request(links.server.site))
        bad += [f"{live}: {fault}" for fault in faults(live, raw)]
        kind = DEAD[len(case.lines[0]) % 3] if case.lines else DEAD[0]
        gone = told(exchange(links.server.port, replace(case, target=links.path(kind)).request(links.server.site)))
        if gone != links.nothing and not is_refused(case, gone):
            bad.append(f"{case} to {kind}: {gone[:300]!r}")
    assert bad == []
    assert links.said(links.token["open"]) == OK


def is_refused(case: Case, raw: bytes) -> bool:
    """By the server, or as one that never was: without the header fields of links where the prefix is not theirs."""
    answer = parse(raw)
    return answer is None or answer.status in REFUSED or answer.status in case.want - {200, 206, 304, 412, 416}


def test_a_prefix_that_the_client_names_leads_nowhere_else(links: Links) -> None:
    for prefix in PREFIXES:
        for line in (f"SCRIPT_NAME: {prefix}", f"X-Forwarded-Prefix: {prefix}", f"X-Script-Name: {prefix}"):
            for start in ("", prefix):
                target = f"{start}{links.path('many').decode()}"
                answer = parse(links.ask(target, line, "Content-Length: 0", method="POST"))
                if answer is not None and answer.status < 400:
                    place = answer.fields[b"location"]
                    assert place.startswith(b"/"), (target, line, place)
                    assert not place.startswith((b"//", b"/\\")), (target, line, place)


@pytest.mark.parametrize("group", ["edges", "lengths"])
def test_a_bad_body_opens_a_link_once_or_not_at_all(links: Links, group: str) -> None:
    opened = int(links.body(f"/uses/{links.token['many']}"))
    for upload in BODIES[group]():
        for kind in ("many", "open", "used", "revoked"):
            answer = parse(send(links.server.port, upload, links.path(kind)))
            status = answer.status if answer else 400
            assert status in ({303} if kind == "many" else {MISS}) | REFUSED, (kind, str(upload), status)
            opened += status == 303
    assert int(links.body(f"/uses/{links.token['many']}")) == opened
    assert list(dead(links)) == []


def test_only_the_browser_that_opened_a_link_has_the_file(links: Links) -> None:
    token, other = links.body("/link/once"), links.token["used"]
    with override_settings(SECRET_KEY="bad input"):
        keys = links.keys()
        claims = [tokens.claim_of(key) for kind, key in keys.items() if kind != "once"]
        own = tokens.claim_of(UUID(str(tokens.key_of(token))))
    answer = parse(links.get(token, "Content-Length: 0", method="POST"))
    assert answer is not None
    assert answer.status == 303
    claim = answer.fields[b"set-cookie"].partition(b";")[0].decode()
    assert links.said(token, f"Cookie: {claim}") == OK
    values = ("", "x", "\xe9", "\xff\xfe", "a" * 7000, ".", "..", "x.y.z", '"', '"\\000"', "%00", token, other, *claims)
    own_with = (f"{own}x", own[:-1], own.swapcase(), own.replace(".", ":"), f"x{own}", own * 2, quote(own[:9]) + "%2e")
    for value in (*values, *own_with):
        for cookie in (f"clearway-share={value}", f"x=y; clearway-share={value}", f"clearway-share={value};" * 9):
            raw = links.get(token, f"Cookie: {cookie}")
            assert links.problem(token, raw) == "", cookie[:99]
    for cookie in (
        "clearway-share",
        "=x",
        ";" * 5000,
        "a=b;" * 1500,
        "$Version=1; clearway-share=x",
        f"Clearway-Share={own}",
    ):
        assert links.problem(token, links.get(token, f"Cookie: {cookie}")) == "", cookie[:99]
    assert list(dead(links, [f"Cookie: {claim}"])) == []
