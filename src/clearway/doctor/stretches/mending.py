"""The smallest change to a configuration that lets a file arrive, as a patch."""

from importlib import import_module
from typing import Any

from clearway.doctor.facts import Facts
from clearway.fronts.checking import Comparison, Mending, files_of
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.needs import needs
from clearway.fronts.nginx import forwarded

from .verdict import Verdict

_MENDED = ("nginx", "caddy")


def patch(facts: Facts, verdict: Verdict) -> str:
    """A unified diff, for `patch -p0`; empty where none is known."""
    return patch_for(facts, verdict.passage.sample.kind)


def patch_for(facts: Facts, *about: str) -> str:
    """What meets the needs of these names, and takes nothing away from the others of their kind."""
    front, site = facts.front, facts.site
    if front.name not in _MENDED:
        return ""
    editing: Any = import_module(f"clearway.fronts.{front.name}.editing")
    remedies: Any = import_module(f"clearway.fronts.{front.name}.remedies")
    checking: Any = import_module(f"clearway.fronts.{front.name}.checking")
    files = files_of(site, front.configuration.paths)
    wanted: list[Any] = [each for each in needs(site) if each.about in about]
    if front.name == "nginx":
        wanted += [each for each in forwarded.needs(site) if each.about in about]
    mending = Mending[Any](
        editing.texts_of(front.configuration),
        lambda *case: remedies.remedies(remedies.Case(site, *case)),
        lambda texts: editing.read_again(texts, front.configuration),
    )
    entrance = checking.entrance_of(site, front.configuration, files)
    try:
        return "\n".join(Comparison[Any](front.route, files, entrance, wanted).of(front.configuration, mending).patch)
    except (ConfigurationError, OSError, LookupError):
        return ""
