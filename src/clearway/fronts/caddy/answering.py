"""Directives that answer by themselves, or change what others answer: `respond`, `redir`, `header`, `root` and more."""

import json
import re
from base64 import b64decode
from collections.abc import Iterable

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.unknowable import Unknowable

from . import regex
from .compiling import Scope
from .headers import Change, Changes, Headers
from .request import Answer, HandlerError, Request
from .rewriting import Rewrite
from .routes import Handler

CLOSED = 444  # no answer: the connection is closed

_CODES = {"permanent": "301", "temporary": "302", "": "302"}
_SIZE = re.compile(r"\s*([\d.]+)\s*([kmgt]?)(i?)b?\s*", re.IGNORECASE)


def wrong(directive: Directive, why: str) -> ConfigurationError:
    """A directive that Caddy does not take."""
    return ConfigurationError(f"{directive.name} {why}", directive.location)


# --- variables


def root(directive: Directive, _: Scope) -> Iterable[Handler]:
    if len(directive.words) != 1:
        raise wrong(directive, "takes one directory")

    def handler(request: Request) -> bool:
        request.variables["root"] = request.all(directive.words[0])
        request.step("root", f"root {request.variables['root']}", directive.location)
        return False

    return (handler,)


def variables(directive: Directive, _: Scope) -> Iterable[Handler]:
    pairs = [directive.words] if directive.words else []
    pairs += [(line.name, *line.words) for line in directive.block or ()]
    if any(len(pair) != 2 for pair in pairs):
        raise wrong(directive, "takes a name and a value")

    def handler(request: Request) -> bool:
        for name, value in pairs:
            request.variables[request.all(name)] = request.all(value)
        return False

    return (handler,)


def mapping(directive: Directive, _: Scope) -> Iterable[Handler]:
    """`map`: values of placeholders by another one, sought when they are asked for."""
    if len(directive.words) < 2:
        raise wrong(directive, "takes a source and destinations")
    source, *names = directive.words
    lines = [line for line in directive.block or () if line.name != "default"]
    defaults = next((line.words for line in directive.block or () if line.name == "default"), None)

    def value(request: Request, name: str) -> str | None:
        if f"{{{name}}}" not in names:
            return None
        place, given = names.index(f"{{{name}}}"), request.all(source)
        for line in lines:
            output = line.words[place] if place < len(line.words) else "-"
            if output == "-":
                continue
            if line.name.startswith("~"):
                if match := regex.search(line.name[1:], given):
                    return regex.expanded(output, match)
            elif line.name == given:
                return request.all(output)
        if defaults is None:
            return ""
        return request.all(defaults[place]) if place < len(defaults) else ""

    def handler(request: Request) -> bool:
        request.providers.append(lambda name: value(request, name))
        return False

    return (handler,)


# --- header fields


def header(directive: Directive, _: Scope) -> Iterable[Handler]:
    lines = [line for line in directive.block or () if line.name != "defer"]
    defers = len(lines) < len(directive.block or ())
    if directive.words and lines:
        raise wrong(directive, "takes fields in the line or in a block, not both")
    if directive.words:
        name, value, replacement, *_rest = (*directive.words, "", "", "")
        changes = [Change.parse(name, value, replacement)]
        sets = [Changes(changes, defers)]
    else:
        parsed = [_change(line) for line in lines]
        plain = [each for each in parsed if each.kind != "?"]
        sets = [Changes(plain, defers), Changes([each for each in parsed if each.kind == "?"])]
    for each in sets:
        each.is_deferred = each.is_deferred or each.deletes or bool(each.defaults)
    return tuple(_header_handler(directive, each) for each in sets if each.changes)


def _change(line: Directive) -> Change:
    value, replacement, *_rest = (*line.words, "", "")
    return Change.parse(line.name.removesuffix(":"), value, replacement)


def _header_handler(directive: Directive, changes: Changes) -> Handler:
    names = ", ".join(change.name for change in changes.changes)

    def handler(request: Request) -> bool:
        when = ", when the answer is written" if changes.is_deferred else ""
        request.step("header", f"header {names}{when}", directive.location)
        if changes.is_deferred:
            request.wrappers.append(lambda answer: changes.apply(answer.headers, request.known))
        else:
            changes.apply(request.headers, request.known)
        return False

    return handler


def request_header(directive: Directive, _: Scope) -> Iterable[Handler]:
    if not directive.words:
        raise wrong(directive, "takes a field")
    name, value, replacement, *_rest = (*directive.words, "", "", "")
    try:
        changes = Changes([Change.parse(name.removesuffix(":"), value, replacement, is_request=True)])
    except ValueError as error:
        raise wrong(directive, str(error)) from None

    def handler(request: Request) -> bool:
        fields = Headers()
        for field, text in (*request.fields.items(), ("host", request.host)):
            fields.set(field, text)
        changes.apply(fields, request.known)
        request.fields = {field: fields.joined(field) for field in fields.names() if field != "host"}
        request.host = (fields.values("host") or [""])[-1]
        return False

    return (handler,)


# --- answers


def respond(directive: Directive, _: Scope) -> Iterable[Handler]:
    body, status = _body_and_status(directive)
    told = next((" ".join(line.words) for line in directive.block or () if line.name == "body"), "")
    return (_static(directive, status, body or told),)


def _body_and_status(directive: Directive) -> tuple[str, str]:
    words = directive.words
    if len(words) == 2:
        return words[0], words[1]
    if len(words) != 1:
        raise wrong(directive, "takes a text, a status or both")
    is_status = len(words[0]) == 3 and words[0].isdecimal() and int(words[0]) > 0
    return ("", words[0]) if is_status else (words[0], "")


def redir(directive: Directive, _: Scope) -> Iterable[Handler]:
    if not 1 <= len(directive.words) <= 2:
        raise wrong(directive, "takes an address and a status")
    to, written = (*directive.words, "")[:2]
    if written == "html":
        return (_static(directive, "200", f"<!DOCTYPE html>\n{to}"),)
    code = _CODES.get(written, written)
    if not code.startswith("{") and not (code.isdecimal() and (300 <= int(code) <= 399 or int(code) == 401)):
        raise wrong(directive, f"takes a status of 300 to 399, or 401: {code}")
    return (_static(directive, code, "", to),)


def _static(directive: Directive, status: str, body: str, to: str = "") -> Handler:
    def handler(request: Request) -> bool:
        if to:
            request.headers.set("Location", request.all(to))
        text = request.known(body)
        if not request.headers.first("Content-Type"):
            request.headers.set("Content-Type", *([_text_type(body)] if text else []))
        filled = request.all(status)
        if status and not re.fullmatch(r"[+-]?\d+", filled):
            raise HandlerError(500, "the status is no number")
        code = int(filled) if status else request.error.status if request.error else 200
        where = f" to {request.headers.first('Location')}" if to else ""
        request.step("redirect" if to else "respond", f"{directive.name}: {code}{where}", directive.location)
        if code == 103:
            return False
        request.answer(code, length=len(text.encode("utf-8", "surrogateescape")), text=text)
        return True

    return handler


def _text_type(body: str) -> str:
    text = body.strip()
    if len(text) > 2 and text[0] + text[-1] in {"{}", "[]"}:
        try:
            json.loads(text)
        except ValueError:
            pass
        else:
            return "application/json"
    return "text/plain; charset=utf-8"


def error(directive: Directive, _: Scope) -> Iterable[Handler]:
    message, status = _body_and_status(directive)
    told = next((" ".join(line.words) for line in directive.block or () if line.name == "message"), "")

    def handler(request: Request) -> bool:
        filled = request.all(status) if status else "500"
        code = int(filled) if filled.isdecimal() else 500
        request.step("error", f"error {code}", directive.location, ok=False)
        raise HandlerError(code, message or told)

    return (handler,)


def abort(directive: Directive, _: Scope) -> Iterable[Handler]:
    def handler(request: Request) -> bool:
        request.step("respond", "abort: the connection is closed", directive.location)
        request.ended = Answer(CLOSED, Headers())
        return True

    return (handler,)


# --- the request


def rewrite(directive: Directive, _: Scope) -> Iterable[Handler]:
    if len(directive.words) != 1:
        raise wrong(directive, "takes one address")
    return (Rewrite(uri=directive.words[0], location=directive.location),)


def method(directive: Directive, _: Scope) -> Iterable[Handler]:
    if len(directive.words) != 1:
        raise wrong(directive, "takes one method")
    return (Rewrite(method=directive.words[0], location=directive.location),)


def uri(directive: Directive, _: Scope) -> Iterable[Handler]:
    kind, *words = directive.words or ("",)
    place, name = directive.location, f"uri {kind}"
    if kind == "strip_prefix" and len(words) == 1:
        prefix = words[0] if words[0].startswith("/") else "/" + words[0]
        return (Rewrite(strip_prefix=prefix, location=place, name=name),)
    if kind == "strip_suffix" and len(words) == 1:
        return (Rewrite(strip_suffix=words[0], location=place, name=name),)
    if kind == "replace" and len(words) in {2, 3}:
        most = words[2] if len(words) == 3 else "0"
        if not re.fullmatch(r"-?\d+", most):
            raise wrong(directive, "replace takes a number at the end")
        return (Rewrite(substring=(words[0], words[1], int(most)), location=place, name=name),)
    if kind == "path_regexp" and len(words) == 2:
        return (Rewrite(expression=(words[0], words[1]), location=place, name=name),)
    raise wrong(directive, f"does not take {' '.join(directive.words) or 'nothing'!r}")


def basic_auth(directive: Directive, _: Scope) -> Iterable[Handler]:
    realm = directive.words[1] if len(directive.words) > 1 else "restricted"
    users = {line.name for line in directive.block or ()}

    def handler(request: Request) -> bool:
        user = _user(request.fields.get("authorization", ""))
        if user in users:
            raise Unknowable("Whether the password is right is not tried here.")
        request.headers.set("Www-Authenticate", f'Basic realm="{realm}"')
        request.step("access", f"{directive.name}: nobody is logged in: 401", directive.location, ok=False)
        raise HandlerError(401, "not authenticated")

    return (handler,)


def _user(field: str) -> str | None:
    scheme, _, value = field.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, _ = b64decode(value, validate=True).decode("utf-8", "replace").partition(":")
    except ValueError:
        return None
    return name if colon else None


def request_body(directive: Directive, _: Scope) -> Iterable[Handler]:
    """Only what reads a body meets the limit: an upstream."""
    written = next((" ".join(line.words) for line in directive.block or () if line.name == "max_size"), "")
    found = _SIZE.fullmatch(written)
    if written and not found:
        raise wrong(directive, f"max_size is no size: {written}")
    limit = _octets(found) if found else 0

    def handler(request: Request) -> bool:
        if limit:
            request.static["clearway.limit"] = str(limit)
        return False

    return (handler,)


def _octets(found: re.Match[str]) -> int:
    power = " kmgt".index(found[2].lower() or " ")
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


def unknown_end(directive: Directive, _: Scope) -> Iterable[Handler]:
    """A directive that answers something of its own."""

    def handler(request: Request) -> bool:
        request.step("respond", directive.name, directive.location)
        raise Unknowable(f"{directive.name} answers by itself.")

    return (handler,)
