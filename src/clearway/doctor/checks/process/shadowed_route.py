"""A URL pattern lies below STATIC_URL, where its view is never asked.

What it means
    All URLs below STATIC_URL belong to whoever serves static files. A view there is asked by nobody: what is no static
    file is a 404.

Why it breaks in production but not locally
    runserver and an application without a server before it hand on what they do not know.

See it yourself
    clearway trace /static/the/path/of/your/view/

Fix
    Move the pattern elsewhere, or STATIC_URL. With Clearway, CLEARWAY = {"misses": "pass"} lets the application answer.

When to ignore
    Where the view is for development only.
"""

from collections.abc import Iterator

from clearway.doctor.deployed.mapping import mappings
from clearway.doctor.facts import Facts, optional
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import prefix_of
from clearway.doctor.stretches.relation import related

RULE = Rule(
    "CW109",
    "shadowed-route",
    "shadowed-route",
    Level.WARNING,
    Layer.APPLICATION,
    ("settings", "process", "shadowed", "tree"),
    ("front", "site", "roads"),
)


def look(facts: Facts) -> Iterator[Finding]:
    routes, by = facts.shadowed, _owner(facts)
    if not routes or not by or facts.settings["DEBUG"]:
        return
    more = f" and {len(routes) - 1} more" if len(routes) > 1 else ""
    yield RULE.finding(
        f"the URL pattern {routes[0]!r}{more} lies below STATIC_URL, where its view is never asked",
        *(f"/{route.lstrip('^/')} begins with {prefix_of(facts, 'static')}" for route in routes[:3]),
        f"{by} answers everything below {prefix_of(facts, 'static')}",
        location=facts.settings.line_of("ROOT_URLCONF"),
        effect="what the view should answer is 404",
        fix=Fix("give the pattern another prefix, or STATIC_URL one of its own"),
    )


def _owner(facts: Facts) -> str:
    """Who owns the prefix: a server that asks nobody else; empty where there is none."""
    if facts.process.answers == "clearway":
        return facts.process.served_by
    for each in mappings(facts.tree):
        if prefix_of(facts, "static").startswith(each.prefix) and each.prefix != "/":
            return f"{each.location.file}:{each.location.line}"
    front = optional(lambda: related(facts))
    roads = [each for each in optional(lambda: facts.roads) or () if each.sample.kind == "static"]
    if front and roads and all(each.trace.road.outcome.by == front.name for each in roads):
        return front.name
    return ""
