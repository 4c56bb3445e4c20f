"""The command of the same name that an app below Clearway brings, so that ours adds to it and hides nothing."""

from importlib import import_module

from django.apps import apps
from django.core.management.base import BaseCommand


def next_command(name: str) -> type[BaseCommand]:
    """The class that `manage.py <name>` would run if Clearway were not installed."""
    packages = [config.name for config in apps.get_app_configs()]
    below = packages[packages.index("clearway") + 1 :] if "clearway" in packages else packages
    for package in (*below, "django.core"):
        try:
            module = import_module(f"{package}.management.commands.{name}")
        except ModuleNotFoundError as error:
            if not f"{package}.management.commands.{name}".startswith(error.name or ""):
                raise
            continue
        command: type[BaseCommand] = module.Command
        return command
    raise ModuleNotFoundError(f"no installed app has a command {name!r}")
