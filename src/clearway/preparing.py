"""What a Django project says of its builds: which problems it minds, and where else its bundles are listed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

from .build import preparing
from .build.bundlers import Manifest
from .build.guard import Conflict
from .build.kinds import UNCOMPILED
from .build.plan import Plan
from .build.policy import Policy
from .build.preparing import Prepared
from .build.sources import Source
from .conf import conf

__all__ = ["COMPILERS", "Prepared", "policy", "prepare"]

COMPILERS = ("compressor", "sass_processor", "static_precompiler", "pipeline", "django_assets")
"""Apps that read uncompiled sources from static directories: with them, such a source is where it should be."""


def prepare(
    sources: Sequence[Source],
    conflicts: Iterable[Conflict],
    is_reserved: Callable[[str], bool],
    retained: Callable[[], Mapping[str, str]],
    plan: Callable[[Sequence[Source], Policy, Mapping[str, bool]], Plan],
) -> Prepared:
    """`clearway.build.preparing.prepare` for the project's policy and bundles."""
    return preparing.prepare(sources, conflicts, is_reserved, retained, plan, policy(), _webpack_stats())


def policy() -> Policy:
    """The project's rules for problems."""
    compiles = any(apps.is_installed(name) for name in COMPILERS)
    return Policy(conf().problems, frozenset({UNCOMPILED.id}) if compiles else frozenset())


def _webpack_stats() -> Iterator[Manifest]:
    """What django-webpack-loader reads, which lies beside the project and not among its static files."""
    configured: Any = getattr(settings, "WEBPACK_LOADER", {})
    for each in configured.values() if isinstance(configured, dict) else ():
        path = each.get("STATS_FILE") if isinstance(each, dict) else None
        if path and Path(path).is_file():
            yield Manifest("", Path(path).read_bytes())
