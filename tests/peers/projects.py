"""Django projects with the settings of a peer, under that peer and under Clearway."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.templatetags.static import static
from django.test import override_settings
from tests.helpers.released import write
from tests.helpers.replies import Reply
from tests.helpers.wsgi import environ, run

STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
CSS = b"body { color: #123456 }\n" * 60
SOURCES = {"app.js": b"let a = 1\n" * 60, "site.css": CSS, "docs/index.html": b"<h1>docs</h1>", "x.foo": b"foo"}
WWW = {"robots.txt": b"User-agent: *\n", "about/index.html": b"<h1>about</h1>"}
# who serves: the prefix of the settings, the package, the middleware, the storage of static files
STACKS = {
    "whitenoise": ("WHITENOISE_", "whitenoise.middleware.WhiteNoiseMiddleware",
                   "whitenoise.storage.CompressedManifestStaticFilesStorage"),
    "servestatic": ("SERVESTATIC_", "servestatic.middleware.ServeStaticMiddleware",
                    "servestatic.storage.CompressedManifestStaticFilesStorage"),
    "clearway after whitenoise": ("WHITENOISE_", "clearway.middleware.ClearwayMiddleware",
                                  "clearway.storage.ReleaseStorage"),
    "clearway after servestatic": ("SERVESTATIC_", "clearway.middleware.ClearwayMiddleware",
                                   "clearway.storage.ReleaseStorage"),
}  # fmt: skip
OURS = [name for name in STACKS if name.startswith("clearway")]
HASHED = "{app.js}"  # stands for the URL that the template tag gives
DJANGOS = {"DEBUG", "STATIC_ROOT", "STATIC_URL", "FORCE_SCRIPT_NAME"}


@dataclass
class Project:
    """A project below a directory, of one stack."""

    folder: Path
    stack: str
    more: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def settings(self) -> Iterator[None]:
        prefix, middleware, storage = STACKS[self.stack]
        own = {name if name in DJANGOS else prefix + name: value for name, value in self.more.items()}
        given = {
            "STATIC_ROOT": str(self.folder / "static_root"),
            "STATICFILES_DIRS": [self.folder / "src"],
            "STATICFILES_FINDERS": ["django.contrib.staticfiles.finders.FileSystemFinder"],
            "STORAGES": {**STORAGES, "staticfiles": {"BACKEND": storage}},
            "MIDDLEWARE": [middleware],
            "INSTALLED_APPS": ["django.contrib.staticfiles"],
        }
        with override_settings(**given | own):
            yield

    def collect(self) -> None:
        with self.settings():
            call_command("collectstatic", interactive=False, verbosity=0)

    def start(self) -> "Started":
        with self.settings():
            return Started(self, WSGIHandler(), {name: static(name) for name in SOURCES} if self.is_collected else {})

    @property
    def is_collected(self) -> bool:
        return "STATIC_ROOT" not in self.more


@dataclass
class Started:
    """Under its settings on every request too: the peers ask for them then."""

    project: Project
    handler: WSGIHandler
    urls: dict[str, str]

    def get(self, target: str, **headers: str) -> Reply:
        for name, url in self.urls.items():
            target = target.replace(f"{{{name}}}", url)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.project.settings():
            return run(self.handler, environ(target, headers=named))


def started(folder: Path, stack: str, **more: Any) -> Started:
    """A project that was collected and started under these settings; `placed` are files to put there in between."""
    placed = more.pop("placed", {})
    if stack == "servestatic" and "STATIC_ROOT" in more:  # it cannot start without one
        more |= {"STATIC_ROOT": str(folder / "empty"), "USE_MANIFEST": False}
    project = Project(folder, stack, more)
    if project.is_collected:
        project.collect()
    write(folder / "static_root", placed)
    return project.start()
