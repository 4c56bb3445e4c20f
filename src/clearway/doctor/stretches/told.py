"""What a front tells the application about a request."""

from dataclasses import dataclass

from clearway.doctor.facts import Facts
from clearway.fronts.directive import Directive

from .nginx import Ground
from .passage import Passage, passages


@dataclass(frozen=True)
class Untold:
    """What is wrong with a field; `is_refused` where no page works because of it."""

    message: str
    evidence: tuple[str, ...]
    line: Directive | None
    is_refused: bool
    remedy: str = ""


def page(facts: Facts) -> Passage | None:
    """The first page, if the front hands it to the application by HTTP."""
    found = next(passages(facts, "page"), None)
    if found is None or found.road.outcome.by != "application" or found.road.outcome.unknown:
        return None
    return found if (found.road.outcome.upstream or "").startswith("http") else None


def of_nginx(ground: Ground, field: str) -> list[Directive]:
    """The lines of nginx that hold for a field where the request is handed on."""
    lines = ground.last.nearest("proxy_set_header") if ground.last else []
    return [each for each in lines if len(each.words) == 2 and each.words[0].lower() == field.lower()]
