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

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import outer_headers
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.relation import related

RULE = Rule("CW523", "header-inheritance", "header-inheritance", Level.WARNING, Layer.ANSWER, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    if related(facts).name != "nginx":
        return
    for own, lost, passage in outer_headers.lost(facts):
        names = ", ".join(dict.fromkeys(each.words[0] for each in lost))
        kind = passage.sample.kind
        yield RULE.finding(
            f"{names} of an outer level {'is' if len(lost) == 1 else 'are'} lost in this location",
            f"GET {passage.visit.target} is answered without {names}",
            quoted(own),
            *map(quoted, lost),
            location=own.location,
            effect=f"{'pages' if kind == 'page' else f'{kind} files'} go out without {names}",
            fix=Fix(f"repeat in this location: {' '.join(_written(each.words) for each in lost)}"),
            breaks=passage.walked.stretch,
        )


def _written(words: tuple[str, ...]) -> str:
    return f'add_header {words[0]} "{words[1]}"{" always" if words[2:] else ""};'
