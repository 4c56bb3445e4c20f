"""Retention: the last few releases, and whatever was retired recently, are kept."""

from clearway.catalog.history import Entry, History
from clearway.stores.records import Records

_DAY = 86_400


def past(history: History, current: str | None, retain: int, retain_days: int, now: int) -> list[str]:
    """The ids that need not be kept at `now`, the latest retired first: not one of the last `retain`, which count
    the current one, and retired for `retain_days` or longer."""
    newest = [id_ for id_ in history.newest_first(current or "") if id_ in history.entries]
    return [
        id_ for id_ in newest[retain:] if id_ != current and now - retired(history.entries[id_]) >= retain_days * _DAY
    ]


def overdue(records: Records, retain: int, retain_days: int, now: int) -> int:
    """How many releases are past retention: what `clearway prune` would remove."""
    return len(past(records.history(), records.current(), retain, retain_days, now))


def retired(entry: Entry) -> int:
    """When a release stopped being current; one that no history says it of, when it was made."""
    return entry.created if entry.retired is None else entry.retired
