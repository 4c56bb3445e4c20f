"""Pages of a live site that do not come, or not from the server that was meant."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Level

from .content import page_text
from .hops import answered_by
from .seen import Live, Seen
from .verdict import Verdict

# What fresh installations show (title or heading), by whom.
_FRESH = {
    "nginx": re.compile(
        r"<title>Welcome to nginx(?: on [\w ]+)?!</title>|<title>Test Page for the (?:Nginx|HTTP Server)"
    ),
    "apache": re.compile(r"<title>Apache2 [\w ]*Default Page|<html><body><h1>It works!</h1></body></html>"),
    "caddy": re.compile(r"<title>Caddy works!</title>"),
}
_MISMATCH = re.compile(r"mismatch|not valid for", re.IGNORECASE)
_READ = 1 << 16  # octets of the page


def verdicts(facts: Facts, live: Live) -> Iterator[Verdict]:
    """Those whose cause is one of the catalogue."""
    for seen in live.pages:
        found = _looped(seen) or _refused_host(facts, seen) or _fresh(seen) or _empty(seen)
        if found:
            yield found
    for doubted in _doubted(live):
        if is_mismatch(doubted):
            yield Verdict("wrong-server", doubted, (f"its certificate: {doubt_of(doubted)}",))


def doubt_of(seen: Seen) -> str:
    """Why the certificate of one of its answers is not trusted; empty where all are."""
    return next((hop.answer.doubt for hop in seen.hops if hop.answer.doubt), "")


def is_mismatch(seen: Seen) -> bool:
    """Whether a certificate is for other names."""
    return bool(_MISMATCH.search(doubt_of(seen)))


def _doubted(live: Live) -> Iterator[Seen]:
    """One for each host."""
    known = set[str]()
    for seen in live.all:
        host = urlsplit(seen.wanted.url).netloc
        if doubt_of(seen) and host not in known:
            known.add(host)
            yield seen


def untrusted(live: Live) -> list[Seen]:
    """One for each host whose certificate is not trusted, and is not another host's."""
    return [each for each in _doubted(live) if not is_mismatch(each)]


def _looped(seen: Seen) -> Verdict | None:
    """To itself, or from https to http and back; through a login or a language it is no loop of schemes."""
    if not seen.loops or len({(urlsplit(hop.url).hostname, urlsplit(hop.url).path) for hop in seen.hops}) > 1:
        return None
    return Verdict("proto-header", seen, seen.ways, "it is redirected to itself")


def _refused_host(facts: Facts, seen: Seen) -> Verdict | None:
    answer = seen.answer
    if answer is None or answer.status != 400 or answered_by(answer) != "application":
        return None
    settings = optional(lambda: facts.settings)
    allowed = [str(each) for each in (settings.get("ALLOWED_HOSTS") if settings else None) or ()]
    rows = (f"ALLOWED_HOSTS is {allowed}",) if settings else ()
    return Verdict("host-header", seen, rows)


def _empty(seen: Seen) -> Verdict | None:
    """Caddy answers 200 and nothing where no handler takes the request."""
    answer = seen.answer
    if answer is None or answer.status != 200 or answer.body or answered_by(answer) != "caddy":
        return None
    return Verdict("no-route", seen, ("0 octets",), "the server has nothing for this path")


def _fresh(seen: Seen) -> Verdict | None:
    answer = seen.answer
    text = page_text(answer)[:_READ] if answer and answer.status == 200 else ""
    who = next((who for who, pattern in _FRESH.items() if pattern.search(text)), "")
    rows = (f"its page is the one that a fresh {who} shows",)
    return Verdict("wrong-server", seen, rows, "", Level.ERROR) if who else None
