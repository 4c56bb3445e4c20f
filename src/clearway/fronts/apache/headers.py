"""The header fields of an answer: validators, Expires (mod_expires), Header (mod_headers), Vary."""

import re
from collections.abc import Iterable
from email.utils import formatdate
from time import time

from clearway.fronts.directive import Directive
from clearway.fronts.unknowable import Unknowable

from . import expressions
from .noted import is_set
from .pages import failed
from .patterns import search
from .request import Request, Served

_ACTIONS = {"set", "append", "merge", "add", "unset", "echo", "edit", "edit*", "note", "setifempty"}
_SECONDS = {"year": 31536000, "month": 2592000, "week": 604800, "day": 86400, "hour": 3600, "minute": 60, "second": 1}
_WORTH = 69  # octets; what is shorter is left as it is
Table = list[tuple[str, str]]


def fields(request: Request, served: Served, status: int, *, is_error: bool) -> dict[str, str]:
    """By lower-case name, several of one name joined."""
    sent: Table = []
    always: Table = [("WWW-Authenticate", each) for each in request.challenge]
    if served.file and served.entry and not is_error:
        sent = _of_file(request, served)
    if served.by == "apache" and not is_error:
        sent += _of_content(request)
    for name in () if is_error else request.vary:
        _merge(sent, "Vary", name)
    if request.location and 300 <= status < 400:
        sent.append(("Location", request.location))
    if status < 400:
        _expires(request, served, sent, is_page=is_error)
    if not is_error:
        _deflate(request, served, sent)
    if request.has("headers"):
        _rules(request, always, "always", status)
        if not is_error:
            _rules(request, sent, "onsuccess", status)
    found: dict[str, str] = {}
    for name, value in [*always, *sent]:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    if served.file and request.scope.word("fileetag") == "none":
        found.pop("etag", None)  # whoever set it
    if "vary" in found:
        found["vary"] = _varied(found["vary"])
    return found


def _varied(value: str) -> str:
    """Each name once (fixup_vary)."""
    once: dict[str, str] = {}
    for name in re.findall(r"[^\s,]+", value):
        once.setdefault(name.lower(), name)
    return ",".join(once.values())


def _of_file(request: Request, served: Served) -> Table:
    entry = served.entry
    assert entry
    tag = _etag(request, entry.size, entry.mtime_ns or entry.mtime * 1_000_000_000)
    rows = [("Last-Modified", formatdate(entry.mtime, usegmt=True))]
    rows += [("ETag", tag)] if tag else []
    return [*rows, ("Accept-Ranges", "bytes")]


def _of_content(request: Request) -> Table:
    coding, languages = ", ".join(request.encodings), ", ".join(request.languages)
    rows = [("Content-Encoding", _as_asked(coding, request) if request.has("negotiation") else coding)]
    return [row for row in (*rows, ("Content-Language", languages)) if row[1]]


def _as_asked(coding: str, request: Request) -> str:
    """`gzip` and `x-gzip` are one coding, named as the client names it (fix_encoding of mod_negotiation)."""
    bare = coding.removeprefix("x-")
    asked = [
        each.partition(";")[0].strip().lower() for each in request.visit.fields.get("accept-encoding", "").split(",")
    ]
    return next((name for name in (bare, f"x-{bare}") if name in asked), coding)


def _etag(request: Request, size: int, moment: int) -> str:
    rule = request.scope.last("fileetag")
    words = {word.lower() for word in rule.words} if rule else {"mtime", "size"}
    if words & {"none"}:
        return ""
    if words - {"mtime", "size"}:
        raise Unknowable("FileETag counts more than size and time.")
    parts = [f"{size:x}"] if "size" in words else []
    parts += [f"{moment // 1000:x}"] if "mtime" in words else []
    return '"' + "-".join(parts) + '"'


# --- tables


def _set(table: Table, name: str, value: str) -> None:
    at = next((place for place, row in enumerate(table) if row[0].lower() == name.lower()), None)
    table[:] = [row for place, row in enumerate(table) if place == at or row[0].lower() != name.lower()]
    if at is None:
        table.append((name, value))
    else:
        table[at] = (name, value)


def _append(table: Table, name: str, value: str) -> None:
    """To the first of the name."""
    for place, (key, old) in enumerate(table):
        if key.lower() == name.lower():
            table[place] = (key, f"{old}, {value}")
            return
    table.append((name, value))


def _merge(table: Table, name: str, value: str) -> None:
    """Append, unless one of the list is this value already."""
    old = next((each for key, each in table if key.lower() == name.lower()), None)
    if old is None or value not in [each.strip() for each in old.split(",")]:
        _append(table, name, value)


def _value(table: Table, name: str) -> str | None:
    """Of the first row; appending joins to it."""
    rows = [value for key, value in table if key.lower() == name.lower()]
    return ", ".join(rows) if rows else None


# --- mod_headers


def _rules(request: Request, table: Table, condition: str, status: int) -> None:
    for rule in request.scope.all("header"):
        words = list(rule.words)
        own = words.pop(0).lower() if words and words[0].lower() in {"always", "onsuccess"} else "onsuccess"
        if own != condition or not words:
            continue
        action, name = words[0].lower().rstrip(), words[1].rstrip(":") if len(words) > 1 else ""
        rest = words[2:]
        if action not in _ACTIONS or not name:
            continue
        if _is_early(rest, action) or not holds(request, rest if action == "unset" else rest[1:]):
            continue
        _act(request, rule, table, action, name, rest)


def _is_early(rest: list[str], action: str) -> bool:
    return bool(rest) and rest[-1].lower() == "early"


def holds(request: Request, rest: list[str]) -> bool:
    """Whether the condition behind the value of a rule is true, or is none. Raises Unknowable."""
    last = rest[-1] if rest else ""
    if last.lower().startswith("env="):
        return is_set(last[4:], request)
    return not last.lower().startswith("expr=") or expressions.holds(last[5:], request)


def _act(request: Request, rule: Directive, table: Table, action: str, name: str, rest: list[str]) -> None:
    if action == "unset":
        if name.lower() == "content-type":
            request.type = None
        table[:] = [row for row in table if row[0].lower() != name.lower()]
        return
    if action in {"echo", "note"}:
        raise Unknowable(f"Header {action} copies from elsewhere.")
    if name.lower() == "content-type":
        _typed(request, action, rest)
        return
    if action.startswith("edit"):
        _edit(table, name, rest, every=action == "edit*")
        return
    value = filled(rest[0], request) if rest else ""
    if action == "add":
        table.append((name, value))
    elif action == "setifempty":
        _set(table, name, value) if _value(table, name) is None else None
    else:
        {"set": _set, "append": _append, "merge": _merge}[action](table, name, value)


def _typed(request: Request, action: str, rest: list[str]) -> None:
    """The field is in no table yet, so that every action but `edit` sets it."""
    if rest and not action.startswith("edit"):
        request.type, request.charset = filled(rest[0], request), ""


def _edit(table: Table, name: str, rest: list[str], *, every: bool) -> None:
    if every or len(rest) < 2:
        raise Unknowable("Header edit* replaces every occurrence.")
    for place, (key, value) in enumerate(table):
        if key.lower() == name.lower() and (groups := search(rest[0], value)) is not None:
            new = re.sub(r"\$(\d)", lambda found, g=groups: g[int(found[1])] if int(found[1]) < len(g) else "", rest[1])  # type: ignore[misc]
            table[place] = (key, value.replace(groups[0], new, 1))


def filled(value: str, request: Request) -> str:
    """A value with its variables. Raises Unknowable."""
    if value.startswith("expr="):
        return re.sub(r"%\{([^}]*)\}", lambda found: _variable(found[1], request), value[5:])
    if re.search(r"%[^%]", value):
        raise Unknowable(f"The value {value} of a header depends on the moment or the environment.")
    return value.replace("%%", "%")


def _variable(name: str, request: Request) -> str:
    from .values import value

    return value(name, request)


# --- mod_expires


def _expires(request: Request, served: Served, table: Table, *, is_page: bool) -> None:
    if not request.has("expires") or not request.scope.is_on("expiresactive") or _value(table, "Expires") is not None:
        return
    rule = _lifetime(request, "text/html" if is_page else request.type or "")
    if rule is None:
        return
    base, seconds = _duration(rule)
    now = int(time())
    if base == "modification":
        entry = served.entry or request.entry
        if not entry or not entry.exists:
            return
        moment = max(entry.mtime + seconds, now)
    else:
        moment = max(now + seconds, now)
    _merge(table, "Cache-Control", f"max-age={moment - now}")
    _set(table, "Expires", formatdate(moment, usegmt=True))


def _lifetime(request: Request, media_type: str) -> str | None:
    kinds: dict[str, str] = {}
    default = None
    for each in request.scope.all("expiresbytype", "expiresdefault"):
        if each.name == "expiresdefault":
            default = " ".join(each.words)
        else:
            kinds[each.words[0].lower()] = " ".join(each.words[1:])
    type_ = media_type.partition(";")[0].strip().lower()
    return kinds.get(type_) or kinds.get(type_.partition("/")[0] + "/*") or default


def _duration(rule: str) -> tuple[str, int]:
    if found := re.fullmatch(r"([AM])(-?\d+)", rule):
        return ("access" if found[1] == "A" else "modification"), int(found[2])
    base, *rest = rule.split()
    pairs: Iterable[tuple[str, str]] = re.findall(r"(-?\d+)\s+([a-z]+?)s?\b", " ".join(rest).lower())
    total = sum(int(count) * _SECONDS.get(unit, 0) for count, unit in pairs)
    return ("modification" if base.lower() == "modification" else "access"), total


# --- mod_deflate


def _deflate(request: Request, served: Served, table: Table) -> None:
    """Of its effect what does not depend on the bytes: Vary, and the coding where the client takes it."""
    kinds = {word.lower() for each in _filters(request) for word in each}
    type_ = (request.type or "").partition(";")[0].lower()
    name = next((each for each in ("DEFLATE", "BROTLI_COMPRESS") if f"{each}:{type_}".lower() in kinds), "")
    if (
        "no-gzip" in request.environ
        or _is_empty(request, served)
        or not name
        or request.encodings
        or (served.entry and served.entry.size < _WORTH)
    ):
        return
    coding = "gzip" if name == "DEFLATE" else "br"
    _merge(table, "Vary", "Accept-Encoding")
    if _takes(request.visit.fields.get("accept-encoding", ""), coding):
        _set(table, "Content-Encoding", coding)
        tag = _value(table, "ETag")
        if tag:
            _set(table, "ETag", f'{tag[:-1]}-{coding}"')
        table[:] = [row for row in table if row[0] != "Accept-Ranges"]


def _is_empty(request: Request, served: Served) -> bool:
    """Nothing passes the filter; of a list for HEAD neither."""
    return request.method == "OPTIONS" or (request.method == "HEAD" and not served.file)


def _filters(request: Request) -> Iterable[list[str]]:
    """`FILTER:type` of each rule, those by type for no page of an error; `SetOutputFilter` for the type at hand."""
    type_ = (request.type or "").partition(";")[0]
    for each in request.scope.all("addoutputfilterbytype"):
        if request.has("filter") and not failed(request):
            yield [f"{name}:{kind}" for name in each.words[0].split(";") for kind in each.words[1:]]
    last = request.scope.last("setoutputfilter")
    if last:
        yield [f"{name}:{type_}" for name in last.words[0].split(";")]


def _takes(accepted: str, coding: str) -> bool:
    """Its own look: the first mention of the coding counts, with a weight that is not 0."""
    for part in accepted.split(","):
        name, _, rest = part.partition(";")
        if name.strip().lower() == coding:
            weight = re.search(r"q\s*=\s*([\d.]+)", rest)
            return not weight or float(weight[1] or 0) > 0
    return False
