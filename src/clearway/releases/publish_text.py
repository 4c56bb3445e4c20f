"""The result of `clearway publish`, for people and for programs."""

from typing import Any

from clearway.http.negotiation import SUFFIXES
from clearway.stores.capabilities import Capabilities

from .publish import Publication
from .text import Paint, count, differences, size


def data(planned: Publication, known: Capabilities | None, where: str, *, done: bool) -> dict[str, Any]:
    """As programs read it."""
    missing = planned.missing
    return {
        "target": where,
        "release": planned.release.id,
        "previous": planned.previous,
        "objects": len(planned.objects),
        "uploads": [{"name": each.name, "size": each.content.size} for each in missing],
        "size": sum(each.content.size for each in missing),
        "store": _known(known) if known else None,
        "differences": [each.to_json() for each in planned.differences],
        "done": done,
    }


def _known(known: Capabilities) -> dict[str, Any]:
    return {key: value for key, value in vars(known).items() if key != "coding"} | {"coding": known.coding or None}


def text(planned: Publication, known: Capabilities | None, where: str, paint: Paint, *, done: bool) -> list[str]:
    """As people read it."""
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
        *_told("store", _store(known)),
        *_told("texts", _coding(known)),
    ]
    if done:
        uploaded = f"{count(len(missing), 'object')} uploaded, each proven to have arrived"
        return [*lines, "", f"{paint('done', 'green')}: {uploaded}; {id_} is current"]
    return [*lines, "", "nothing was changed; --apply publishes"]


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
