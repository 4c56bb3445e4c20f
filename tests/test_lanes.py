"""Which lane an application has, and what stands above it."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import re_path
from tests.helpers.asgi import asgi
from tests.helpers.released import publish
from tests.helpers.roads import MIDDLEWARE
from tests.helpers.wsgi import wsgi

from clearway.asgi import Clearway as ASGIClearway
from clearway.catalog import newer_releases
from clearway.lanes import SECURITY, lane_of
from clearway.middleware import newest_service
from clearway.serve.lanes.head import Head
from clearway.serve.lanes.lane import Lane
from clearway.wsgi import Clearway as WSGIClearway

OTHER = "tests.test_lanes.other_middleware"
COMMON = "django.middleware.common.CommonMiddleware"
CSS = b"body{}" * 300


def other_middleware(get_response: Any) -> Any:
    return get_response


def render(answer: Any, fields: Any) -> bytes:
    return "".join(f"{name}: {value}\n" for name, value in fields).encode()


@pytest.fixture(autouse=True)
def no_look_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane leaves it to the ordinary road to ask for newer releases, however long a test takes."""
    for name in ("ASK_AFTER", "WAIT_AFTER"):
        monkeypatch.setattr(newer_releases, name, 600)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "static_root"
    publish(root, {"site.css": CSS}, codings=())
    return root


def head(path: str, **fields: str) -> Head:
    return Head("GET", path, path, "", {name.replace("_", "-"): value for name, value in fields.items()}, True)


def answered(lane: Lane | None, asked: Head, scheme: str = "http") -> dict[str, str] | None:
    """The header fields of the lane's answer, once the ordinary road has read the file."""
    assert lane is not None
    found = lane.answer(asked, scheme)
    if found is None:
        return None
    lines = found[1].decode().splitlines()
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


# --- which application has one


@pytest.mark.parametrize("wrapper", [WSGIClearway, ASGIClearway])
def test_a_wrapper_has_the_lane_of_its_own_directories(wrapper: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    application = wrapper(None, root=tmp_path, prefix="/files/")
    lane = lane_of(application, render)
    assert lane is not None
    assert lane.service is application.service()


@pytest.mark.parametrize("handler", [WSGIHandler, ASGIHandler])
def test_django_has_the_lane_of_its_middleware_and_nothing_is_kept_twice(root: Path, handler: Any) -> None:
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[SECURITY, MIDDLEWARE]):
        application = handler()
        lane = lane_of(application, render)
        assert lane is not None
        assert lane.service is newest_service()


def test_django_has_a_lane_without_middleware_and_without_a_setting(root: Path) -> None:
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[SECURITY, COMMON]):
        assert lane_of(WSGIHandler(), render) is not None


def test_an_unknown_application_has_none_and_one_line_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "clearway"):
        assert lane_of(other_middleware, render) is None
    assert len(caplog.records) == 1
    assert "builtins.function" in caplog.text


# --- what stands above


@pytest.mark.parametrize(
    ("middleware", "ignored", "culprit"),
    [
        ([SECURITY, MIDDLEWARE, COMMON], [], None),
        ([MIDDLEWARE, SECURITY, COMMON], [], None),
        ([SECURITY, COMMON, MIDDLEWARE], [], COMMON),
        ([COMMON, SECURITY], [], COMMON),
        ([COMMON, MIDDLEWARE], [], COMMON),
        ([OTHER, SECURITY, MIDDLEWARE], [OTHER], None),
        ([OTHER, COMMON, SECURITY, MIDDLEWARE], [OTHER], COMMON),
        ([], [], None),
    ],
)
def test_other_middleware_above_turns_the_lane_off_by_name(
    root: Path, caplog: pytest.LogCaptureFixture, middleware: list[str], ignored: list[str], culprit: str | None
) -> None:
    settings: dict[str, Any] = {"MIDDLEWARE": middleware, "CLEARWAY": {"lane_ignores": ignored}}
    with override_settings(STATIC_ROOT=root, **settings), caplog.at_level(logging.WARNING, "clearway"):
        lane = lane_of(WSGIHandler(), render)
    assert (lane is None) == (culprit is not None)
    assert not culprit or culprit in caplog.text


@pytest.mark.parametrize("static_url", ["/app/static/", "/static/", "static/"])
@pytest.mark.parametrize("forced", ["/app", "/app/", ""])
@pytest.mark.parametrize("path", ["/app/static/none.css", "/static/none.css", "/app/none", "/app", "/none"])
@pytest.mark.parametrize("exempt", ["^app/static/", "^static/", "^none$"])
@pytest.mark.parametrize("over_asgi", [False, True])
def test_a_forced_script_name_is_where_django_has_it(
    root: Path,
    static_url: str,
    forced: str,
    path: str,
    exempt: str,
    over_asgi: bool,
) -> None:
    settings = {"STATIC_URL": static_url, "FORCE_SCRIPT_NAME": forced, "ROOT_URLCONF": __name__}
    secure = {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [exempt], "ALLOWED_HOSTS": ["*"]}
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[SECURITY, MIDDLEWARE], **settings, **secure):
        application: Any = ASGIHandler() if over_asgi else WSGIHandler()
        reply = asgi(application, path, exact_case=False) if over_asgi else wsgi(application, path)
        is_ours = reply["access-control-allow-origin"] == "*"
        assert (answered(lane_of(application, render), head(path)) is not None) == is_ours


def page(request: Any, rest: str) -> HttpResponse:
    return HttpResponse(b"a page")


urlpatterns = [re_path("^(.*)$", page)]


def test_a_forced_script_name_and_that_of_a_server_turn_the_lane_off(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[SECURITY, MIDDLEWARE], FORCE_SCRIPT_NAME="/app"):
        assert lane_of(ASGIHandler(), render, "/app") is None
    assert "FORCE_SCRIPT_NAME" in caplog.text


def test_exemptions_from_the_redirect_are_looked_up_below_the_script_name_as_django_does(root: Path) -> None:
    secure = {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^static/"]}
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[SECURITY, MIDDLEWARE], ALLOWED_HOSTS=["*"], **secure):
        application = WSGIHandler()
        request = RequestFactory().get("/static/none.css", SCRIPT_NAME="/app")
        assert application.get_response(request).status_code == 301
        assert answered(lane_of(application, render, "/app"), head("/static/none.css")) is None
        assert answered(lane_of(application, render), head("/static/none.css")) is not None


SECURITY_SETTINGS: list[dict[str, Any]] = [
    {},
    {"SECURE_HSTS_SECONDS": 60},
    {"SECURE_HSTS_SECONDS": 60, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True},
    {"SECURE_REFERRER_POLICY": "no-referrer, same-origin"},
    {"SECURE_REFERRER_POLICY": None, "SECURE_CROSS_ORIGIN_OPENER_POLICY": None},
    {"SECURE_CONTENT_TYPE_NOSNIFF": False},
    {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "SECURE_HSTS_SECONDS": 60},
    {"SECURE_SSL_REDIRECT": True},
    {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^static/"]},
    {"CLEARWAY": {"headers": {"*.css": {"Referrer-Policy": "origin", "Cross-Origin-Opener-Policy": "unsafe-none"}}}},
]


@pytest.mark.parametrize("forwarded", [None, "https", "http", " https , http", "HTTPS"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("settings", SECURITY_SETTINGS, ids=str)
def test_the_lane_answers_what_the_road_through_security_middleware_answers(
    root: Path, settings: dict[str, Any], scheme: str, forwarded: str | None
) -> None:
    extra = {} if forwarded is None else {"x_forwarded_proto": forwarded}
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[SECURITY, MIDDLEWARE], ALLOWED_HOSTS=["*"], **settings):
        application = WSGIHandler()
        meta = {f"HTTP_{name.upper()}": value for name, value in extra.items()}
        for path in ("/static/site.css", "/static/none.css"):
            request = RequestFactory().get(path, secure=scheme == "https", **meta)
            response = application.get_response(request)
            road = {name.lower(): value for name, value in response.headers.items()}
            lane = answered(lane_of(application, render), head(path, **extra), scheme)
            if response.status_code == 301:
                assert lane is None
            else:
                assert lane == road


def test_a_request_for_the_application_is_left_to_it(root: Path) -> None:
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[SECURITY, MIDDLEWARE]):
        application = WSGIHandler()
        assert answered(lane_of(application, render), head("/")) is None


def test_what_is_not_in_memory_is_left_to_the_ordinary_road_once(root: Path) -> None:
    with override_settings(STATIC_ROOT=root, MIDDLEWARE=[MIDDLEWARE]):
        application = WSGIHandler()
        lane = lane_of(application, render)
        assert answered(lane, head("/static/site.css")) is None
        assert wsgi(application, "/static/site.css").status == 200
        assert answered(lane, head("/static/site.css")) is not None
