"""URL patterns of the project that lie below STATIC_URL, where Clearway answers before they are asked."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.views import serve as serve_from_finders
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize
from django.views.static import serve

from .project import Project

SERVING = (serve, serve_from_finders)  # Django's own views for static files: what they do is done


def shadowed_patterns(project: Project) -> list[str]:
    """The routes of views that are never asked, as the project writes them."""
    if project.static_prefix == "/" or project.conf.misses == "pass" or not getattr(settings, "ROOT_URLCONF", None):
        return []
    media = project.media_prefix or ""
    own = media if media.startswith(project.static_prefix) else None
    return [
        route
        for route, start in views(get_resolver(), "", "")
        if start.startswith(project.static_prefix) and not (own and start.startswith(own))
    ]


def views(resolver: URLResolver, route: str, regex: str) -> Iterator[tuple[str, str]]:
    """(route, what every path begins with that leads to it) of each view that is not one of Django's for files."""
    for each in resolver.url_patterns:
        pattern: Any = each.pattern
        inner_route, inner_regex = route + str(pattern), regex + pattern.regex.pattern.removeprefix("^")
        if isinstance(each, URLResolver):
            yield from views(each, inner_route, inner_regex)
        elif isinstance(each, URLPattern) and each.callback not in SERVING:
            yield from ((inner_route, start) for start in _starts(inner_regex))


def _starts(regex: str) -> list[str]:
    """What paths begin with, up to the first parameter; in the first of the forms that Django would reverse."""
    forms = normalize(regex)[:1]
    return ["/" + form.partition("%(")[0].replace("%%", "%") for form, _ in forms]
