"""Uploads that a front refuses though the project takes them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from clearway.doctor.facts import Facts, optional
from clearway.doctor.uploading import limit_of
from clearway.fronts.directive import Directive
from clearway.fronts.road import Location

from .configurations import at
from .nginx import Ground
from .passage import Passage, passages
from .wanted import described

_USUAL = 2 * 1024 * 1024  # octets: a photo
_MEGABYTE = 1024 * 1024
_TOO_LARGE = 413


@dataclass(frozen=True)
class Refused:
    """A request that is too large for the front; `because` says why the project takes it."""

    target: str
    octets: int
    because: str
    line: Directive | None
    place: Location | None
    method: str = "POST"
    is_described: bool = False


def refused(facts: Facts) -> Refused | None:
    """The described request, or the first upload that the project takes; None where the front takes it."""
    for each in described(facts):
        if each.road.outcome.status == _TOO_LARGE and not each.road.outcome.unknown:
            place = next(iter(reversed(each.places())), None)
            length = int(each.visit.fields["content-length"])
            told = "the size of the request that fails"
            return Refused(each.visit.target, length, told, _limit(each, place), place, each.visit.method, True)
    return _upload(facts)


def _upload(facts: Facts) -> Refused | None:
    page = next(passages(facts, "page"), None)
    taken = wanted(facts)
    if page is None or taken is None:
        return None
    octets, because = taken
    posted = [_posted(page, target, octets) for target in (page.visit.target, f"{page.visit.target}admin/upload/")]
    if any(each.road.outcome.unknown or each.road.outcome.status != _TOO_LARGE for each in posted):
        return None
    place = next(iter(reversed(posted[0].places())), None)
    return Refused(page.visit.target, octets, because, _limit(posted[0], place), place)


def _posted(page: Passage, target: str, octets: int) -> Passage:
    fields = {**page.visit.fields, "content-length": str(octets)}
    visit = replace(page.visit, method="POST", target=target, fields=fields)
    return page.through(page.front.configuration, visit)


def wanted(facts: Facts) -> tuple[int, str] | None:
    """Octets that the project takes, and how that is known."""
    own = limit_of(facts, "max_size")
    named = dict(_named(facts)) | ({'CLEARWAY["media"]["max_size"]': own} if own else {})
    if named:
        name = max(named, key=lambda each: named[each])
        return named[name], f"{name} is {named[name]:,}"
    if fields := optional(lambda: facts.file_fields):
        return _USUAL, f"{fields[0]} takes files"
    return None


def _named(facts: Facts) -> Iterator[tuple[str, int]]:
    """Settings of the project that say how large an upload may be; FILE_UPLOAD_MAX_MEMORY_SIZE limits none."""
    for name in facts.settings.given:
        value = facts.settings.get(name)
        is_limit = "UPLOAD" in name and "MAX" in name and name != "FILE_UPLOAD_MAX_MEMORY_SIZE"
        if is_limit and isinstance(value, int) and value > _MEGABYTE:
            yield name, value


def _limit(posted: Passage, place: Location | None) -> Directive | None:
    if posted.front.name != "nginx":
        return at(posted.front.configuration, place)
    scope = Ground(posted).scope
    lines = scope.nearest("client_max_body_size") if scope else []
    return lines[-1] if lines else None
