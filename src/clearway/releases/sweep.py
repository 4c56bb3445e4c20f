"""`clearway prune --target`: what a store does not need any more is forgotten, and later removed.

1. releases past retention leave the history, and the indexes no longer promise their files
2. at least the grace period later: the claim to remove, the objects that no other release lists, indexes and records,
   and the claim is given back

A run that is killed anywhere is gone on with by the next one: what is forgotten is in the history until all is removed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from clearway.catalog import layout
from clearway.stores.claims import Claim, unclaimed_places
from clearway.stores.errors import ChangedError, LockedError
from clearway.stores.switch import put_indexes, retain
from clearway.stores.transport import Transport

from .garbage import Garbage, Terms, plan

_AT_ONCE = 1000  # objects: as many as a store removes in one request
_TRIES = 5  # each after another run changed the records in between

Told = Callable[[str, int, int], None]
"""What goes on, how much of it is done, and of how much."""


def prune(target: Transport, terms: Terms, told: Told) -> Garbage:
    """Do it, and say what was done. Raises `LockedError` when another run is at it, `ReleaseError` as `plan` does."""
    before: Garbage | None = None
    for _ in range(_TRIES):
        planned = plan(unclaimed_places(target), target, terms)
        if before:
            interrupted = [*before.interrupted, *planned.interrupted]
            planned = replace(planned, leaving={**before.leaving, **planned.leaving}, interrupted=interrupted)
        try:
            carry_out(planned, target, told)
        except ChangedError:
            before = planned
        else:
            return planned
    raise LockedError(f"other runs keep changing {target.where}; run this again when they are done")


def carry_out(planned: Garbage, target: Transport, told: Told) -> None:
    """Do it. Raises `ChangedError` when other releases are there than were planned with: nothing was removed then."""
    records = planned.places.records
    if planned.due:
        claim = Claim(target)
        with claim.held(planned.places, planned.history):
            records.flush()
            put_indexes(records.indexed(), planned.history, records)
            records.flush()
            _remove(planned, target, claim, told)
        claim.done(*planned.due)
    elif not planned.is_empty or planned.history.pending:
        retain(planned.history, records.indexed(), records)


def _remove(planned: Garbage, target: Transport, claim: Claim, told: Told) -> None:
    """Objects, then indexes, then records, which know what there was to remove."""
    done = 0
    for names in _batches([*planned.files]):
        claim.check()
        target.delete(names)
        done += len(names)
        told("Removed", done, len(planned.files))
    target.flush()
    for name in (layout.index, layout.record):
        claim.check()
        target.delete([f"{layout.FOLDER}/{name(id_)}" for id_ in planned.due])
        target.flush()


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]
