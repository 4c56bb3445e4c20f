"""Routes: a list is run through from the top; what matches acts, and the first that answers ends it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clearway.fronts.road import Location

from .matchers import Matcher
from .request import Request

Handler = Callable[[Request], bool]  # whether the request ends here


@dataclass(frozen=True)
class Route:
    """Handlers behind a matcher; of a `group` only the first that matches is taken; `terminal` ends the list."""

    handlers: tuple[Handler, ...]
    matcher: Matcher | None = None
    location: Location | None = None
    group: int = 0
    terminal: bool = False


def run(routes: Sequence[Route], request: Request) -> bool:
    """Whether the request has ended. Raises HandlerError and Unknowable."""
    for route in routes:
        if not _applies(route, request):
            continue
        for handler in route.handlers:
            if handler(request):
                return True
        if route.terminal:
            _end(request)
            return True
    return False


def _end(request: Request) -> None:
    """Nobody answered: an empty 200, or the status of the error."""
    if not request.error:
        request.wrappers.clear()  # they are only asked where something is written
    request.answer(request.error.status if request.error else 200)


def _applies(route: Route, request: Request) -> bool:
    if route.matcher and not route.matcher.matches(request):
        if error := request.matcher_error:
            request.matcher_error = None
            where = route.matcher.location or route.location
            request.step("matcher", f"none of the files is there: {error.status}", where, ok=False)
            raise error
        return False
    if route.group:
        if route.group in request.groups:
            return False
        request.groups.add(route.group)
    return True
