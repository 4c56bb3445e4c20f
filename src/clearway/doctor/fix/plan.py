"""What `--fix` would do: each root finding with its edits and commands, or with the reason why it is left."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clearway.doctor.facts import is_installed
from clearway.doctor.finding import Finding, Level, Safety
from clearway.doctor.report import Report
from clearway.editing.edit import octets
from clearway.editing.errors import EditError
from clearway.editing.names import short
from clearway.editing.patch import parse

from .action import Action, Surroundings
from .commands import actions
from .draft import Draft
from .server import Server

_LEFT = {
    Safety.MANUAL: "left to you: nothing in it is certain enough to be done by itself",
    Safety.UNSAFE: "left to you: it may change what works today; --unsafe-fixes does it",
}


@dataclass(frozen=True)
class Planned:
    """A finding, the files that its fix writes, what else it does, commands that people run, and why it is left."""

    finding: Finding
    files: Sequence[Path] = ()
    actions: Sequence[Action] = ()
    copied: Sequence[str] = ()
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """In order of causality; `drafts` are the files by the name that they are written to."""

    rows: Sequence[Planned]
    drafts: Mapping[Path, Draft]

    @property
    def ready(self) -> list[Planned]:
        """Those that can be done."""
        return [row for row in self.rows if not row.reason]

    @property
    def tried(self) -> list[Finding]:
        """Their findings."""
        return [row.finding for row in self.ready]


class _LeftError(Exception):
    """A fix that is not done; the message says why."""


def plan(
    report: Report,
    wanted: Iterable[Safety],
    around: Surroundings,
    server: Server | None,
    tried: Collection[tuple[str, str]] = (),
) -> Plan:
    """Root findings that are no advice; `tried` are ids and messages of those that were not cured by their fix."""
    drafts: dict[Path, Draft] = {}
    allowed = frozenset(wanted)
    findings = (each.finding for each in report.roots if each.finding.level != Level.NOTE)
    rows = [_planned(each, allowed, drafts, around, server) for each in findings]
    return Plan([_settled(row, drafts, tried) for row in rows], drafts)


def _settled(row: Planned, drafts: Mapping[Path, Draft], tried: Collection[tuple[str, str]]) -> Planned:
    """Left to people where everything is written already, or did not help."""
    if not row.reason and not row.actions and all(drafts[path].edit().is_empty for path in row.files):
        names = ", ".join(short(path) for path in row.files)
        return replace(row, reason=f"{names} is written already, and waits for you to install it")
    if not row.reason and (row.finding.id, row.finding.message) in tried:
        return replace(row, reason="it was tried just now, and did not help")
    return row


def _planned(
    finding: Finding,
    wanted: frozenset[Safety],
    drafts: dict[Path, Draft],
    around: Surroundings,
    server: Server | None,
) -> Planned:
    """Its files are added to the drafts, all or none."""
    fix = finding.fix
    try:
        if fix.safety not in wanted:
            raise _LeftError(_LEFT[fix.safety])
        known = {command: actions(command) for command in fix.commands}
        own = dict(_drafted(fix.diff, drafts, around, server))
        for draft in own.values():
            draft.edit()
    except (_LeftError, EditError) as error:
        return Planned(finding, copied=fix.commands, reason=str(error))
    drafts.update(own)
    done = [action for each in known.values() for action in each or ()]
    beside = [draft for draft in own.values() if server and draft.target != draft.source]
    installed = [row for draft in beside for row in _installing(server, draft)]
    copied = [command for command, each in known.items() if each is None and command not in installed]
    if not own and not done:
        return Planned(finding, copied=copied, reason="left to you: its commands are not among those that are run here")
    return Planned(finding, tuple(own), done, [*installed, *copied])


def _installing(server: Server | None, draft: Draft) -> list[str]:
    return server.installing(draft.source, draft.target) if server else []


def _drafted(
    diff: str, drafts: Mapping[Path, Draft], around: Surroundings, server: Server | None
) -> Iterator[tuple[Path, Draft]]:
    for patch in parse(diff):
        source = Path.cwd() / patch.name
        draft = _draft(source, around, server)
        draft = drafts.get(draft.target, draft)
        both = draft.with_changes(patch.changes(draft.before))
        if both is None:
            raise _LeftError("it changes lines that another fix changes too; run --fix once more for it")
        yield both.target, both


def _draft(source: Path, around: Surroundings, server: Server | None) -> Draft:
    if server and server.reads(source):
        return Draft(source, octets(source), server.beside(source))
    real = source.resolve()
    if is_installed(str(real)) or not any(real.is_relative_to(each) for each in around.inside):
        raise _LeftError(f"{source} does not belong to the project; edit it by hand")
    return Draft(source, octets(source), source)
