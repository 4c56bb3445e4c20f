"""Variables that a block defines by a table: `map`, `geo`, `split_clients`; and the table of valid referers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from clearway.fronts.directive import Directive
from clearway.fronts.nginx import addresses
from clearway.fronts.nginx.hash import murmur
from clearway.fronts.nginx.names import best_name
from clearway.fronts.nginx.versions import WHOLE_SPLITS
from clearway.fronts.regex import Regex

if TYPE_CHECKING:
    from clearway.fronts.nginx.request import Request


# --- map


def _map(block: Directive, request: "Request") -> str:
    source = request.text(block.words[0])
    entries = [each for each in block.block or () if each.words]
    hostnames = any(each.name == "hostnames" for each in block.block or ())
    found = _by_text(entries, source.lower(), hostnames) or _by_regex(entries, source, request)
    default = next((each for each in entries if each.name == "default"), None)
    chosen = found or default
    return request.text(chosen.words[0]) if chosen else ""


def _by_text(entries: list[Directive], source: str, hostnames: bool) -> Directive | None:
    texts = {_key(each.name): each for each in entries if each.name != "default" and not each.name.startswith("~")}
    if not hostnames:
        return texts.get(source)
    best = best_name(texts, source.removesuffix("."))
    return texts[best] if best else None


def _key(written: str) -> str:
    """A leading backslash keeps a word from being special."""
    return written.removeprefix("\\").lower()


def _by_regex(entries: list[Directive], source: str, request: "Request") -> Directive | None:
    for each in entries:
        if each.name.startswith("~"):
            caseless = each.name.startswith("~*")
            match = Regex(each.name.lstrip("~").removeprefix("*") if caseless else each.name[1:], caseless).match(
                source
            )
            if match:
                request.matched(match)
                return each
    return None


# --- geo


def _geo(block: Directive, request: "Request") -> str:
    client = request.text(block.words[0]) if len(block.words) > 1 else request.client
    entries = [each for each in block.block or () if each.words]
    ranges = any(each.name == "ranges" for each in block.block or ())
    best, value = -2, ""
    for each in entries:
        length = _geo_length(each.name, client, ranges)
        if length is not None and length >= best:
            best, value = length, each.words[0]
    return value


def _geo_length(key: str, client: str, ranges: bool) -> int | None:
    """How closely an entry holds the client: bits of its network; None where it does not."""
    if key == "default":
        return -1
    if key in {"delete", "proxy"}:
        return None
    if ranges:
        first, _, last = key.partition("-")
        return 0 if addresses.between(client, first, last or first) else None
    return _bits(key) if addresses.within(client, key) else None


def _bits(network: str) -> int:
    address, _, bits = network.partition("/")
    return int(bits) if bits.isdigit() else 128 if ":" in address else 32


# --- split_clients

_ALL = 10000  # hundredths of a percent


def _split_clients(block: Directive, request: "Request") -> str:
    point, reached, hundredths = murmur(request.text(block.words[0]).encode("utf-8", "surrogateescape")), 0, 0
    for each in block.block or ():
        if each.name == "*":
            return each.words[0]
        share = round(float(each.name.rstrip("%")) * 100)
        reached += share * 0xFFFFFFFF // 10000
        hundredths += share
        if point < reached or (hundredths == _ALL and request.does(WHOLE_SPLITS)):
            return each.words[0]
    return ""


EVALUATORS: dict[str, Callable[[Directive, "Request"], str]] = {
    "map": _map,
    "geo": _geo,
    "split_clients": _split_clients,
}


# --- valid_referers


def invalid_referer(request: "Request") -> str:
    """`$invalid_referer`: `1`, or nothing where the Referer is among the valid ones or none are named."""
    words = [word for each in request.scope.nearest("valid_referers") for word in each.words]
    if not words:
        return ""
    return "" if _valid(request, words) else "1"


def _valid(request: "Request", words: list[str]) -> bool:
    referer = request.visit.fields.get("referer")
    if referer is None:
        return "none" in words
    scheme, mark, rest = referer.partition("://")
    if len(referer) < len("http://i.ru") or not mark or scheme.lower() not in {"http", "https"}:
        return "blocked" in words
    names = [word for word in words if word not in {"none", "blocked", "server_names"}]
    if "server_names" in words:
        names += request.server.names
    host = rest.split("/")[0].split(":")[0].lower()
    path = "/" + rest.partition("/")[2] if "/" in rest else ""
    plain = {word.partition("/")[0].lower(): word for word in names if not word.startswith("~")}
    best = best_name(plain, host)
    if best is not None:
        wanted = plain[best].partition("/")
        return path.startswith(wanted[1] + wanted[2])
    return any(Regex(word[1:], caseless=True).match(rest) for word in names if word.startswith("~"))
