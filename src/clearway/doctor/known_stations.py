"""The stations that the facts know, and what they know of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from clearway.fronts.front import Front
from clearway.fronts.rendering.words import headline, where
from clearway.fronts.road import Outcome, Road, Step
from clearway.fronts.trace import Trace

from .facts import Facts, Process, Sample, Storage, Walked
from .finding import Finding
from .station import Place, Station
from .stretches.relation import related

T = TypeVar("T")

# layers of a trace that are not the front's
_OTHERS = {"settings", "source", "collected", "record", "file", "permission", "application", "catalog", "answer"}
_FAILS = 400
_SERVERS = {"clearway": "Clearway", "whitenoise": "WhiteNoise", "servestatic": "ServeStatic"}


def sample_of(facts: Facts, cause: Finding | None) -> Walked | None:
    """The request to show: the one that was described, else one that the first cause breaks, else the first.

    Without its road where that leads through a front which has nothing to do with the project.
    """
    roads = _fact(lambda: facts.roads) or ()
    stretches = cause.breaks if cause else frozenset()
    described = (each for each in roads if each.is_described)
    hit = (each for each in roads if each.stretch & stretches)
    of_kind = (each for each in roads if each.sample.kind in {stretch.partition(":")[0] for stretch in stretches})
    files = (each for each in roads if each.sample.kind != "page")
    walked = next(chain(described, hit, of_kind, files), None)
    if walked and _fact(lambda: facts.front) and not _front_of(facts):
        return replace(walked, trace=Trace(walked.sample.url, Road((), Outcome(""))))
    return walked


def known_stations(facts: Facts, walked: Walked | None, cause: Finding | None) -> Iterator[Station]:
    """From the browser to the file. `walked` is the request to show, `cause` the first one that was found."""
    yield Station(Place.BROWSER, "the browser", tuple(_asked(walked, cause)) if walked else ())
    yield from _cdn(facts, walked)
    yield from _front(facts, walked)
    yield from _application(facts, walked)
    yield from _files(facts, walked)


def _asked(walked: Walked, cause: Finding | None) -> Iterator[str]:
    """What is asked for, and the answer: one that fails only where the cause stands for it."""
    outcome = walked.trace.road.outcome
    yield f"asks for {_plain(walked.trace.url)}"
    if not outcome.by or outcome.unknown or outcome.status is None:
        return
    if outcome.status < _FAILS or (cause and {walked.sample.kind, *walked.stretch} & cause.breaks):
        yield f"and would get {headline(outcome)}"


def _plain(url: str) -> str:
    """Without the port that goes without saying."""
    return re.sub(r"^(http://[^/]*):80(?=/)|^(https://[^/]*):443(?=/)", r"\1\2", url)


def _cdn(facts: Facts, walked: Walked | None) -> Iterator[Station]:
    """The other host that pages ask for files, where no road leads through the project for it."""
    name = f"{'MEDIA' if _kind(walked) == 'media' else 'STATIC'}_URL"
    settings = _fact(lambda: facts.settings)
    written = str(settings.get(name) or "") if settings else ""
    host = _host(written)
    if host and not (walked and _host(walked.trace.url) == host):
        yield Station(Place.CDN, host, (f"{name} = {written}",))


def _host(url: str) -> str | None:
    return _fact(lambda: urlsplit(url).hostname)


def _front(facts: Facts, walked: Walked | None) -> Iterator[Station]:
    front = _front_of(facts)
    if front:
        steps = [step for step in walked.trace.road.steps if step.layer not in _OTHERS] if walked else []
        deciding = [step for step in steps if step.location]
        yield Station(Place.FRONT, front.name, tuple(map(_decided, dict.fromkeys([*steps[:1], *deciding[-1:]]))))
    elif broken := _fact(lambda: facts.broken_front):
        yield Station(Place.FRONT, broken.name, (broken.reason,))


def _front_of(facts: Facts) -> Front | None:
    return _fact(lambda: related(facts))


def _decided(step: Step) -> str:
    return f"{step.decision} ({where(step.location)})" if step.location else step.decision


def _application(facts: Facts, walked: Walked | None) -> Iterator[Station]:
    origin = _fact(lambda: facts.origin)
    if not origin:
        return
    settings = f"settings {origin.module or origin.by}"
    yield Station(Place.APPLICATION, "the application", (settings, *_answers(_fact(lambda: facts.process))))


def _answers(process: Process | None) -> Iterator[str]:
    if process:
        who = _SERVERS.get(process.answers, process.answers)
        yield f"{who} answers static files in it" if who else "nothing in it answers static files"


def passed_by(facts: Facts, walked: Walked | None) -> set[Place]:
    """The places that are there, and that such a request does not come to."""
    if _kind(walked) != "page" and _elsewhere(_storage(facts, _kind(walked))):
        return {Place.FRONT, Place.APPLICATION}
    front = _front_of(facts)
    return {Place.APPLICATION} if front and walked and walked.trace.road.outcome.by == front.name else set()


def _kind(walked: Walked | None) -> str:
    return walked.sample.kind if walked else "static"


def _storage(facts: Facts, kind: str) -> Storage | None:
    return _fact(lambda: facts.media_storage if kind == "media" else facts.static_storage)


def _elsewhere(storage: Storage | None) -> bool:
    return bool(storage and not storage.is_local and not storage.problem)


def _files(facts: Facts, walked: Walked | None) -> Iterator[Station]:
    kind = _kind(walked)
    storage = _storage(facts, kind)
    settings = _fact(lambda: facts.settings)
    if not settings or not storage or kind == "page":
        return
    name = f"{kind.upper()}_ROOT"
    if _elsewhere(storage):
        yield Station(Place.FILES, "the storage", (f"{storage.backend} keeps the files elsewhere",))
    elif root := settings.get(name):
        yield Station(Place.FILES, name, (str(root), *(_lies(walked.sample) if walked else ())))
    else:
        yield Station(Place.FILES, name, ("is not set",))


def _lies(sample: Sample) -> Iterator[str]:
    if sample.file:
        yield f"{sample.name} is {'there' if Path(sample.file).is_file() else 'not there'}"


def _fact(look: Callable[[], T]) -> T | None:
    """A fact; None where it is not to be had, or where the project makes its look-up fail, which its checks tell."""
    try:
        return look()
    except Exception:
        return None
