"""`set`, `if`, `rewrite`, `return` and `break`, in their order (ngx_http_rewrite_module)."""

from collections.abc import Callable
from enum import Enum

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError
from clearway.fronts.nginx import conditions, types, uri
from clearway.fronts.nginx.request import Ending, Request, Served, Status
from clearway.fronts.nginx.scope import Scope
from clearway.fronts.nginx.value import evaluate
from clearway.fronts.regex import Regex
from clearway.fronts.road import Location
from clearway.fronts.unknowable import Unknowable

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ABSOLUTE = ("http://", "https://", "$scheme")


class Stop(Enum):
    """The rest of the rules of this phase is passed over."""

    STOP = "stop"


Verdict = Ending | Stop | None


def run(request: Request, level: Scope) -> Ending | None:
    """The rules of a server or a location; None where the request goes on. Raises Unknowable."""
    request.quotes = True
    verdict = _run(request, level)
    return None if isinstance(verdict, Stop) else verdict


def _run(request: Request, level: Scope) -> Verdict:
    for rule in level.directive.block or ():
        if rule.name == "if":
            verdict = _if(request, rule, level)
        else:
            verdict = _RULES[rule.name](request, rule) if rule.name in _RULES else None
        if verdict is not None:
            return verdict
    return None


# --- the rules


def _set(request: Request, rule: Directive) -> Verdict:
    name = rule.words[0].lstrip("$").lower()
    try:
        value: str | Unknowable = request.rule_text(rule.words[1])
    except Unknowable as unknowable:
        value = unknowable
    if name == "args":
        if isinstance(value, Unknowable):
            raise value
        request.arguments = value
    else:
        request.values[name] = value
    return None


def _if(request: Request, rule: Directive, level: Scope) -> Verdict:
    """In a location the block is a level of its own, and stays in force."""
    if not conditions.holds(rule, request):
        return None
    request.step("rewrite", f"{conditions.written(rule)} is true", rule)
    inner = level.inner(rule)
    if level.location is not None:
        request.enter(inner)
    return _run(request, inner)


def _break(request: Request, _: Directive) -> Verdict:
    if request.path_changed:
        request.valid_location = request.path_changed = False
    return Stop.STOP


def _return(request: Request, rule: Directive) -> Verdict:
    code, text = _answer(rule)
    if text is None and code >= 400:
        request.step("rewrite", f"return {code}", rule, ok=False)
        return Status(code)
    value = request.text(text or "")
    if code in REDIRECTS:
        request.location = value
        request.step("rewrite", f"return {code} to {value}", rule)
        return Status(code)
    request.step("rewrite", f"return {code} with a text of the configuration", rule, ok=code < 400)
    return Served(code, type=types.of(request), length=len(value.encode("utf-8", "surrogateescape")))


def _answer(rule: Directive) -> tuple[int, str | None]:
    """Status and text or address; an address alone is a 302."""
    first = rule.words[0]
    if first.isdigit():
        return int(first), rule.words[1] if len(rule.words) > 1 else None
    if len(rule.words) == 1 and first.startswith(_ABSOLUTE):
        return 302, first
    raise ConfigurationError(f'invalid return code "{first}"', rule.location)


def _rewrite(request: Request, rule: Directive) -> Verdict:
    pattern, replacement = rule.words[0], rule.words[1]
    flag = rule.words[2] if len(rule.words) > 2 else ""
    match = Regex(pattern).match(request.path)
    request.matched(match)
    if match is None:
        return None
    code = _redirect_code(replacement, flag)
    request.internal, request.valid_unparsed = True, False
    request.path_changed = not code and flag != "break"
    if not request.path_changed:
        request.valid_location = False
    if code:
        return _sent_away(request, rule, replacement, code)
    old, request.quotes = request.path, False
    _replaced(request, replacement)
    if not request.path:
        request.step("rewrite", "the rewritten path is empty: 500", rule, ok=False)
        return Status(500)
    request.step("rewrite", f"rewrite {pattern} makes {old} into {request.path}{f' ({flag})' if flag else ''}", rule)
    return Stop.STOP if flag else None


def _redirect_code(replacement: str, flag: str) -> int:
    if flag == "permanent":
        return 301
    return 302 if flag == "redirect" or (replacement.startswith(_ABSOLUTE)) else 0


def _sent_away(request: Request, rule: Directive, replacement: str, code: int) -> Status:
    adds = not replacement.endswith("?")
    bare = replacement.removesuffix("?")
    text = uri.unescaped_redirect(evaluate(bare, request, request.escaped))
    if adds and request.arguments:
        text += ("&" if "?" in bare else "?") + request.arguments
    request.location = text
    request.step("rewrite", f"rewrite {rule.words[0]} redirects with {code} to {text}", rule)
    return Status(code)


def _replaced(request: Request, replacement: str) -> None:
    """Path and arguments from a replacement; a question mark at its end drops the old arguments."""
    adds = not replacement.endswith("?")
    path, mark, arguments = replacement.removesuffix("?").partition("?")
    new_path = evaluate(path, request)
    if mark:
        new = evaluate(arguments, request, request.escaped)
        old = request.arguments if adds else ""
        request.arguments = f"{new}&{old}" if old else new
    elif not adds:
        request.arguments = ""
    request.path = new_path


def _set_by_code(request: Request, rule: Directive) -> Verdict:
    name = rule.words[0].lstrip("$").lower() if rule.words else ""
    request.values[name] = Unknowable(f"${name} is set by code at {place(rule.location)}.")
    return None


def place(location: Location) -> str:
    """`file:line`."""
    return f"{location.file}:{location.line}"


_RULES: dict[str, Callable[[Request, Directive], Verdict]] = {
    "set": _set,
    "break": _break,
    "return": _return,
    "rewrite": _rewrite,
    "set_by_lua": _set_by_code,
    "set_by_lua_block": _set_by_code,
    "set_by_lua_file": _set_by_code,
}
