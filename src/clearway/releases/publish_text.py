"""The result of `clearway publish`, for people and for programs."""

from collections.abc import Sequence
from typing import Any

from clearway.http.negotiation import SUFFIXES
from clearway.stores.capabilities import Capabilities
from clearway.stores.purging.purging import Purged

from .publish import Publication
from .published import Published
from .text import Paint, count, differences, size

_SHOWN = 20  # URLs; programs get all


def data(found: Published) -> dict[str, Any]:
    """As programs read it."""
    planned = found.publication
    missing = planned.missing
    return {
        "target": found.where,
        "release": planned.release.id,
        "previous": planned.previous,
        "objects": len(planned.objects),
        "uploads": [{"name": each.name, "size": each.content.size} for each in missing],
        "size": sum(each.content.size for each in missing),
        "store": _known(found.store) if found.store else None,
        "differences": [each.to_json() for each in planned.differences],
        "changed": list(found.changed),
        "purged": purged_data(found.purged),
        "done": found.done,
    }


def purged_data(purged: Purged | None) -> dict[str, Any] | None:
    """What a cache was told; None where none was."""
    if purged is None:
        return None
    return {"cache": purged.where, "urls": len(purged.urls), "left": [*purged.left], "problems": [*purged.problems]}


def _known(known: Capabilities) -> dict[str, Any]:
    return {key: value for key, value in vars(known).items() if key != "coding"} | {"coding": known.coding or None}


def text(found: Published, paint: Paint) -> list[str]:
    """As people read it."""
    planned, where = found.publication, found.where
    id_, missing = planned.release.id, planned.missing
    if planned.differences:
        last = "nothing was replaced; publish below another prefix, or remove what is not yours"
        return [paint(f"{id_} is not published", "bold"), *differences(planned.differences, paint), "", last]
    if planned.is_current:
        return [f"{id_} is current in {where}; nothing to do"]
    octets, there = size(sum(each.content.size for each in missing)), len(planned.objects) - len(missing)
    lines = [
        paint(f"publish {id_} to {where}", "bold"),
        f"  objects   {len(planned.objects):,}: {len(missing):,} to upload ({octets}), {there:,} there already",
        f"  current   {_before(planned)}",
        *_told("store", _store(found.store)),
        *_told("texts", _coding(found.store)),
        *_told("changed", shown(found.changed)),
    ]
    if not found.done:
        return [*lines, "", "nothing was changed; --apply publishes"]
    uploaded = f"{count(len(missing), 'object')} uploaded, each proven to have arrived"
    again = f"clearway purge --target {where}{f' --since {planned.previous}' if planned.previous else ''} --apply"
    return [*lines, "", f"{paint('done', 'green')}: {uploaded}; {id_} is current", *purged(found.purged, again, paint)]


def shown(urls: Sequence[str]) -> list[str]:
    """URLs, the first of many."""
    more = f"and {len(urls) - _SHOWN:,} more; --format json has all"
    return [*urls[:_SHOWN], *([more] if len(urls) > _SHOWN else [])] or ["no URL without a hash"]


def purged(told: Purged | None, again: str, paint: Paint) -> list[str]:
    """What a cache was told; `again` is the command that repeats it."""
    if told is None:
        return []
    done = len(told.urls) - len(told.left)
    lines = [f"{told.where} was told to forget {count(done, 'URL')}"] if done else []
    if told.left:
        left = f"{told.where} may still have {count(len(told.left), 'URL')}"
        lines += [f"{paint('not purged', 'red')}: {left}", *(f"  {each}" for each in told.problems)]
        lines.append(f"the release stays current; this repeats it: {again}")
    return lines


def _told(label: str, lines: list[str]) -> list[str]:
    return [f"  {label if not number else '':<8}  {line}" for number, line in enumerate(lines)]


def _before(planned: Publication) -> str:
    return {None: "nothing yet", planned.release.id: "this release"}.get(planned.previous, f"{planned.previous}")


def _store(known: Capabilities | None) -> list[str]:
    if known is None:
        return ["not asked yet what it can do; --apply asks once"]
    if known.is_conditional:
        return [f"writes on condition (proven {known.checked[:10]})"]
    return [
        f"has no conditional writes (asked {known.checked[:10]}): a lease keeps other",
        "runs away, and every write looks first, with one more request",
    ]


def _coding(known: Capabilities | None) -> list[str]:
    if known and known.coding:
        return [f"in {known.coding} for every client: the CDN must decode for those that", "do not accept it"]
    suffixes = ", ".join(SUFFIXES.values())
    return [f"with variants beside them ({suffixes}): the CDN may answer with the", "one that Accept-Encoding allows"]
