"""`clearway init --deploy`: the files of a deployment, from what running the settings gives."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from .editing.edit import Edit, octets
from .init.deploy import WRITERS
from .init.deploy.site import Deployed, needed_variables, safe_name
from .init.modules import Modules
from .init.plan import Place
from .init.refusal import Refusal
from .init.values import Values

_REQUIREMENTS = (
    "requirements.txt",
    "requirements/production.txt",
    "requirements/prod.txt",
    "requirements/base.txt",
)
_APPLICATIONS = (("WSGI_APPLICATION", False), ("ASGI_APPLICATION", True))


def deployment(
    names: Iterable[str], modules: Modules, values: Values, place: Place
) -> tuple[list[Edit], list[Refusal], list[str]]:
    """New files, those that are there already and stay, and what else there is to do. Raises `EditError`."""
    site = describe(modules, values, place)
    texts: dict[str, str] = {}
    for name in names:
        texts |= WRITERS[name](site)
    edits, refusals = [], []
    for name, text in texts.items():
        path, after = place.above / name, text.encode()
        before = octets(path)
        if before is None:
            edits.append(Edit(path, None, after))
        elif before != after:
            refusals.append(
                Refusal(name, path, 1, "it is there already, and is not what Clearway would write: it stays")
            )
    return edits, refusals, list(_notes(site, place))


def describe(modules: Modules, values: Values, place: Place) -> Deployed:
    """The project as its deployment has to know it."""
    application, is_async = _application(modules)
    media = str(settings.MEDIA_ROOT or "")
    return Deployed(
        name=safe_name(application.partition(".")[0]),
        settings=modules.first,
        application=application,
        is_async=is_async,
        folder=_below(place.folder, place),
        static_root=_below(values.static_root or place.folder / values.folder, place),
        media_root=_below(media, place) if media else "",
        requirements=_requirements(place),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        variables=needed_variables(source.text for source in modules.chain()),
    )


def _application(modules: Modules) -> tuple[str, bool]:
    """What gunicorn is told, and whether it is an ASGI application."""
    for name, is_async in _APPLICATIONS:
        if given := getattr(settings, name, None):
            module, _, attribute = given.rpartition(".")
            return (module if attribute == "application" else f"{module}:{attribute}"), is_async
    return f"{modules.first.partition('.')[0]}.wsgi", False


def _below(path: str | os.PathLike[str], place: Place) -> str:
    """Relative to the repository, where it is in it."""
    whole = Path(path).resolve()
    if not whole.is_relative_to(place.above.resolve()):
        return whole.as_posix()
    return whole.relative_to(place.above.resolve()).as_posix().removeprefix(".")


def _requirements(place: Place) -> str:
    found = (folder / name for folder in place.folders for name in _REQUIREMENTS if (folder / name).is_file())
    first = next(found, None)
    if first is None:
        return "" if _is_project(place.above / "pyproject.toml") else _REQUIREMENTS[0]
    return _below(first, place)


def _is_project(path: Path) -> bool:
    return path.is_file() and re.search(rb"(?m)^\[project\]", path.read_bytes()) is not None


def _notes(site: Deployed, place: Place) -> Iterator[str]:
    file = place.above / (site.requirements or "pyproject.toml")
    text = file.read_text("utf-8", "replace") if file.is_file() else ""
    for package in ("gunicorn", "uvicorn") if site.is_async else ("gunicorn",):
        if package not in text.lower():
            yield f"{site.requirements or 'pyproject.toml'} has to name {package}: it runs the application"
    if site.variables:
        yield f"the settings need {', '.join(site.variables)}: give them where it runs, never in the image"
