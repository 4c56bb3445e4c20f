"""What was foretold of a case, beside what the real server did."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path

from clearway.fronts.road import Outcome, Road, Visit
from tools.front_asking import NOT_ASKED, Answer
from tools.front_bench import PlacedCase
from tools.front_case import Case, Place, Request
from tools.front_upstream import plain

COMPARED = (
    "location", "cache-control", "vary", "content-encoding", "x-one", "x-two", "access-control-allow-origin",
    "x-content-type-options", "etag", "last-modified", "www-authenticate",
)  # fmt: skip
_WITHOUT_BODY = {204, 304}
_CONTENT = re.compile(rb"\d+:[^\n]+\n")
_AGE = re.compile(r"max-age=(\d+)")
_REFUSED = re.compile("refuses the configuration|none that .* takes")  # said by a walk
_SECONDS = 120  # between the answer and the prediction, where a lifetime counts from a moment

Router = Callable[[Path, Path], Callable[[Visit], Road]]


@dataclass(frozen=True)
class Difference:
    """One request of a case; `told` has a line for each thing that differs, by aspect."""

    number: int
    told: Mapping[str, str]
    outcome: Outcome | None
    answer: Answer


@dataclass
class Verdict:
    """Of one case: the requests that differ, the reasons of those that cannot be known, the directives met."""

    case: Case
    differences: list[Difference] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    met: set[tuple[str, int]] = field(default_factory=set)


def verdict(placed: PlacedCase, router: Router) -> Verdict:
    """Compare every request of a case that the server has taken."""
    found = Verdict(placed.case)
    try:
        route = router(placed.main, placed.place.home)
    except Exception as error:
        told = {"reading": f"raised {error!r}"}
        found.differences = [Difference(0, told, None, placed.answers[0])]
        return found
    for number, (request, answer) in enumerate(zip(placed.case.requests, placed.answers, strict=True)):
        if answer.status == NOT_ASKED:
            continue
        try:
            road = route(visit(request, placed.place))
        except Exception as error:
            found.differences.append(Difference(number, {"routing": f"raised {error!r}"}, None, answer))
            continue
        found.met |= {(step.location.file, step.location.line) for step in road.steps if step.location}
        if road.outcome.unknown and _REFUSED.search(road.outcome.unknown):
            told = {"reading": f"foretold {road.outcome.unknown!r}, and the server takes it"}
            found.differences.append(Difference(number, told, road.outcome, answer))
        elif road.outcome.unknown:
            found.unknown.append(road.outcome.unknown)
        elif any("\0" in value for value in answer.headers.values()):
            # nginx 1.22: $request_filename below an alias, for the name of the location without its slash.
            found.unknown.append("The server has sent foreign memory.")
        elif told := dict(differences(road.outcome, answer, request, placed.place)):
            found.differences.append(Difference(number, told, road.outcome, answer))
    return found


def visit(request: Request, place: Place) -> Visit:
    """The request as a router is asked about it."""
    fields = {name.lower(): value for name, value in request.fields.items()}
    return Visit(
        request.method,
        "http",
        request.host or "",
        place.port,
        place.fill(request.target),
        request.address,
        fields,
        request.client,
    )


def differences(outcome: Outcome, answer: Answer, request: Request, place: Place) -> Iterator[tuple[str, str]]:
    """(aspect, foretold and real) of each thing that differs."""
    reached = _reached(answer, place)
    if outcome.by == "application":
        itself = f"the front itself, {answer.status}"
        foretold = plain((outcome.upstream or outcome.by).rstrip(" "))  # as a field of a header is sent
        yield from _unless_same("upstream", foretold, reached or itself)
        if outcome.status is not None and reached:
            yield from _unless_same("status", outcome.status, answer.status)
        return
    if reached:
        yield "upstream", f"none foretold, but {outcome.status}; real {reached}"
        return
    yield from _unless_same("status", outcome.status, answer.status)
    if answer.status != outcome.status:
        return
    yield from _file(outcome, answer, request)
    yield from _unless_same("type", _plain(outcome.type), _plain(answer.headers.get("content-type")))
    for name in COMPARED:
        yield from _unless_same(f"header {name}", _header(outcome.headers, name), _header(answer.headers, name))
    yield from _ages(outcome.headers.get("cache-control", ""), answer.headers.get("cache-control", ""))
    yield from _expires(outcome.headers.get("expires"), answer.headers.get("expires"))


def _reached(answer: Answer, place: Place) -> str:
    """The upstream and what it was asked for, as its front writes it; empty where none was."""
    name = answer.headers.get("x-upstream")
    if name is None:
        return ""
    scheme, address = answer.headers["x-protocol"], place.upstreams[name]
    if scheme == "wsgi":
        return f"wsgi:{answer.headers['x-received']}"
    if scheme != "http":
        return f"{scheme}://{address}"
    return f"{scheme}://{address}{':' if address.startswith('unix:') else ''}{answer.headers['x-received']}"


def _unless_same(aspect: str, foretold: object, real: object) -> Iterator[tuple[str, str]]:
    if foretold != real:
        yield aspect, f"foretold {foretold!r}, real {real!r}"


def _file(outcome: Outcome, answer: Answer, request: Request) -> Iterator[tuple[str, str]]:
    if request.method == "HEAD" or answer.status in _WITHOUT_BODY:
        return
    if outcome.file is None:
        if is_content(answer.body):
            yield "file", f"none foretold, real {answer.body!r}"
        return
    content = _read(outcome.file)
    if content is None or (content != answer.body and not _is_part(request, answer.body, content)):
        yield "file", f"foretold {outcome.file} ({content!r}), real {answer.body[:100]!r}"


def _is_part(request: Request, body: bytes, content: bytes) -> bool:
    return "Range" in request.fields and bool(body) and body in content


def is_content(body: bytes) -> bool:
    """Whether it is that of a file that a case has made."""
    return _CONTENT.fullmatch(body) is not None


def _read(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:
        return None


def _plain(value: str | None) -> str:
    return (value or "").replace("; ", ";").lower()


def _header(headers: Mapping[str, str], name: str) -> str:
    """A lifetime that counts from a moment is compared apart."""
    return _AGE.sub("max-age=…", headers.get(name, ""))


def _ages(foretold: str, real: str) -> Iterator[tuple[str, str]]:
    pairs = zip(_AGE.findall(foretold), _AGE.findall(real), strict=False)
    if any(abs(int(one) - int(other)) > _SECONDS for one, other in pairs):
        yield "header cache-control", f"foretold {foretold!r}, real {real!r}"


def _expires(foretold: str | None, real: str | None) -> Iterator[tuple[str, str]]:
    if foretold is None or real is None:
        yield from _unless_same("header expires", foretold, real)
    elif abs((parsedate_to_datetime(foretold) - parsedate_to_datetime(real)).total_seconds()) > _SECONDS:
        yield "header expires", f"foretold {foretold!r}, real {real!r}"
