"""What stands between the finders and the build: the project's policy, its bundles, and the guard."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

from .build import bundlers, guard
from .build.guard import Conflict
from .build.kinds import CHANGED, RESERVED, UNCOMPILED
from .build.plan import Plan
from .build.policy import Policy, Verdict
from .build.problems import Problem
from .build.sources import Source
from .conf import conf

COMPILERS = ("compressor", "sass_processor", "static_precompiler", "pipeline", "django_assets")
"""Apps that read uncompiled sources from static directories: with them, such a source is where it should be."""


@dataclass(frozen=True)
class Prepared:
    """A plan, all that was found, and the bundlers' hidden manifests, which lie beside the originals."""

    plan: Plan
    references: Verdict
    guard: Verdict
    manifests: Mapping[str, bytes]

    @property
    def verdict(self) -> Verdict:
        """What the references and the guard found together."""
        return self.references + self.guard


def prepare(
    sources: Sequence[Source],
    conflicts: Iterable[Conflict],
    is_reserved: Callable[[str], bool],
    retained: Callable[[], Mapping[str, str]],
    plan: Callable[[Sequence[Source], Policy, Mapping[str, bool]], Plan],
) -> Prepared:
    """Look at the sources and plan with those that can be published.

    `retained` gives the SHA-256 of what retained releases published, by name; it is asked only if there is a bundle.
    """
    rules = policy()
    usable = [source for source in sources if not is_reserved(source.name)]
    found = list(bundlers.manifests(usable))
    named = bundlers.outputs(usable, [*found, *_webpack_stats()])
    made = plan(usable, rules, named)
    problems = [*_reserved(sources, is_reserved), *guard.findings(usable, conflicts)]
    problems += _changed(made, retained()) if True in named.values() else []
    hidden = {manifest.name: manifest.data for manifest in found if manifest.name not in made.assets}
    references = Verdict(made.problems, made.warnings, made.notes)
    return Prepared(made, references, rules.judge(problems), hidden)


def policy() -> Policy:
    """The project's rules for problems."""
    compiles = any(apps.is_installed(name) for name in COMPILERS)
    return Policy(conf().problems, frozenset({UNCOMPILED.id}) if compiles else frozenset())


def _reserved(sources: Iterable[Source], is_reserved: Callable[[str], bool]) -> Iterator[Problem]:
    for source in sources:
        if is_reserved(source.name):
            yield Problem(RESERVED, source.name, "is not published: the name is reserved", app=source.app)


def _changed(plan: Plan, retained: Mapping[str, str]) -> Iterator[Problem]:
    for name, planned in plan.assets.items():
        if planned.asset.immutable and retained.get(name, planned.asset.sha256) != planned.asset.sha256:
            yield Problem(CHANGED, name, "has other content than in a release that is retained", app=planned.source.app)


def _webpack_stats() -> Iterator[bundlers.Manifest]:
    """What django-webpack-loader reads, which lies beside the project and not among its static files."""
    configured: Any = getattr(settings, "WEBPACK_LOADER", {})
    for each in configured.values() if isinstance(configured, dict) else ():
        path = each.get("STATS_FILE") if isinstance(each, dict) else None
        if path and Path(path).is_file():
            yield bundlers.Manifest("", Path(path).read_bytes())
