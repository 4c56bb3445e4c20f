"""System checks: what is cheap to see and certain. The numbers are those of the doctor's findings."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning  # noqa: A004
from django.core.exceptions import ImproperlyConfigured

from . import peer_settings
from .conf import LATER, conf
from .fetched import leads_elsewhere
from .project import Project
from .record_url import recorded_url
from .rule_checks import ANYWHERE, PRODUCTION, messages
from .shadowed import shadowed_patterns

MIDDLEWARE = "clearway.middleware.ClearwayMiddleware"
STORAGE = "clearway.storage.ReleaseStorage"
ABOVE = ("django.middleware.security.SecurityMiddleware",)  # the only one that may see a static request first


def check_setting(**_: Any) -> list[CheckMessage]:
    """CW101: `CLEARWAY` has an unknown key or a wrong value."""
    try:
        conf()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="clearway.E101")]
    return []


def check_later_keys(**_: Any) -> list[CheckMessage]:
    """CW102: `CLEARWAY` has a key that this version does not act on."""
    given = getattr(settings, "CLEARWAY", {})
    return [
        Warning(
            f"CLEARWAY[{key!r}] has no effect in this version of Clearway.",
            hint="Remove it, or upgrade to a version whose settings reference lists it.",
            id="clearway.W102",
        )
        for key in LATER
        if isinstance(given, dict) and key in given
    ]


def check_middleware_order(**_: Any) -> list[CheckMessage]:
    """CW103: a middleware above Clearway's would see, or change, every static answer."""
    order = list(settings.MIDDLEWARE)
    above = order[: order.index(MIDDLEWARE)] if MIDDLEWARE in order else []
    strangers = [name for name in above if name not in ABOVE]
    if not strangers:
        return []
    return [
        Warning(
            f"{', '.join(strangers)} above {MIDDLEWARE} in MIDDLEWARE runs for every static file.",
            hint="Move ClearwayMiddleware directly below SecurityMiddleware.",
            id="clearway.W103",
        )
    ]


def check_static_root(**_: Any) -> list[CheckMessage]:
    """CW104: there is no STATIC_ROOT to build a release in."""
    backend = settings.STORAGES.get("staticfiles", {}).get("BACKEND")
    if backend != STORAGE or settings.STATIC_ROOT or _has_records():
        return []
    return [
        Error(
            "STATIC_ROOT is not set, so that collectstatic has no place for the release.",
            hint='For example: STATIC_ROOT = BASE_DIR / "static_root"',
            id="clearway.E104",
        )
    ]


def _has_records() -> bool:
    """Whether names come from elsewhere than below STATIC_ROOT."""
    try:
        return bool(conf().records)
    except ImproperlyConfigured:
        return False  # CW101 says it


def check_record_url(**_: Any) -> list[CheckMessage]:
    """CW126: the record that names come from was made for another STATIC_URL."""
    if not _has_records():
        return []
    built_for = recorded_url()
    if not leads_elsewhere(built_for):
        return []
    return [
        Warning(
            f'The release in CLEARWAY["records"] was built for {built_for}, and STATIC_URL is {settings.STATIC_URL}: '
            "pages name files below the second, references inside them may lead to the first.",
            hint="Build and run with the same STATIC_URL.",
            id="clearway.W126",
        )
    ]


def check_apps_order(**_: Any) -> list[CheckMessage]:
    """CW105: Django's runserver and collectstatic hide Clearway's."""
    apps = [name.removesuffix(".apps.ClearwayConfig") for name in settings.INSTALLED_APPS]
    staticfiles = next((place for place, name in enumerate(apps) if "staticfiles" in name), None)
    if staticfiles is None or "clearway" not in apps or apps.index("clearway") < staticfiles:
        return []
    return [
        Warning(
            '"clearway" stands below "django.contrib.staticfiles" in INSTALLED_APPS, '
            "so its runserver and collectstatic are not used.",
            hint='Put "clearway" above "django.contrib.staticfiles".',
            id="clearway.W105",
        )
    ]


def check_site_root(**_: Any) -> list[CheckMessage]:
    """CW106: a directory in `CLEARWAY["root"]` does not exist."""
    try:
        roots = conf().root
    except ImproperlyConfigured:
        return []  # CW101 says it
    return [
        Warning(
            f'CLEARWAY["root"] names {root}, which is not a directory.',
            hint="Create it, or remove it from the setting.",
            id="clearway.W106",
        )
        for root in roots
        if not root.is_dir()
    ]


def check_rules(**_: Any) -> list[CheckMessage]:
    """Rules of the doctor about what is wrong in development too."""
    return messages(ANYWHERE)


def check_production_rules(**_: Any) -> list[CheckMessage]:
    """Rules of the doctor about production; what a check above says is not said twice."""
    said = {message.id for message in check_static_root()}
    return [message for message in messages(PRODUCTION) if message.id not in said]


def check_peer_settings(**_: Any) -> list[CheckMessage]:
    """CW108: a setting of WhiteNoise or ServeStatic is still there."""
    return [
        Info(f"{each.name} is {_STATES[each.state]}", hint=f"To write instead: {each.instead}.", id="clearway.I108")
        for each in peer_settings.in_use()
    ]


def check_shadowed_patterns(**_: Any) -> list[CheckMessage]:
    """CW109: a URL pattern lies below STATIC_URL, where its view is never asked."""
    try:
        routes = shadowed_patterns(Project.from_settings())
    except ImproperlyConfigured:
        return []  # CW101 says it
    return [
        Warning(
            f"The URL pattern {route!r} lies below STATIC_URL, where Clearway answers: its view is never asked.",
            hint="Move it elsewhere, or let the application answer what is no static file: "
            'CLEARWAY = {"misses": "pass"}',
            id="clearway.W109",
        )
        for route in routes
    ]


_STATES = {
    peer_settings.READ: "read, because CLEARWAY does not say the same.",
    peer_settings.OVERRULED: "not read, because CLEARWAY, or the same setting of ServeStatic, goes before it.",
    peer_settings.WITHOUT_EFFECT: "without effect in Clearway.",
}

CHECKS: Sequence[Callable[..., list[CheckMessage]]] = (
    check_setting,
    check_later_keys,
    check_middleware_order,
    check_static_root,
    check_record_url,
    check_apps_order,
    check_site_root,
    check_rules,
)
URL_CHECKS: Sequence[Callable[..., list[CheckMessage]]] = (check_shadowed_patterns,)  # these import the URLconf
DEPLOY_CHECKS: Sequence[Callable[..., list[CheckMessage]]] = (
    check_peer_settings,
    check_production_rules,
)  # of `check --deploy`
