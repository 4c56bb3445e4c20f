"""The bad requests for static files, sent to users' files instead; and those that only these have."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.bad_input import cases
from tests.bad_input.cases import MISS, NOT_ALLOWED, OK, REFUSED, Case, miss

# what a directory of static files has and one of users' files has not: links within it are followed there
_OTHERWISE = (b"within.css",)
# (prefix of static files, below the prefix of users' files): `d/` where the case counts two steps to the outside
_DEEP = ((b"/static/plain/", b"d/"), (b"/static/", b""))
_FLAT = ((b"/static/plain/", b""), (b"/static/", b""))
_ELSEWHERE = (b"/static/CACHE/", b"/docs/", b"/live/", b"/robots.txt", b"/.well-known/")


def moved(made: Iterator[Case], prefix: bytes, places: tuple[tuple[bytes, bytes], ...] = _FLAT) -> Iterator[Case]:
    """The cases whose targets are of static files, under a prefix of users' files."""
    for case in made:
        if case.only_wrappers or case.target.startswith(_ELSEWHERE) or case.target.endswith(_OTHERWISE):
            continue
        for old, below in places:
            if case.target.startswith(old):
                yield replace(case, target=prefix + below + case.target.removeprefix(old))
                break
        else:
            yield case


def own(prefix: bytes) -> Iterator[Case]:
    """Names that Clearway itself makes, links, and what looks like them."""
    names = (
        b".clearway-quarantine/files/held.css", b".clearway-quarantine/notes/held.css.json", b".clearway-quarantine",
        b".clearway-quarantine/", b"%2eclearway-quarantine/files/held.css", b".CLEARWAY-quarantine/files/held.css",
        b".clearway-0123456789abcdef.tmp", b"d/.clearway-0123456789abcdef.tmp", b"d/%2eclearway-0123456789abcdef.tmp",
        b"d/.clearway-quarantine/files/held.css", b"x/../.clearway-quarantine/files/held.css",
        b".%63learway-quarantine/x",
        b"%e2%80%8b.clearway-quarantine/files/held.css", b"within-link.css", b"d/../within-link.css",
        b"linked/../a.css",
        b"link.txt%2f", b"linked%2fcanary.txt", b"linked/./canary.txt", b"loop/a.css", b"./a.css", b"d%2fb.css/",
        b"%2fa.css",
    )  # fmt: skip
    yield from miss(*(prefix + name for name in names))
    yield Case(prefix + b"hard.css", frozenset({OK}))
    yield Case(prefix + b"d%2fb.css", frozenset({OK, MISS}) | REFUSED)
    yield Case(prefix + b"x%0d%0aForged-By-A-Name:%201%0d%0a%0d%0a%3cp%3e.html", frozenset({OK}) | REFUSED | {MISS})
    for method in (b"POST", b"PUT", b"PROPFIND", b"MOVE", b"DELETE"):
        yield Case(prefix + b"none.css", frozenset({MISS, NOT_ALLOWED}) | REFUSED, method=method)


def told(prefix: bytes) -> Iterator[Case]:
    """Fields by which a stranger might tell a front which file to send."""
    lines = (
        b"X-Accel-Redirect: /private-files/bob/canary.txt", b"X_Accel_Redirect: /private-files/bob/canary.txt",
        b"X-Sendfile: @home@/srv/private/bob/canary.txt", b"X-Sendfile-Type: X-Accel-Redirect",
        b"X-LIGHTTPD-send-file: /etc/passwd",
        b"X-Accel-Mapping: @home@/srv/private/=/private-files/", b"X-Accel-Buffering: no",
        b"X-Reproxy-URL: file:///etc/passwd",
        b"X-Original-URL: /private/bob/canary.txt", b"X-Rewrite-URL: /private/bob/canary.txt",
        b"X-Forwarded-Uri: /private/bob/canary.txt",
        b"X-Forwarded-Host: evil.example", b"X-Forwarded-Prefix: /../", b"Forwarded: host=evil.example;proto=x",
        b"X-Forwarded-User: bob",
        b"Remote-User: bob", b"REMOTE_USER: bob", b"X_Forwarded_User: bob", b"Authorization: Basic Ym9iOmJvYg==",
        b"Destination: /media/x",
        b"Content-Disposition: attachment; filename=x", b"Content-Type: text/html",
        b"Accept: text/html;x=" + b"y;" * 2000,
    )  # fmt: skip
    for line in lines:
        yield Case(prefix + b"a.css", frozenset({OK}) | REFUSED, (line,))
        yield Case(prefix + b"none.css", frozenset({MISS}) | REFUSED, (line,))


def links_within(prefix: bytes) -> Iterator[Case]:
    """What is hidden in a tree of static files is so here; a directory's address has no slash added."""
    yield from moved(cases.hidden(), prefix)
    yield from miss(prefix, prefix + b"d", prefix + b"d/", prefix + b"alice", prefix[:-1], prefix + b"?x")


def groups(prefix: bytes) -> dict[str, Callable[[], Iterator[Case]]]:
    """Every bad request for the files below a prefix."""
    return {
        "traversal": lambda: moved(cases.traversal(), prefix, _DEEP),
        "other places": lambda: moved(cases.other_places(), prefix),
        "odd names": lambda: moved(cases.odd_names(), prefix),
        "hidden": lambda: links_within(prefix),
        "good names": lambda: moved(cases.good_names(), prefix),
        "redirects": lambda: moved(cases.redirects(), prefix),
        "targets of other forms": lambda: moved(cases.targets_of_other_forms(), prefix),
        "methods": lambda: moved(cases.methods(), prefix),
        "Range": lambda: moved(cases.range_fields(), prefix),
        "validators": lambda: moved(cases.validator_fields(), prefix),
        "Accept-Encoding": lambda: moved(cases.coding_fields(), prefix),
        "other fields": lambda: moved(cases.other_fields(), prefix),
        "our own names": lambda: own(prefix),
        "fields of fronts": lambda: told(prefix),
    }
