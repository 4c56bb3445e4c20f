"""Whose settings the doctor reads, and whether Django can be set up with them."""

import traceback
from collections.abc import Iterator
from pathlib import Path

from clearway.discovery import Choice
from clearway.doctor.facts import Origin
from clearway.fronts.road import Location

_INSTALLED = ("-packages", "/lib/python", "<frozen")


def origin_of(choice: Choice | None) -> Origin | None:
    """The settings of a choice, imported; None where nobody named any."""
    if choice is None:
        return None
    try:
        import django
        from django.apps import apps
        from django.conf import settings

        _ = settings.DEBUG
        if not apps.ready:
            django.setup()
    except (Exception, SystemExit) as error:  # settings are a program: anything can happen in them
        problem = f"{type(error).__name__}: {error}"
        return Origin(choice.module, choice.by, _place(error), problem, is_imported=False)
    from .shapes import misshapen

    return Origin(choice.module, choice.by, _module(choice.module), misshapen(), tuple(_others(choice)))


def _place(error: BaseException) -> Location | None:
    """The last line of the project itself that the error passed through."""
    if isinstance(error, SyntaxError) and error.filename:
        return Location(error.filename, error.lineno or 1)
    frames = traceback.extract_tb(error.__traceback__)
    here = str(Path(__file__).parent)
    own = [each for each in frames if not each.filename.startswith(here) and not _is_installed(each.filename)]
    return Location(own[-1].filename, own[-1].lineno or 1) if own else None


def _is_installed(file: str) -> bool:
    return any(part in file for part in _INSTALLED)


def _module(name: str) -> Location | None:
    import sys

    file = getattr(sys.modules.get(name), "__file__", None)
    return Location(file, 1) if file else None


def _others(choice: Choice) -> Iterator[str]:
    """Settings modules beside the chosen one, which may be those of production."""
    place = _module(choice.module)
    package, _, name = choice.module.rpartition(".")
    if not place or not package:
        return
    for file in sorted(Path(place.file).parent.glob("*.py")):
        if file.stem not in (name, "__init__") and ("settings" in file.stem or package.endswith("settings")):
            yield f"{package}.{file.stem}"
