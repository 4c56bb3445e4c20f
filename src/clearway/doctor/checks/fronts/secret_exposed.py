"""A file that must stay private can be fetched.

What it means
    A root that is the project's directory serves whatever lies in it: settings, .env, the database.

Why it breaks in production but not locally
    runserver answers only what the finders know.

See it yourself
    curl of the URL of the proof. Then change every secret that stood in the file.

Fix
    Point root and alias at STATIC_ROOT and MEDIA_ROOT only, never at the project.

When to ignore
    Never.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import secrets
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.relation import related

RULE = Rule("CW536", "secret-exposed", "secret-exposed", Level.ERROR, Layer.ANSWER, (*FACTS, "origin"))


def look(facts: Facts) -> Iterator[Finding]:
    related(facts)
    exposed = list(secrets.exposed(facts))
    if exposed:
        line = exposed[0].line
        names = dict.fromkeys(each.file.rpartition("/")[2] for each in exposed[:3])
        yield RULE.finding(
            f"{' and '.join(names)} can be fetched by everybody",
            *(f"GET {each.url} → 200, {each.file}" for each in exposed[:3]),
            *(quoted(each) for each in (line,) if each),
            location=line.location if line else None,
            effect="secrets of the site are public",
            fix=Fix("point root at the collected files alone; change every secret in these files"),
        )
