"""What comes before a build: bundles are recognised, the guard looks, a plan is made; nothing is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import bundlers, guard
from .bundlers import Manifest
from .guard import Conflict
from .kinds import CHANGED, RESERVED
from .plan import Plan
from .policy import Policy, Verdict
from .problems import Problem
from .sources import Source


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
    policy: Policy,
    more_manifests: Iterable[Manifest] = (),
) -> Prepared:
    """Look at the sources and plan with those that can be published.

    `retained` gives the SHA-256 of what retained releases published, by name; it is asked only if there is a bundle.
    `more_manifests` are those of bundlers that do not lie among the sources.
    """
    usable = [source for source in sources if not is_reserved(source.name)]
    found = list(bundlers.manifests(usable))
    named = bundlers.outputs(usable, [*found, *more_manifests])
    made = plan(usable, policy, named)
    problems = [*_reserved(sources, is_reserved), *guard.findings(usable, conflicts)]
    problems += _changed(made, retained()) if True in named.values() else []
    hidden = {manifest.name: manifest.data for manifest in found if manifest.name not in made.assets}
    references = Verdict(made.problems, made.warnings, made.notes)
    return Prepared(made, references, policy.judge(problems), hidden)


def _reserved(sources: Iterable[Source], is_reserved: Callable[[str], bool]) -> Iterator[Problem]:
    for source in sources:
        if is_reserved(source.name):
            yield Problem(RESERVED, source.name, "is not published: the name is reserved", app=source.app)


def _changed(plan: Plan, retained: Mapping[str, str]) -> Iterator[Problem]:
    for name, planned in plan.assets.items():
        if planned.asset.immutable and retained.get(name, planned.asset.sha256) != planned.asset.sha256:
            yield Problem(CHANGED, name, "has other content than in a release that is retained", app=planned.source.app)
