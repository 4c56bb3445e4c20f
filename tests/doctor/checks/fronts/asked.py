"""Facts in which somebody describes the request that fails."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.doctor.checks.fronts.fronted import fronted
from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import Sample, Walked
from clearway.fronts.described import Described, field_of
from clearway.fronts.road import Outcome, Road
from clearway.fronts.trace import Trace
from clearway.fronts.visits import visit_of


def asked(
    root: Path,
    text: str,
    method: str = "GET",
    target: str = "/upload/",
    *fields: str,
    octets: int | None = None,
    has_view: bool = True,
    origin: str = "http://shop.example",
    name: str = "",
    sent_view: bool | None = None,
    **given: Any,
) -> Fake:
    """As `fronted`, with a request of `method` for `target`; `name` is that of the static file that is due there.

    `sent_view` is whether the application has what it is asked for, where that differs from the visitor's path.
    """
    facts = fronted(root, text, **given)
    described = Described.of(method, _read(fields), octets, [f"{origin}{target}"])
    visit = described.visit(visit_of(f"{origin}{target}"))
    sample = Sample("page", f"{origin}{target}")
    if name:
        sample = Sample("static", f"{origin}{target}", name, str(root / "static" / name), "/static/")
    is_answered = has_view if sent_view is None else sent_view
    trace = Trace(sample.url, Road((), Outcome("application")))
    walked = Walked(sample, trace, visit, is_answered and not name, is_described=True, has_view=has_view)
    roads = sorted([walked, *facts.given["roads"]], key=lambda each: each.is_described and each.sample.kind == "page")
    return Fake(**facts.given | {"roads": tuple(roads), "described": described})


def _read(fields: Iterable[str]) -> Iterable[tuple[str, str]]:
    return [field_of(each) for each in fields]


def anywhere(facts: Fake, *fields: str) -> Fake:
    """The same facts, where every URL is asked for with these fields."""
    described = Described.of("", _read(fields), None, [])
    roads = [
        replace(
            each,
            visit=described.visit(each.visit) if each.visit else None,
            is_described=bool(described.host) and each.sample.kind == "page",
        )
        for each in facts.given["roads"]
    ]
    return Fake(**facts.given | {"roads": tuple(roads), "described": described})
