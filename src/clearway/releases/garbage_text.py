"""The result of `clearway prune --target`, for people and for programs: what goes, and why nobody needs it."""

from collections import Counter
from typing import Any

from . import data as rows
from .garbage import Garbage
from .text import Paint, count, size, some, time

_LIFECYCLE = (
    "Uploads in parts that never ended are not seen here (Clearway makes none): let a lifecycle rule of the",
    "bucket abort those. No rule may remove objects by age: a file that did not change for a year is in use.",
)


def data(planned: Garbage, where: str, *, done: bool) -> dict[str, Any]:
    """As programs read it."""
    return {
        "target": where,
        "releases": [
            {"id": id_, "created": rows.time(entry.created), "retired": rows.time(entry.retired)}
            for id_, entry in planned.leaving.items()
        ],
        "interrupted": list(planned.interrupted),
        "waiting": [{"id": id_, "until": rows.time(until)} for id_, until in planned.waiting.items()],
        "removed": [{"id": id_, "forgotten": rows.time(left)} for id_, left in planned.due.items()],
        "kept": [{"id": id_, "reason": why} for id_, why in planned.kept.items()],
        "files": [
            {"name": name, "size": each.size, "releases": list(each.releases)} for name, each in planned.files.items()
        ],
        "others": list(planned.others),
        "temporary": [],
        "size": planned.size,
        "done": done,
    }


def text(planned: Garbage, paint: Paint, where: str, *, done: bool) -> list[str]:
    """As people read it."""
    waiting = [f"  waiting   {id_}  until {time(until)}" for id_, until in planned.waiting.items()]
    if planned.is_empty:
        return [f"nothing to prune in {where}: no release is past retention", *waiting]
    files = [f"  {name}  ({', '.join(each.releases)})" for name, each in planned.files.items()]
    lines = [
        paint(f"prune {where}", "bold"),
        *_leaving(planned),
        *waiting,
        *(f"  removed   {id_}  forgotten {time(left)}" for id_, left in planned.due.items()),
        *(
            [f"  objects   {len(files):,} ({size(planned.size)}) that only removed releases listed"]
            if planned.due
            else []
        ),
        f"  kept      {_kept(planned)}",
        *(["", *some(files)] if files else []),
        *(
            ["", *some([f"  {name} stays: it is not what a release listed" for name in planned.others])]
            if planned.others
            else []
        ),
    ]
    return [*lines, "", *_last(planned, paint, where, done=done)]


def _leaving(planned: Garbage) -> list[str]:
    lines = [
        f"  leaves    {id_}  made {time(entry.created)}, retired {time(entry.retired) or 'never'}"
        for id_, entry in planned.leaving.items()
    ]
    return [*lines, *(f"  leaves    {id_}  left by a run that was interrupted" for id_ in planned.interrupted)]


def _kept(planned: Garbage) -> str:
    reasons = Counter(planned.kept.values())
    return f"{count(len(planned.kept), 'release')}: " + ", ".join(f"{number} {why}" for why, number in reasons.items())


def _last(planned: Garbage, paint: Paint, where: str, *, done: bool) -> list[str]:
    if not done:
        return ["nothing was changed (--dry-run)"]
    later = [until for id_, until in planned.waiting.items() if id_ in planned.leaving or id_ in planned.interrupted]
    freed = f"{size(planned.size)} freed" if planned.due else "nothing is removed yet"
    again = f"; from {time(max(later))} (UTC) on, the same command removes what left" if later else ""
    return [f"{paint('done', 'green')}: {freed}{again}", *(_LIFECYCLE if planned.files and "://" in where else ())]
