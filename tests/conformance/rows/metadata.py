"""Representation metadata: media types, lengths, downloads that are compressed themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.rows.row import Row
from tests.conformance.rows.want import asks, every, status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conformance.rows.row import Probe
    from tests.conformance.rows.want import Case, Want
    from tests.conformance.wire import Answer

NAMES = ("site.css", "plain.bin", "one.bin", "module.mjs", "icon.svg", "data.json", "font.woff2", "code.wasm")
# id, paragraph, name, media type; a media type is registered, so the server knows it
TYPES = (
    ("type-mjs", "RFC 9239 §6.1.1", "module.mjs", "text/javascript"),
    ("type-svg", "RFC 7303 §8.1", "icon.svg", "image/svg+xml"),
    ("type-json", "RFC 8259 §11", "data.json", "application/json"),
    ("type-woff2", "RFC 8081 §4.4.5", "font.woff2", "font/woff2"),
    ("type-wasm", "RFC 9110 §8.3", "code.wasm", "application/wasm"),
)


def media_type(due: str) -> Want:
    def want(answer: Answer, _case: Case) -> str | None:
        got = (answer.get("Content-Type") or "").partition(";")[0].strip().lower()
        return None if got == due else f"Content-Type: {answer.get('Content-Type')}"

    return want


def utf8(answer: Answer, _case: Case) -> str | None:
    """Parameter names and this value are case-insensitive, and quoting makes no difference (§8.3.1)."""
    parameters = (answer.get("Content-Type") or "").lower().replace(" ", "").replace('"', "").split(";")[1:]
    return None if "charset=utf-8" in parameters else f"Content-Type: {answer.get('Content-Type')}"


def typed(probe: Probe) -> Iterator[str]:
    yield from (f"{name} has no Content-Type" for name in NAMES if not probe.base(name).get("Content-Type"))


def download(name: str, *allowed: int) -> Callable[[Probe], Iterator[str]]:
    """The compressed file is the representation; nothing was applied to it that could be undone."""

    def check(probe: Probe) -> Iterator[str]:
        for line in ("Accept-Encoding: identity", "Accept-Encoding: gzip"):
            answer = probe.ask(name, line)
            if answer.status not in allowed:
                yield f"{name}: {answer.status}"
            elif answer.status == 200 and (answer.coding, answer.body) != ("identity", probe.file(name)):
                yield f"{name}: {answer.coding}, or other octets"

    return check


def exact(name: str) -> Callable[[Probe], Iterator[str]]:
    def check(probe: Probe) -> Iterator[str]:
        answer = probe.ask(name)
        octets = len(answer.body + answer.rest)
        if answer.length is None:
            yield f"{name}: no Content-Length"
        elif answer.length != octets or octets != len(probe.file(name)):
            yield f"{name}: Content-Length {answer.length}, {octets} octets of {len(probe.file(name))}"

    return check


ROWS = (
    *(
        Row(key, cite, "SHOULD", f"`{name}` is {due}.", asks(name, want=(status(200), media_type(due))))
        for key, cite, name, due in TYPES
    ),
    Row(
        "type-css",
        "RFC 9110 §8.3.1",
        "SHOULD",
        "`site.css` is text/css and says that its charset is UTF-8.",
        asks("site.css", want=(status(200), media_type("text/css"), utf8)),
    ),
    Row("type-always", "RFC 9110 §8.3", "SHOULD", "Every answer with content has a Content-Type.", typed),
    Row(
        "archive-not-decoded",
        "RFC 9110 §8.4",
        "MUST",
        "A .tar.gz is not a coded .tar: its compression is inherent and not restated.",
        every(download("bundle.tar.gz", 200), download("a.tar.gz", 200, 404)),
    ),
    Row(
        "length-present",
        "RFC 9110 §8.6",
        "SHOULD",
        "Content-Length is sent, since the size of a file is known, and is exact.",
        every(*(exact(name) for name in NAMES)),
    ),
    Row(
        "empty-file",
        "RFC 9110 §8.6",
        "SHOULD",
        "An empty file is a 200 with Content-Length: 0.",
        every(asks("empty.txt", want=(status(200),)), exact("empty.txt")),
    ),
)
