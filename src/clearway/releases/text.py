"""The results of the verbs as people read them: lines of at most 80 columns where names allow it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from .bridge import Bridged
from .files import Difference
from .listing import Listed, Listing
from .prune import Prune
from .rollback import Rollback
from .verify import Verified

Paint = Callable[[str, str], str]  # text, "bold" | "dim" | "red" | "green" → text
_SHOWN = 20  # differences or names that are worth reading; JSON has all
_ID = 16


def size(octets: int) -> str:
    """In decimal units, three digits."""
    value, unit = float(octets), "B"
    for following in ("kB", "MB", "GB", "TB"):
        if value < 999.5:
            break
        value, unit = value / 1000, following
    return f"{value:.0f} {unit}" if unit == "B" or value >= 99.5 else f"{value:.1f} {unit}"


def time(seconds: int | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listing(found: Listing, paint: Paint, option: str = "") -> list[str]:
    """`option` is how a command names where they are."""
    if not found.rows:
        return ["no releases yet; run collectstatic"]
    head = f"  {'release':<{_ID}}  {'made (UTC)':<16}  {'retired (UTC)':<16}  {'assets':>6}  {'size':>8}"
    past = sum(row.is_past_retention for row in found.rows)
    last = f"{count(len(found.rows), 'release')}, {size(found.size)} together"
    if past:
        last += f"; {past} past retention (-): `clearway prune{option}` removes {'it' if past == 1 else 'them'}"
    elif found.forgotten:
        last += f"; {len(found.forgotten)} forgotten: `clearway prune{option}` removes what only they listed"
    return [paint(head, "dim"), *(_row(row, paint) for row in found.rows), "", last]


def _row(row: Listed, paint: Paint) -> str:
    mark = "*" if row.is_current else "-" if row.is_past_retention else " "
    retired = "current" if row.is_current else time(row.entry.retired)
    counted = (
        f"{len(row.release.assets):>6,}  {size(row.size):>8}" if row.release else paint("its record is damaged", "red")
    )
    line = f"{mark} {row.id}  {time(row.entry.created)}  {retired:<16}  {counted}"
    return paint(line, "bold") if row.is_current else paint(line, "dim") if row.is_past_retention else line


def rollback(planned: Rollback, paint: Paint, *, done: bool) -> list[str]:
    target, previous = planned.target.id, planned.previous
    if planned.differences:
        last = f"{target} is not whole; build it again from its own code, or go back to another release"
        return [paint(f"rollback to {target} is refused", "bold"), *differences(planned.differences, paint), "", last]
    head = f"{target} is current already" if target == previous else f"rollback from {previous} to {target}"
    names = f"{len(planned.changed):,} changed, {len(planned.appearing):,} more, {len(planned.disappearing):,} fewer"
    kept = "none is rewritten" if not planned.restored else f"{len(planned.restored):,} rewritten"
    lines = [
        paint(head, "bold"),
        f"  names     {names}",
        f"  files     {planned.files:,}, all whole; the files of {previous} stay",
        f"  unhashed  {kept}",
        *some([f"            {name}" for name in planned.restored]),
    ]
    return [*lines, *_rolled_back(target, paint)] if done else [*lines, "", "nothing was changed (--dry-run)"]


def _rolled_back(target: str, paint: Paint) -> list[str]:
    return ["", f"{paint('done', 'green')}: {target} is current; reload the server, which stays with what it loaded"]


def prune(planned: Prune, paint: Paint, *, done: bool) -> list[str]:
    if planned.is_empty:
        return ["nothing to prune: no release is past retention"]
    rows = [
        f"  {id_}  made {time(entry.created)}, retired {time(entry.retired) or 'never'}"
        for id_, entry in planned.leaving.items()
    ]
    rows += [f"  {id_}  left by a run that was interrupted" for id_ in planned.forgotten]
    files = [f"  {name}" for name in planned.files]
    leftovers = count(len(planned.temporaries), "temporary file")
    goes = [count(len(rows), "release"), f"{count(len(files), 'file')} ({size(planned.size)})"]
    goes += [leftovers] if planned.temporaries else []
    first = f"prune {goes[0]}: {', '.join(goes[1:])} that no other release needs"
    last = f"{paint('done', 'green')}: {size(planned.size)} freed" if done else "nothing was changed (--dry-run)"
    return [paint(first, "bold"), *rows, *(["", *some(files)] if files else []), "", last]


def verified(found: Verified, paint: Paint, where: str, *advice: str) -> list[str]:
    scope = f"{count(len(found.releases), 'release')}, {count(found.files, 'file')}, {size(found.size)}"
    if not found.differences:
        return [f"{where}: {scope}: {paint('all as recorded', 'green')}"]
    last = f"{where}: {scope}: {paint(count(len(found.differences), 'difference'), 'red')}"
    return [*differences(found.differences, paint), "", last, *advice]


def bridged(found: Bridged, paint: Paint, where: str, *, done: bool) -> list[str]:
    lines = [paint(f"bridge from {where}", "bold")]
    lines += [f"  {id_}  retained, retired" for id_ in found.releases]
    octets = size(sum(found.files.values()))
    lines += [f"  files     {len(found.files):,} taken over ({octets}), {len(found.known):,} here already"]
    lines += ["", *differences(found.differences, paint)] if found.differences else []
    left = f"; {count(len(found.differences), 'file')} left behind" if found.differences else ""
    last = f"{paint('done', 'green')}: pages of the old deployment keep their files{left}; reload the server"
    return [*lines, "", last if done else f"nothing was changed (--dry-run){left}"]


def differences(found: Sequence[Difference], paint: Paint) -> list[str]:
    return some([f"{paint(each.file, 'red')} {each.problem}" for each in found])


def some(lines: Sequence[str]) -> list[str]:
    """The first of many, and how many more there are."""
    more = len(lines) - _SHOWN
    return [*lines[:_SHOWN], *([f"  … and {more:,} more (all of them: --format json)"] if more > 0 else [])]
