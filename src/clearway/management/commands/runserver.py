"""`runserver` that serves static and media files by the rules of production, from the finders."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from clearway.catalogs import development_catalog
from clearway.management.next_command import next_command
from clearway.project import Project
from clearway.serve.asgi import ASGIAdapter
from clearway.serve.service import LazyService
from clearway.serve.wsgi import WSGIAdapter

Next: Any = next_command("runserver")


class Command(Next):  # type: ignore[misc]  # the class below ours depends on INSTALLED_APPS
    """The next runserver, with Clearway in place of its static files handler."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take over `--nostatic` and `--insecure`, and make sure that they exist."""
        super().add_arguments(parser)
        if not parser.get_default("use_static_handler"):
            parser.add_argument("--nostatic", action="store_false", dest="use_static_handler")
            parser.add_argument("--insecure", action="store_true", dest="insecure_serving")

    def get_handler(self, *args: Any, **options: Any) -> Any:
        """The WSGI handler (of Django's own runserver)."""
        handler = super().get_handler(*args, **{**options, "use_static_handler": False})
        return WSGIAdapter(handler, _lazy()) if _serves(options) else handler

    if hasattr(Next, "get_application"):

        def get_application(self, options: dict[str, Any]) -> Any:
            """The ASGI application (of daphne's runserver)."""
            application = super().get_application({**options, "use_static_handler": False})
            return ASGIAdapter(application, _lazy()) if _serves(options) else application


def _serves(options: dict[str, Any]) -> bool:
    wanted = options.get("use_static_handler", True)
    return bool(wanted and (settings.DEBUG or options.get("insecure_serving")))


def _lazy() -> LazyService:
    return LazyService(lambda: development_catalog(Project.from_settings(), media=True))
