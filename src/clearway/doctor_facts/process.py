"""Who answers files inside the application, for the doctor."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import get_resolver, resolve

from clearway.doctor.facts import Process
from clearway.in_process import stand
from clearway.project import Project
from clearway.settings_lines import line_of
from clearway.shadowed import shadowed_patterns, views

from .hasty import hasty
from .wrappers import Added, Wrapped, has_application, media_helper, wrapped

_KINDS = ("clearway", "whitenoise", "servestatic")
_NAME, _NOWHERE = "clearway-check.css", "/clearway-check-nowhere/"


def process() -> Process:
    """Who answers files, what stands above, and which views lie below STATIC_URL and MEDIA_URL."""
    order = tuple(settings.MIDDLEWARE)
    answers, served_by, above = _middleware(order)
    found = wrapped()
    if not answers:
        answers, served_by = found.answers, found.where
    project = Project.from_settings()
    return Process(
        answers,
        order,
        served_by,
        above,
        _view_below(project.static_prefix),
        _view_below(project.media_prefix) or _route_below(project.media_prefix),
        media_helper(),
        hasty(above),
        tuple(_added(found)),
        rescans=_rescans(answers),
        has_application=has_application(),
    )


def shadowed() -> tuple[str, ...]:
    """URL patterns below STATIC_URL; none where the URLconf cannot be loaded."""
    try:
        return tuple(shadowed_patterns(Project.from_settings()))
    except Exception:  # a URLconf is a program: anything can happen in it
        return ()


def _middleware(order: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """(who, its dotted name, what stands above); known by its name where it cannot be imported here."""
    above, kind = stand()
    if kind is not None:
        base = next(each for each in kind.__mro__ if each.__module__.partition(".")[0] in _KINDS)
        return base.__module__.partition(".")[0], order[len(above)], above
    place = next((place for place, name in enumerate(order) if name.partition(".")[0] in _KINDS), None)
    return ("", "", ()) if place is None else (order[place].partition(".")[0], order[place], order[:place])


def _rescans(answers: str) -> bool:
    """Whether files that come after the start are found."""
    if answers not in ("whitenoise", "servestatic"):
        return True
    return any(getattr(settings, f"{peer}_AUTOREFRESH", settings.DEBUG) for peer in ("WHITENOISE", "SERVESTATIC"))


def _added(found: Wrapped) -> Iterator[Added]:
    """Directories that are indexed at start beside STATIC_ROOT."""
    for name in ("WHITENOISE_ROOT", "SERVESTATIC_ROOT"):
        if root := getattr(settings, name, None):
            yield str(root), "/", line_of(name)
    yield from found.added


def _view_below(prefix: str | None) -> str:
    """The view for files below a prefix, if it is not one for everything; empty for none."""
    if not prefix or prefix == "/":
        return ""
    view = _view(prefix + _NAME)
    if view is None or view is _view(_NOWHERE + _NAME):
        return ""
    shown = getattr(view, "view_class", view)
    return f"{shown.__module__}.{getattr(shown, '__qualname__', type(shown).__qualname__)}"


def _route_below(prefix: str | None) -> str:
    """The first URL pattern below a prefix: a project may have one for each kind of upload."""
    if not prefix or prefix == "/":
        return ""
    try:
        return next((route for route, start in views(get_resolver(), "", "") if start.startswith(prefix)), "")
    except Exception:  # a URLconf is a program: anything can happen in it
        return ""


def _view(path: str) -> Any:
    """None for nothing, also where the URLconf cannot be loaded."""
    try:
        return resolve(path).func
    except Exception:  # a URLconf is a program: anything can happen in it
        return None
