"""The proxy changes the path that the application expects.

What it means
    With a path behind the address (http://app/) the location's own path is cut off; without one it is kept. The
    application needs the other.

Why it breaks in production but not locally
    runserver answers static files by itself; no web server stands before it.

See it yourself
    The log of the application names the path that it was asked for.

Fix
    For static files that the application serves: proxy_pass without a path. For FORCE_SCRIPT_NAME: proxy_pass with
    a slash at the end, in a location that ends in one.

When to ignore
    Never: the file that is due does not arrive.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.stretches import told
from clearway.doctor.stretches.configurations import quoted
from clearway.doctor.stretches.diagnosis import FACTS
from clearway.doctor.stretches.findings import found
from clearway.doctor.stretches.passage import Passage
from clearway.doctor.stretches.terrain import terrain
from clearway.doctor.stretches.verdict import Verdict
from clearway.fronts.handed import sent_target

RULE = Rule("CW514", "proxy-prefix", "proxy-prefix", Level.ERROR, Layer.FRONT, FACTS)


def look(facts: Facts) -> Iterator[Finding]:
    yield from found(facts, RULE, _said)
    script = str(facts.settings.get("FORCE_SCRIPT_NAME") or "").strip("/")
    page = told.page(facts) if script else None
    if page and _is_kept(facts, page, f"/{script}/"):
        line = terrain(page).hands_on
        yield RULE.finding(
            f"the proxy keeps /{script}, which FORCE_SCRIPT_NAME puts there itself",
            f"GET {page.visit.target} → {page.road.outcome.upstream}",
            f"FORCE_SCRIPT_NAME is {facts.settings['FORCE_SCRIPT_NAME']!r}, and the URL patterns begin behind it",
            *(quoted(each) for each in (line,) if each),
            location=line.location if line else None,
            effect="every page is 404",
            fix=Fix(f"location /{script}/ with an address that ends in a slash: proxy_pass http://…/;"),
        )


def _is_kept(facts: Facts, page: Passage, script: str) -> bool:
    """Whether a block for the script name leaves it in the path, and no server of the application takes it off."""
    block = terrain(page).block
    is_for_it = block is not None and any(word.rstrip("*/") == script.rstrip("/") for word in block.words)
    takes_off = any(each in text for text in facts.tree.texts.values() for each in _TAKE_OFF)
    return is_for_it and not takes_off and sent_target(page.visit, page.road.outcome).startswith(script)


_TAKE_OFF = ("SCRIPT_NAME", "root-path", "root_path", "asgi")


def _said(verdict: Verdict) -> tuple[str, str]:
    return (
        "the proxy cuts off the prefix below which the application serves its files",
        "end the address without a slash and without a path",
    )
