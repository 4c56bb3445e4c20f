"""Private files can be fetched by everybody.

What it means
    The directory of private files lies below one that the web server sends to everybody, such as MEDIA_ROOT, or a
    location leads to it. Whoever knows or guesses a name gets the file, and no permission is asked.

Why it breaks in production but not locally
    runserver serves MEDIA_ROOT only where urls.py says so, and nobody looks for the other URL.

See it yourself
    curl of the URL of the proof, with the name of a private file, without a cookie.

Fix
    Give private files a directory beside MEDIA_ROOT and STATIC_ROOT, and move them there. Where they have to stay,
    a location of their own with internal closes the way.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.reachable import reached
from clearway.doctor.stretches.relation import related

RULE = Rule(
    "CW543",
    "private-files-public",
    "secret-exposed",
    Level.ERROR,
    Layer.ANSWER,
    (*FACTS, "handed_off", "private_roots"),
)


def look(facts: Facts) -> Iterator[Finding]:
    related(facts)
    for each in reached(facts, facts.private_roots):
        yield RULE.finding(
            f"the private files in {each.root.path} can be fetched by everybody",
            f"GET {each.url} → {each.file}, without the application",
            *(quoted(line) for line in (each.line,) if line),
            each.root.said,
            location=each.line.location if each.line else each.root.location,
            effect="no permission is asked for them",
            fix=Fix("move them to a directory that no location leads to, and change the setting"),
        )
