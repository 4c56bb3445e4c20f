"""Who answers files inside the application, read from settings, modules and URL patterns."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path, re_path
from django.views.static import serve

from clearway.doctor_facts.hasty import hasty
from clearway.doctor_facts.process import process
from clearway.doctor_facts.wrappers import media_helper, wrapped

WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package `shopping` that can be imported, with what a test writes into it."""
    folder = tmp_path / "shopping"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "shopping"]:
        del sys.modules[name]


def view(request: Any, **given: Any) -> HttpResponse:
    return HttpResponse()


class Routes:
    def __init__(self, *patterns: Any) -> None:
        self.urlpatterns = patterns


@pytest.mark.parametrize(
    ("middleware", "answers"),
    [
        ([], ""),
        ([SESSION], ""),
        ([WHITENOISE], "whitenoise"),
        ([SESSION, "servestatic.middleware.ServeStaticMiddleware"], "servestatic"),
        (["clearway.middleware.ClearwayMiddleware"], "clearway"),
        (["whitenoise.gone.Middleware"], "whitenoise"),
    ],
)
def test_middleware(middleware: list[str], answers: str) -> None:
    with override_settings(MIDDLEWARE=middleware):
        found = process()
    assert found.answers == answers
    assert found.served_by == (middleware[-1] if answers else "")


@pytest.mark.parametrize(
    ("text", "answers", "added"),
    [
        ("from whitenoise import WhiteNoise\napplication = WhiteNoise(get())\n", "whitenoise", []),
        ("from clearway.wsgi import Clearway\napplication = Clearway(get())\n", "clearway", []),
        ("from dj_static import Cling\napplication = Cling(get())\n", "dj_static", []),
        (
            "from starlette.staticfiles import StaticFiles\napp.mount('/s', StaticFiles(directory='x'))\n",
            "starlette",
            [],
        ),
        ("from whitenoise import WhiteNoise\napplication = get()\n", "", []),
        ("def broken(:", "", []),
        (
            (
                "from whitenoise import WhiteNoise\napplication = WhiteNoise(get())\n"
                "application.add_files(settings.MEDIA_ROOT, prefix='media/')\napplication.add_files('/srv/more')\n"
            ),
            "whitenoise",
            [("/srv/media", "/media/"), ("/srv/more", "/")],
        ),
        (
            "from whitenoise import WhiteNoise as W\napplication = W(get(), prefix='m', root=settings.MEDIA_ROOT)\n",
            "whitenoise",
            [("/srv/media", "/m/")],
        ),
    ],
)
def test_wrappers(package: Path, text: str, answers: str, added: list[tuple[str, str]]) -> None:
    (package / "wsgi.py").write_text(text)
    with override_settings(WSGI_APPLICATION="shopping.wsgi.application", MEDIA_ROOT="/srv/media"):
        found = wrapped()
    assert (found.answers, [each[:2] for each in found.added]) == (answers, added)


def test_a_module_beside_the_urls_is_looked_at_too(package: Path) -> None:
    (package / "asgi.py").write_text("from servestatic import ServeStaticASGI\napplication = ServeStaticASGI(get())\n")
    with override_settings(ROOT_URLCONF="shopping.urls"):
        assert wrapped().answers == "servestatic"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("urlpatterns = []\nurlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)\n", 2),
        ("urlpatterns = [*static(settings.MEDIA_URL)]\n", 1),
        ("urlpatterns = [] + static.static(settings.MEDIA_URL)\n", 1),
        ("urlpatterns += static(settings.STATIC_URL)\n", 0),
        ("", 0),
    ],
)
def test_the_helper_of_the_urls(package: Path, text: str, line: int) -> None:
    (package / "urls.py").write_text(text)
    with override_settings(ROOT_URLCONF="shopping.urls"):
        found = media_helper()
    assert (found.line if found else 0) == line


@pytest.mark.parametrize(
    ("patterns", "static", "media"),
    [
        ([], "", ""),
        ([re_path("^static/(?P<path>.*)$", serve)], "django.views.static.serve", ""),
        ([path("media/<path:path>", view)], "", f"{__name__}.view"),
        ([re_path(".*", view)], "", ""),
        ([path("static/<path:path>", serve), re_path(".*", view)], "django.views.static.serve", ""),
        ([path("static/one.css", view)], "", ""),
        ([path("media/covers/<path:name>", view), path("", view)], "", "media/covers/<path:name>"),
        ([re_path("^media/upload/(?P<name>.*)$", view)], "", "^media/upload/(?P<name>.*)$"),
        ([path("media-kit/", view), path("api/media/<name>", view)], "", ""),
    ],
)
def test_views_for_files(patterns: list[Any], static: str, media: str) -> None:
    with override_settings(ROOT_URLCONF=Routes(*patterns), MEDIA_URL="/media/"):
        found = process()
    assert (found.static_view, found.media_view) == (static, media)


@pytest.mark.parametrize(
    ("settings", "rescans"),
    [
        ({}, False),
        ({"DEBUG": True}, True),
        ({"WHITENOISE_AUTOREFRESH": True}, True),
        ({"MIDDLEWARE": ["clearway.middleware.ClearwayMiddleware"]}, True),
        ({"MIDDLEWARE": []}, True),
    ],
)
def test_whether_later_files_are_found(settings: dict[str, Any], rescans: bool) -> None:
    with override_settings(**{"MIDDLEWARE": [WHITENOISE]} | settings):
        assert process().rescans == rescans


ANSWERS = """
def gate(get_response):
    def middleware(request):
        {}
        return get_response(request)
    return middleware
"""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("if not request.COOKIES: return redirect('/gate/')", "answers requests itself"),
        ("if request.path != '/gate/': return HttpResponseRedirect('/gate/')", "answers requests itself"),
        ("if not request.path.startswith('/open/'): return HttpResponse(status=401)", "answers requests itself"),
        ("if request.path == '/healthz': return HttpResponse('ok')", ""),
        ("if request.path_info in ('/live', '/ready'): return JsonResponse({})", ""),
        ("if request.method == 'OPTIONS': return HttpResponse()", ""),
        ("if settings.CLOSED: return render(request, 'closed.html', status=503)", "answers requests itself"),
        ("request.started = 1", ""),
    ],
)
def test_middleware_of_the_project(package: Path, body: str, reason: str) -> None:
    (package / "gate.py").write_text(ANSWERS.format(body))
    assert hasty(["shopping.gate.gate"]).get("shopping.gate.gate", "") == reason


@pytest.mark.parametrize(
    ("name", "is_hasty"),
    [
        (SESSION, True),
        ("django.middleware.gzip.GZipMiddleware", True),
        ("stronghold.middleware.LoginRequiredMiddleware", True),
        ("maintenance_mode.middleware.MaintenanceModeMiddleware", True),
        ("django.middleware.security.SecurityMiddleware", False),
        ("corsheaders.middleware.CorsMiddleware", False),
        ("django_prometheus.middleware.PrometheusBeforeMiddleware", False),
        ("no.such.Middleware", False),
    ],
)
def test_known_middleware(name: str, is_hasty: bool) -> None:
    assert bool(hasty([name])) == is_hasty


@pytest.mark.parametrize(
    ("files", "given", "expected"),
    [
        ([], {}, False),
        ([], {"WSGI_APPLICATION": "shopping.wsgi.application"}, True),
        ([], {"ASGI_APPLICATION": "shopping.asgi.application"}, True),
        (["wsgi.py"], {}, True),
        (["asgi.py"], {}, True),
        (["server.py"], {}, False),
    ],
)
def test_an_application_is_named_or_lies_beside_the_urlconf(
    package: Path, files: list[str], given: dict[str, str], expected: bool
) -> None:
    for name in ("urls.py", *files):
        (package / name).write_text("urlpatterns = []\n")
    with override_settings(ROOT_URLCONF="shopping.urls", **({"WSGI_APPLICATION": None} | given)):
        assert process().has_application is expected
