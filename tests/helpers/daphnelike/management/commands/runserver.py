"""A runserver with `get_application`, on top of the one of staticfiles."""

from typing import Any

from django.contrib.staticfiles.management.commands.runserver import Command as RunserverCommand


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The application of the project."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the application"})


async def with_static_files(scope: Any, receive: Any, send: Any) -> None:
    """What must not be used: static files by this app's own rules."""


class Command(RunserverCommand):
    """Serves ASGI."""

    def get_application(self, options: dict[str, Any]) -> Any:
        return with_static_files if options["use_static_handler"] else application
