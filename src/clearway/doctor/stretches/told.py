"""What a front tells the application about a request."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from clearway.doctor.facts import Facts
from clearway.fronts.directive import Directive

from .nginx import Ground
from .passage import Passage, passages

FORMS = "forms are refused: 403, CSRF verification failed"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # which Django's CSRF check lets pass


@dataclass(frozen=True)
class Untold:
    """What is wrong with a field; `is_refused` where no page works because of it, or not what `effect` says."""

    message: str
    evidence: tuple[str, ...]
    line: Directive | None
    is_refused: bool
    remedy: str = ""
    effect: str = ""


def page(facts: Facts) -> Passage | None:
    """The first page, if the front hands it to the application by HTTP."""
    found = next(passages(facts, "page"), None)
    return found if found and _is_handed_on(found) else None


def pages(facts: Facts) -> Iterator[Passage]:
    """The first page, and those that a described request is for, where the front hands them on by HTTP."""
    first = page(facts)
    yield from [first] if first else []
    yield from (each for each in passages(facts, "page") if each.walked.is_described and _is_handed_on(each))


def _is_handed_on(found: Passage) -> bool:
    outcome = found.road.outcome
    return outcome.by == "application" and not outcome.unknown and (outcome.upstream or "").startswith("http")


def checked_origin(facts: Facts, found: Passage) -> str:
    """The Origin of a request that Django compares with what it knows of the request; empty where it does not."""
    origin = found.visit.fields.get("origin", "")
    is_checked = any(name.endswith(".CsrfViewMiddleware") for name in facts.settings["MIDDLEWARE"])
    if found.visit.method in _SAFE or not is_checked or urlsplit(origin).hostname != found.visit.host:
        return ""
    return "" if any(_fits(origin, each) for each in facts.settings.get("CSRF_TRUSTED_ORIGINS") or ()) else origin


def _fits(origin: str, trusted: str) -> bool:
    """As Django compares: the scheme, and the host or all below it."""
    scheme, _, host = trusted.partition("://")
    if not host.startswith("*"):
        return origin == trusted
    return origin.startswith(f"{scheme}://") and origin.endswith(host[1:])


def of_nginx(ground: Ground, field: str) -> list[Directive]:
    """The lines of nginx that hold for a field where the request is handed on."""
    lines = ground.last.nearest("proxy_set_header") if ground.last else []
    return [each for each in lines if len(each.words) == 2 and each.words[0].lower() == field.lower()]
