"""Small changes to a configuration of httpd that may give a project what it needs; which of them does is tried."""

import re
from collections.abc import Callable, Iterator

from clearway.fronts.directive import Directive
from clearway.fronts.errors import UnwritableError
from clearway.fronts.needs import LARGE
from clearway.fronts.quoting import literal
from clearway.fronts.texts import Texts, walk
from clearway.http.header_rules import FOREVER
from clearway.http.media_types import BY_EXTENSION
from clearway.policy.media import CONTENT_POLICY

from . import forwarded
from .case import Case
from .editing import Edits
from .placing import joined, placed
from .quoting import path, quoted, word
from .writing import FAILED, GOOD, unchanging

_HASHED = quoted("expr=%{REQUEST_URI} =~ m#[.][0-9a-f]{12}(?:[.][^./]+)?$#")
_NEVER = f'Header always set Content-Security-Policy "{CONTENT_POLICY}"'
_NO_GUESS = "Header always set X-Content-Type-Options nosniff"
_KEPT_NOT = f"Header always unset Cache-Control {GOOD}"


def remedies(case: Case) -> Iterator[Texts | None]:
    """What may help, the smallest change first; nothing where a name cannot be written."""
    try:
        yield from _BY_NEED[case.need.about](case)
    except UnwritableError:
        return


# --- what arrives


def _static(case: Case) -> Iterator[Texts | None]:
    if case.road.outcome.status == 200:
        yield from _types(case)
    yield from placed(case, list(_beside_static(case)))


def _beside_static(case: Case) -> Iterator[Edits | None]:
    """What static files must not arrive without: nothing, what hides some, and how long each is kept."""
    hiding, keeping = case.first([_hiding(case)]), case.last(_keeping(case))
    yield from ((), hiding, joined(hiding, keeping))
    if any(each.name == "expiresactive" or _keeps(each) for each in walk(case.directives)):
        for longer in ((), keeping, case.last(_keeping(case, _KEPT_NOT))):
            for shorter in _shorter(case):
                yield joined(hiding, longer, case.last(shorter))


def _media(case: Case) -> Iterator[Texts | None]:
    block = [f"<Location {word(case.place.prefix)}>", f"    {_NEVER}", f"    {_NO_GUESS}", "</Location>"]
    yield from placed(case, ((), case.last(block)))


def _slash(case: Case) -> Iterator[Texts | None]:
    yield from placed(case, ((),))


def _hide(case: Case) -> Iterator[Texts | None]:
    yield case.made(case.first([_hiding(case)]))
    yield case.made(case.last([f"<LocationMatch {_secret(case)}>", "    Require all denied", "</LocationMatch>"]))


def _hiding(case: Case) -> str:
    return f"RedirectMatch 404 {_secret(case)}"


def _secret(case: Case) -> str:
    return quoted(f"^{literal(case.place.prefix)}(?:(?:.*/)?[.]|staticfiles[.]json$)")


def _types(case: Case) -> Iterator[Texts | None]:
    """The extension that the need asks for, on the level of the server or where it is lost."""
    extension = "." + case.need.target.rpartition(".")[2]
    line = f"AddType {BY_EXTENSION[extension]} {extension}"
    yield case.made(case.first([line]))
    yield case.made(case.last([line]))
    for section in case.sections:
        yield case.made(case.editor.at_end(section, [line]))
    for each in case.own:
        if each.name == "forcetype" or (each.name == "addtype" and each.words[-1:] == (extension,)):
            yield case.made(case.editor.rewritten(each))
    yield case.made(case.last([f"<Location {word(case.place.prefix)}>", "    ForceType None", "</Location>"]))


# --- how long it is kept


def _missing(case: Case) -> Iterator[Texts | None]:
    """No lifetime for errors, and no other answer in place of them."""
    always = [each for each in (*case.server.directives, *case.own) if _keeps(each) and _is_always(each)]
    drop = re.compile(r"\balways\s+", re.IGNORECASE)
    yield case.made(*(case.editor.rewritten(each, drop.sub("", case.editor.text(each), count=1)) for each in always))
    if not always:
        yield _in_location(case, [f"Header always unset Cache-Control {FAILED}"])
    yield _in_location(case, ["ErrorDocument 404 default"])
    for lines in (["FallbackResource disabled"], ["RewriteEngine Off"]):
        yield from _in_directory(case, lines)
    yield from placed(case, ((),))


def _changing(case: Case) -> Iterator[Texts | None]:
    """A lifetime is for the names with a hash."""
    for each in case.own:
        if _keeps(each) and not re.match(r"expr=|env=|early", each.words[-1], re.IGNORECASE):
            yield case.made(case.editor.rewritten(each, f"{case.editor.text(each)} {_HASHED}"))
    for block in _shorter(case):
        yield case.made(case.last(block))


def _shorter(case: Case) -> Iterator[list[str]]:
    """Sections for the names without a hash."""
    prefix = literal(case.place.prefix)
    others = quoted(f"^(?!{unchanging(case.site, case.place)}$){prefix}")
    short = f'Header set Cache-Control "max-age={min(case.site.max_age or 0, 3600)}, public" {GOOD}'
    for lines in (["ExpiresActive Off"], [short], ["Header always unset Cache-Control", short]):
        yield [f"<LocationMatch {others}>", *(f"    {line}" for line in lines), "</LocationMatch>"]


def _longer(case: Case) -> Iterator[Texts | None]:
    yield case.made(case.last(_keeping(case)))
    yield case.made(case.last(_keeping(case, _KEPT_NOT)))


def _keeping(case: Case, *before: str) -> list[str]:
    lines = [*before, f"Header set Cache-Control {quoted(FOREVER)} {GOOD}"]
    names = quoted(f"^{unchanging(case.site, case.place)}$")
    return [f"<LocationMatch {names}>", *(f"    {line}" for line in lines), "</LocationMatch>"]


def _is_always(each: Directive) -> bool:
    return each.words[0].lower() == "always"


def _keeps(each: Directive) -> bool:
    """Whether it sets Cache-Control."""
    words = [word.lower() for word in each.words if word.lower() not in {"always", "onsuccess"}]
    return each.name == "header" and words[1:2] == ["cache-control"] and words[0] not in {"unset", "echo", "note"}


# --- documents, uploads, and what is handed on


def _harmless(case: Case) -> Iterator[Texts | None]:
    for lines in ([_NO_GUESS], [_NEVER], [_NEVER, _NO_GUESS]):
        for section in case.sections:
            yield case.made(case.editor.at_end(section, lines))
        yield _in_location(case, lines)


def _larger(case: Case) -> Iterator[Texts | None]:
    line = f"LimitRequestBody {case.site.upload or LARGE}"
    yield case.made(case.first([line]))
    limit = case.at(case.decider("body"))
    yield case.made(case.editor.rewritten(limit, line)) if limit else None


def _told(case: Case) -> Iterator[Texts | None]:
    """A line where the request is handed on, else at the end of the server; in place of one that says otherwise."""
    taker = case.at(case.decider("proxy"))
    around = next((each for each in case.directives if taker in (each.block or ())), None)
    beside = [*case.server.directives, *((around.block or ()) if around else ())]
    for name, line in forwarded.lines(case.site):
        others = [each for each in beside if forwarded.is_about(each, name)]
        for each in others:
            yield case.made(case.editor.rewritten(each, line))
        if not others:
            yield case.made(case.editor.after(taker.location, [line])) if taker else None
            yield case.made(case.last([line]))


def _nothing(_: Case) -> Iterator[Texts | None]:
    yield None


# --- sections


def _in_location(case: Case, lines: list[str]) -> Texts | None:
    """In the section of the path, else in a new one."""
    if case.locations:
        return case.made(case.editor.at_end(case.locations[-1], lines))
    inside = [f"    {line}" for line in lines]
    return case.made(case.last([f"<Location {word(case.place.prefix)}>", *inside, "</Location>"]))


def _in_directory(case: Case, lines: list[str]) -> Iterator[Texts | None]:
    """In the sections of the directory, else in a new one."""
    own = case.directories(case.place.root)
    for section in own:
        yield case.made(case.editor.at_end(section, lines))
    inside = [f"    {line}" for line in lines]
    block = [f"<Directory {word(path(case.place.root))}>", *inside, "</Directory>"]
    if not own:
        yield case.made(case.last(block))


_BY_NEED: dict[str, Callable[[Case], Iterator[Texts | None]]] = {
    "static": _static,
    "hidden": _hide,
    "traversal": _slash,
    "types": _types,
    "missing": _missing,
    "changing": _changing,
    "unchanging": _longer,
    "media": _media,
    "documents": _harmless,
    "forwarded": _told,
    "uploads": _larger,
    "the address of the page": _nothing,
}
