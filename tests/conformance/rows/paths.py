"""Paths: RFC 3986 equivalences, and what must not be reachable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.rows.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.rows.row import Probe

CSS = "site.css"
# Every way up from the prefix that a server could fall for; the secret lies beside the served directory.
ESCAPES = ("../", "%2e%2e/", "..%2f", "%2e%2e%2f", ".%2e/", "..%5c", "x/../../", "/../", "..;/", "....//")
SECRET = b"not for serving"


def same(spelling: str) -> Callable[[Probe], Iterator[str]]:
    """Another spelling of the same URI gets the same representation."""

    def check(probe: Probe) -> Iterator[str]:
        due, got = probe.base(CSS), probe.ask(CSS, target=probe.path(spelling))
        if (got.status, got.body, got.get("ETag")) != (due.status, due.body, due.get("ETag")):
            yield f"{spelling}: {got.status}, ETag {got.get('ETag')}"

    return check


def another(spelling: str) -> Callable[[Probe], Iterator[str]]:
    """A spelling of another URI does not get the file, nor an error of the server."""

    def check(probe: Probe) -> Iterator[str]:
        got = probe.ask(CSS, target=probe.path(spelling))
        if got.status < 300 or got.status >= 500:
            yield f"{spelling}: {got.status}"

    return check


def confined(probe: Probe) -> Iterator[str]:
    for step in ESCAPES:
        for climb in (step, step * 4):
            got = probe.ask(CSS, target=f"{probe.path('')}{climb}secret.txt")
            if SECRET in got.body or got.status >= 500:
                yield f"{climb}secret.txt: {got.status}"


def dots(probe: Probe) -> Iterator[str]:
    """A server may normalize the path or refuse it; what it serves must be the file that is meant."""
    got = probe.ask(CSS, target=probe.path(f"sub/../{CSS}"))
    if got.status >= 500 or (got.status == 200 and got.body != probe.file(CSS)):
        yield f"{got.status} with {len(got.body)} octets"


def absolute(probe: Probe) -> Iterator[str]:
    target = f"http://127.0.0.1:{probe.place.port}{probe.path(CSS)}"
    got = probe.ask(CSS, target=target)
    if (got.status, got.body) != (200, probe.file(CSS)):
        yield f"{got.status} for {target}"


ROWS = (
    Row(
        "path-unreserved",
        "RFC 3986 §6.2.2.2",
        "SHOULD",
        "Percent-encoded unreserved characters are those characters: %73ite.css is site.css.",
        same("%73ite.css"),
    ),
    Row(
        "path-percent-case",
        "RFC 3986 §6.2.2.1",
        "SHOULD",
        "The digits of a percent-encoding are case-insensitive: site%2ecss, site%2Ecss.",
        lambda probe: (*same("site%2ecss")(probe), *same("site%2Ecss")(probe)),
    ),
    Row(
        "path-decoded-once",
        "RFC 3986 §2.4",
        "MUST",
        "A path is percent-decoded once: %2573ite.css is another name.",
        another("%2573ite.css"),
    ),
    Row(
        "path-case",
        "RFC 9110 §4.2.3",
        "MUST",
        "The path is case-sensitive: SITE.CSS is another name.",
        another("SITE.CSS"),
    ),
    Row(
        "path-nul",
        "RFC 3986 §7.3",
        "SHOULD",
        "A %00 does not end the name, nor crash the server.",
        another("site.css%00.png"),
    ),
    Row(
        "path-query",
        "RFC 9110 §8.8.1",
        "ADVICE",
        "A query selects nothing in a file: same octets, same validator.",
        same("site.css?v=2"),
    ),
    Row("path-dot-segments", "RFC 3986 §5.2.4", "SHOULD", "sub/../site.css is site.css, or refused.", dots),
    Row(
        "path-confined",
        "RFC 9110 §17.3",
        "MUST",
        "No spelling of `..` reaches a file outside the served directory.",
        confined,
    ),
    Row(
        "target-absolute",
        "RFC 9112 §3.2.2",
        "MUST",
        "The absolute form of the request target is accepted.",
        absolute,
    ),
)
