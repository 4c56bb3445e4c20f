"""Files that arrive with a media type that browsers refuse, and where the table went wrong."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix
from clearway.doctor.rule import Rule
from clearway.fronts.directive import Directive
from clearway.fronts.nginx.scope import Scope
from clearway.http.media_types import media_type

from .configurations import quoted
from .nginx import Ground
from .passage import Passage, passages
from .relation import related

_SCRIPTS = frozenset({"text/javascript", "application/javascript", "application/x-javascript"})
# What does not work with another type (WHATWG HTML, Fetch; WebAssembly Web API §6), by extension.
_STRICT = {
    ".css": frozenset({"text/css"}),
    ".js": _SCRIPTS,
    ".mjs": _SCRIPTS,
    ".wasm": frozenset({"application/wasm"}),
    ".svg": frozenset({"image/svg+xml"}),
}


def found(facts: Facts, rule: Rule, message: str, remedy: str) -> Iterator[Finding]:
    """The finding of a rule about types, where its cause is the one."""
    related(facts)
    refused = [each for each in passages(facts, "static") if _is_wrong(each)]
    ends = {PurePosixPath(each.sample.name).suffix for each in refused}
    wrong = [(each, *_cause(each, is_all={".css", ".js"} <= ends)) for each in refused]
    own = [(passage, line) for passage, cause, line in wrong if cause == rule.cause]
    if own:
        line = own[0][1]
        shown = sorted({PurePosixPath(each.sample.name).suffix for each, _ in own})
        yield rule.finding(
            f"{message}: {', '.join(shown)}",
            *_proof([each for each, _ in own]),
            *(quoted(each) for each in (line,) if each),
            location=line.location if line else None,
            effect="browsers refuse the files",
            fix=Fix(remedy),
            breaks=frozenset(name for each, _ in own for name in each.walked.stretch),
        )


def type_of(passage: Passage) -> str:
    """The type that arrives, without parameters; a site's file of nginx stands behind the table of the main file."""
    got = (passage.road.outcome.type or "").partition(";")[0].strip().lower()
    if passage.front.name != "nginx" or not _is_part(passage):
        return got
    scope = Ground(passage).scope
    return media_type(passage.sample.name) if scope and scope.holder("types") is None else got


def _is_part(passage: Passage) -> bool:
    return not any(each.name == "http" for each in passage.front.configuration.directives)


def _proof(own: Iterable[Passage]) -> Iterator[str]:
    """One of each extension."""
    shown = {PurePosixPath(each.sample.name).suffix: each for each in reversed(list(own))}
    for each in list(shown.values())[:3]:
        got, due = each.road.outcome.type, media_type(each.sample.name)
        yield f"GET {each.visit.target} → 200 {got or 'without Content-Type'}, and it has to be {due}"


def _is_wrong(passage: Passage) -> bool:
    due = _STRICT.get(PurePosixPath(passage.sample.name).suffix.lower())
    got = (passage.road.outcome.type or "").partition(";")[0].strip().lower()
    return passage.delivers and passage.road.outcome.status != 304 and due is not None and got not in due


def _cause(passage: Passage, *, is_all: bool) -> tuple[str, Directive | None]:
    """The cause, empty where it cannot be told, and the line that decides; `is_all`: not only one extension."""
    if passage.front.name != "nginx":
        return ("mime-types-missing" if is_all else "mime-extension-unmapped"), None
    ground = Ground(passage)
    scope = ground.scope
    is_part = _is_part(passage)
    holder = scope.holder("types") if scope else None
    if holder is None:
        return ("", None) if is_part else ("mime-types-missing", None)
    line, extension = holder.here("types")[-1], PurePosixPath(passage.sample.name).suffix[1:].lower()
    outer = holder.parent.nearest("types") if holder.parent else []
    if extension not in _table(holder) and (extension in _words(outer) or (is_part and holder.parent is not None)):
        return "mime-types-replaced", line
    if is_part and holder.parent is None:
        return "", None
    return ("mime-extension-unmapped" if _table(holder) & {"css", "js"} else "mime-types-missing"), line


def _table(holder: Scope) -> set[str]:
    return _words(holder.here("types"))


def _words(blocks: Iterable[Directive]) -> set[str]:
    return {word.lower() for block in blocks for row in block.block or () for word in row.words}
