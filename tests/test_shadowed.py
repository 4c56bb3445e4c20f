"""URL patterns below STATIC_URL: named when their view is never asked, and only then."""

from typing import Any

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.contrib.staticfiles.views import serve as serve_from_finders
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path, re_path
from django.views.static import serve


def view(request: Any, **given: Any) -> HttpResponse:
    return HttpResponse()


class Routes:
    """A URLconf."""

    def __init__(self, *patterns: Any) -> None:
        self.urlpatterns = patterns


PASS = {"CLEARWAY": {"misses": "pass"}}
# URL pattern, settings, the route that is named
FIRES: list[tuple[Any, dict[str, Any], str]] = [
    (path("static/report/", view), {}, "static/report/"),
    (path("static/", view), {}, "static/"),
    (path("static/<int:year>/", view), {}, "static/<int:year>/"),
    (path("static/", include([path("a/", include([path("<str:b>", view)]))])), {}, "static/a/<str:b>"),
    (path("", include(([path("static/report", view)], "app"), namespace="ns")), {}, "static/report"),
    (re_path(r"^static/re\.port/(?P<id>\d+)$", view), {}, r"^static/re\.port/(?P<id>\d+)$"),
    (re_path(r"^static/(?P<path>.*)$", view), {}, r"^static/(?P<path>.*)$"),
    (path("assets/v1/report/", view), {"STATIC_URL": "https://cdn.example.com/assets/v1/"}, "assets/v1/report/"),
    (path("static/report/", view), {"STATIC_URL": "/app/static/", "FORCE_SCRIPT_NAME": "/app"}, "static/report/"),
    (path("a b/100%/", view), {"STATIC_URL": "/a%20b/100%25/"}, "a b/100%/"),
    (path("static/report/", view), {"MEDIA_URL": "/"}, "static/report/"),
    (path("static/media/x", view), {"STATIC_URL": "/static/media/", "MEDIA_URL": "/static/"}, "static/media/x"),
]
SILENT: list[tuple[Any, dict[str, Any]]] = [
    (path("report/", view), {}),
    (path("statics/report/", view), {}),
    (path("static", view), {}),
    (path("<path:anything>", view), {}),
    (path("<slug:page>/report/", view), {}),
    (re_path(r"^(?:static/)?report/$", view), {}),
    (re_path(r"^(static|other)/report/$", view), {}),
    (path("static/report/", view), PASS),
    (path("static/report/", view), {"STATIC_URL": "/"}),
    (path("static/report/", view), {"STATIC_URL": "/assets/"}),
    (path("static/media/<path:name>", view), {"MEDIA_URL": "/static/media/"}),
    (re_path(r"^static/(?P<path>.*)$", serve, {"document_root": "/srv"}), {}),
    (re_path(r"^static/(?P<path>.*)$", serve_from_finders), {}),
    (path("static/report/", view), {"CLEARWAY": {"nonsense": 1}}),
    (path("static/report/", view), {"ROOT_URLCONF": None}),
]


def found(pattern: Any, given: dict[str, Any]) -> list[str]:
    with override_settings(**{"ROOT_URLCONF": Routes(pattern), "STATIC_URL": "/static/"} | given):
        return [each.msg for each in run_checks(tags=["clearway"]) if each.id == "clearway.W109"]


@pytest.mark.parametrize(("pattern", "given", "route"), FIRES)
def test_it_fires(pattern: Any, given: dict[str, Any], route: str) -> None:
    [message] = found(pattern, given)
    assert repr(route) in message


@pytest.mark.parametrize(("pattern", "given"), SILENT)
def test_it_is_silent(pattern: Any, given: dict[str, Any]) -> None:
    assert found(pattern, given) == []


def test_translated_patterns_have_their_language_before_them() -> None:
    with override_settings(USE_I18N=True, LANGUAGE_CODE="en"):
        patterns = i18n_patterns(path("static/report/", view))
        without = i18n_patterns(path("static/report/", view), prefix_default_language=False)
        assert found(patterns[0], {}) == []
        assert len(found(without[0], {})) == 1


def test_collecting_does_not_import_the_urls() -> None:
    with override_settings(ROOT_URLCONF="no.such.module"):
        run_checks(tags=["staticfiles"])
