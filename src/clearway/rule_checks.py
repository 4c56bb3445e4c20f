"""Rules of the doctor as system checks: those that are certain from the settings alone, without a file or a network."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

from django.core.checks import CheckMessage, Error, Info, Warning  # noqa: A004

if TYPE_CHECKING:
    from .doctor.facts import Facts
    from .doctor.finding import Finding
    from .doctor.rule import Check

# modules below `doctor.checks`, imported when they are asked: every command of Django runs the checks
ANYWHERE = ("settings.roots_overlap", "settings.url_relative", "uploads.more_files_than_django_takes")
PRODUCTION = (
    "settings.host_malformed",
    "settings.media_storage_ignored",
    "settings.proxy_header_misspelt",
    "settings.static_root_unset",
    "settings.static_storage_ignored",
)


def messages(modules: Sequence[str]) -> list[CheckMessage]:
    """What the rules of these modules find, under their numbers. A rule that cannot judge says nothing."""
    from .doctor.run import run

    return [_message(told.finding) for told in run(_checks(modules), _facts()).told]


def _checks(modules: Sequence[str]) -> "Iterator[Check]":
    from .doctor.rule import Check

    for name in modules:
        rule = import_module(f"clearway.doctor.checks.{name}")
        yield Check(rule.RULE, rule.look, "")


def _facts() -> "Facts":
    from .doctor_facts.declared import DeclaredFacts

    return cast("Facts", DeclaredFacts())


def _message(finding: "Finding") -> CheckMessage:
    made, letter = {"error": (Error, "E"), "warning": (Warning, "W"), "note": (Info, "I")}[finding.level]
    proof = f" ({'; '.join(finding.evidence)})" if finding.evidence else ""
    said = f"{finding.message}{proof}: {finding.effect}."
    return made(said, hint=f"{finding.fix.summary}.", id=f"clearway.{letter}{finding.id[2:]}")
