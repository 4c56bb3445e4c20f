"""Facts for one check: those that a test gives are there, all others are not to be had."""

from collections.abc import Iterable, Mapping
from typing import Any

from clearway.doctor.facts import Collected, Facts, Process, Settings, Storage, Unavailable
from clearway.doctor.finding import Finding
from clearway.doctor.registry import check_of
from clearway.fronts.road import Location

NAMES = frozenset(name for name in vars(Facts) if name[0] != "_" and name != "left_out")
LOCAL = Storage("django.contrib.staticfiles.storage.StaticFilesStorage", is_local=True, is_manifest=False)
MANIFEST = Storage("django.contrib.staticfiles.storage.ManifestStaticFilesStorage", is_local=True, is_manifest=True)
NOBODY = Process("", ())


class Fake:
    """`Facts`: a fact that was not given raises `Unavailable`. `read` collects the names that were asked for.

    `settings` may be a plain mapping; what it does not say is as in `settings_of`.
    """

    def __init__(self, **given: Any) -> None:
        unknown = sorted(set(given) - NAMES)
        assert not unknown, f"no fact is called {unknown}"
        if isinstance(given.get("settings"), Mapping):
            given["settings"] = settings_of(**given["settings"])
        self.given = given
        self.read: set[str] = set()
        self.left_out: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in NAMES:
            raise AttributeError(name)
        self.read.add(name)
        if name not in self.given:
            raise Unavailable(f"{name} was not given")
        return self.given[name]


def settings_of(**values: Any) -> Settings:
    """Settings of a production site; `values` replace or add. Each given one is written in a line of settings.py."""
    usual: dict[str, Any] = {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["shop.example"],
        "STATIC_URL": "/static/",
        "STATIC_ROOT": "/srv/shop/staticfiles",
        "MEDIA_URL": "/media/",
        "MEDIA_ROOT": "/srv/shop/media",
        "INSTALLED_APPS": ["django.contrib.admin", "django.contrib.staticfiles", "catalogue"],
        "MIDDLEWARE": ["django.middleware.security.SecurityMiddleware"],
        "STATICFILES_DIRS": [],
        "FORCE_SCRIPT_NAME": None,
    }
    names = list(values)

    def line_of(name: str) -> Location | None:
        return Location("/srv/shop/shop/settings.py", names.index(name) + 1) if name in names else None

    return Settings(usual | values, line_of, frozenset(values))


def collected(root: Any, sizes: Iterable[str] | Mapping[str, int] = (), **fields: Any) -> Collected:
    """What lies in STATIC_ROOT; names alone are files of one octet."""
    kept = dict(sizes) if isinstance(sizes, Mapping) else dict.fromkeys(sizes, 1)
    return Collected(str(root), kept, **({"exists": True} | fields))


def found(name: str, facts: Fake) -> list[Finding]:
    """What a check, by id or name, finds in the facts, of which it must read none that its rule does not declare."""
    check = check_of(name)
    try:
        return list(check.look(facts))
    finally:
        undeclared = facts.read - {*check.rule.facts, *check.rule.optional}
        assert not undeclared, f"{check.rule.id} reads {sorted(undeclared)}, which its rule does not declare"
