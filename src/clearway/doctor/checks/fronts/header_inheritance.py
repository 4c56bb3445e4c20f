"""Header fields of an outer level are lost.

What it means
    nginx inherits add_header only where the inner level has none of its own: one add_header in a location drops all
    those of the server.

Why it breaks in production but not locally
    runserver answers by itself; no web server stands before it.

See it yourself
    curl -I of a URL in the location.

Fix
    Repeat the fields in the location, or add_header_inherit merge (nginx 1.29.3).

When to ignore
    Never.
"""

from collections.abc import Iterable, Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import outer_headers
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.passage import Passage
from clearway.doctor.stretches.relation import related
from clearway.fronts.directive import Directive

RULE = Rule("CW523", "header-inheritance", "header-inheritance", Level.WARNING, Layer.ANSWER, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    if related(facts).name != "nginx":
        return
    for own, lost, passage in outer_headers.lost(facts):
        names = ", ".join(dict.fromkeys(each.words[0] for each in lost))
        kind = passage.sample.kind
        yield RULE.finding(
            f"this location loses {names}, which an outer level adds",
            f"GET {passage.visit.target} is answered without {names}",
            quoted(own),
            *map(quoted, lost),
            location=own.location,
            effect=f"{'pages' if kind == 'page' else f'{kind} files'} go out without {names}",
            fix=Fix(f"repeat in this location: {' '.join(_written(each.words) for each in lost)}"),
            breaks=passage.walked.stretch,
            level=Level.ERROR if _is_needed(facts, passage, lost) else Level.WARNING,
        )


def _is_needed(facts: Facts, passage: Passage, lost: Iterable[Directive]) -> bool:
    """Whether files of another host lose what lets pages use them."""
    pages = {each.visit.host for each in facts.roads if each.visit and each.sample.kind == "page"}
    is_foreign = passage.sample.kind == "static" and bool(pages) and passage.visit.host not in pages
    return is_foreign and any(each.words[0].lower() == "access-control-allow-origin" for each in lost)


def _written(words: tuple[str, ...]) -> str:
    return f'add_header {words[0]} "{words[1]}"{" always" if words[2:] else ""};'
