"""The results of `clearway media` as people read them."""

from collections.abc import Iterable, Sequence

from .media.order.changes import Change, Changes
from .media.order.findings import Findings, Row
from .media.order.ground import Unread
from .media.quarantine import Note
from .releases.text import Paint, count, size, some, time

_DONE = {
    "quarantine": ("set aside", "would be set aside"),
    "restore": ("put back", ""),
    "discard": ("deleted", "would be deleted"),
    "purge": ("deleted", "would be deleted"),
    "scan": ("clean and served", ""),
    "modes": ("mended", "would be mended"),
    "move": ("copied or compared", "would be copied or compared"),
}
_NEXT = {
    "quarantine": "`clearway media restore NAME` puts a file back, `clearway media purge` deletes them in the end",
    "move": "nothing was deleted at the source; run it once more after the switch, for what came meanwhile",
}


def report(found: Findings, held: int, paint: Paint) -> list[str]:
    """What is wrong, a paragraph for each kind."""
    lines = [
        *_part(paint, f"{count(len(found.orphans), 'orphan')}, {size(sum(each.size for each in found.orphans))}: "
               "files that no row names", [f"{each.storage}  {each.name}  {size(each.size)}  {time(each.changed)}"
                                           for each in found.orphans], bool(found.orphans)),
        *_part(paint, f"{count(len(found.missing), 'row')} whose file is missing", _rows(found.missing)),
        *_part(paint, f"{count(len(found.held), 'row')} whose file was set aside", _rows(found.held)),
        *_part(paint, f"{count(len(found.odd), 'row')} whose name leads nowhere in the storage", _rows(found.odd)),
        *_part(paint, f"{count(len(found.modes), 'wrong mode')}", [
            f"{each.storage}  {each.name}  {each.mode:04o}, not {each.wanted:04o}" for each in found.modes]),
        *_part(paint, f"{count(len(found.types), 'file')} whose content is not what the name says", [
            f"{each.storage}  {each.name}  {each.found}, not {each.named}" for each in found.types]),
        *_unread(found.unread, paint),
    ]  # fmt: skip
    return [*lines, *_summary(found, held, paint)]


def _summary(found: Findings, held: int, paint: Paint) -> list[str]:
    where = ", ".join(found.storages) or "no storage: no model has a FileField"
    clean = paint("all in order", "green") if found.code == 0 else ""
    notes = [
        f"{count(found.young, 'file')} too new to be an orphan" if found.young else "",
        f"{count(found.left, 'file')} left alone by pattern" if found.left else "",
        f"{count(held, 'file')} in quarantine" if held else "",
    ]
    first = f"{where}: {count(found.files, 'file')}, {count(found.rows, 'row')}"
    lines = [": ".join(filter(None, [first, clean])), *(f"  {each}" for each in notes if each)]
    advice = [
        "`clearway media quarantine` shows what would be set aside" if found.orphans else "",
        "`clearway media modes` shows what would be mended" if found.modes else "",
    ]
    return [*lines, *filter(None, advice)]


def held(found: Sequence[tuple[str, Note]], unread: Sequence[Unread], paint: Paint) -> list[str]:
    """What is set aside, and why."""
    rows = [f"{storage}  {note.name}  {note.reason}  {time(note.held or None)}" for storage, note in found]
    last = f"{count(len(found), 'file')} in quarantine" if found else "nothing is in quarantine"
    return [*_listed(rows), *_unread(unread, paint), last]


def changed(made: Changes, paint: Paint) -> list[str]:
    """What was done, and what could not be."""
    good = [each for each in made.files if not each.problem]
    bad = [each for each in made.files if each.problem]
    done, would = _DONE[made.action]
    lines = _listed([_file(each, made.action) for each in good])
    lines += _part(paint, f"{count(len(bad), 'problem')}", [f"{each.name}: {each.problem}" for each in bad])
    lines += _unread(made.unread, paint)
    if made.unread and not made.files:
        why = ": what could not be read may name any file" if made.action in ("quarantine", "purge") else ""
        return [*lines, f"nothing was done{why}"]
    if not made.files:
        return [*lines, "nothing to do"]
    lines.append(f"{count(len(good), 'file')} {done if made.applied else would}")
    if not made.applied:
        return [*lines, "nothing was changed; --apply does it"]
    return [*lines, *([_NEXT[made.action]] if made.action in _NEXT and good else [])]


def _file(change: Change, action: str) -> str:
    note = size(int(change.note)) if action == "quarantine" and change.note else change.note
    return f"{change.storage}  {change.name}" + (f"  {note}" if note else "")


def _rows(found: Iterable[Row]) -> list[str]:
    return [f"{row.model} {row.pk} {row.field}  {row.name!r}{_database(row)}" for row in found]


def _database(row: Row) -> str:
    return "" if row.database == "default" else f"  (database {row.database})"


def _unread(found: Sequence[Unread], paint: Paint) -> list[str]:
    return _part(paint, "not examined", [f"{each.what}: {each.reason}" for each in found])


def _part(paint: Paint, head: str, lines: Sequence[str], shown: bool | None = None) -> list[str]:
    if not (bool(lines) if shown is None else shown):
        return []
    return [paint(head, "bold"), *_listed(lines), ""]


def _listed(rows: Sequence[str]) -> list[str]:
    """One line each, whatever strangers called their files: no name moves the cursor or looks like another line."""
    return some([f"  {''.join(each if each.isprintable() else ascii(each)[1:-1] for each in row)}" for row in rows])
