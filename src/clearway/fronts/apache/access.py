"""Who may: `Require` (mod_authz_core), and `Order`, `Allow`, `Deny` of the time before it (mod_access_compat)."""

from collections.abc import Iterable

from clearway.fronts.directive import Directive
from clearway.fronts.unknowable import Unknowable

from . import expressions
from .access_addresses import covers
from .noted import is_set
from .refused import Refused
from .request import Request

GRANTED, DENIED, NO_USER, NEUTRAL = "granted", "denied", "no user", "neutral"
_CONTAINERS = {"requireall", "requireany", "requirenone"}
_COMPAT = ("order", "allow", "deny", "satisfy")


def check(request: Request) -> None:
    """Pass, or raise Refused with 401, 403 or 500; Unknowable."""
    _by_method(request)
    by_host = _compat(request)
    by_rule, rule = _required(request)
    if _any_suffices(request):
        if by_host is None:
            return
        if by_rule == GRANTED:
            return
        by_host = None
    if by_host is not None:
        request.step("access", f"{request.visit.client} is denied by Order, Allow and Deny: 403", by_host, ok=False)
        raise Refused(403)
    if by_rule == GRANTED:
        return
    _refuse(request, by_rule, rule)


def _by_method(request: Request) -> None:
    """AllowMethods (mod_allowmethods)."""
    allowed: set[str] = set()
    rule = None
    for rule in request.scope.all("allowmethods"):
        for word in (each.upper() for each in rule.words):
            if word == "RESET":
                allowed = set()
            elif word.startswith("-"):
                allowed.discard(word[1:])
            elif word.startswith("+"):
                allowed.add(word[1:])
            else:
                allowed = allowed | {word} if word != rule.words[0].upper() else {word}
    if allowed and _method(request) not in {"GET" if each == "HEAD" else each for each in allowed}:
        request.step("access", f"{request.method} is none of AllowMethods: 405", rule, ok=False)
        raise Refused(405)


def _any_suffices(request: Request) -> bool:
    """`Satisfy Any`, in the section whose Order holds."""
    words = [each.words[0].lower() for each in _compat_rules(request) if each.name == "satisfy" and each.words]
    return words[-1:] == ["any"]


def _refuse(request: Request, by_rule: str, rule: Directive | None) -> None:
    words = " ".join(["Require", *rule.words]) if rule and rule.name == "require" else "the rules of access"
    if by_rule != NO_USER:
        request.step("access", f"{request.visit.client} is denied by {words}: 403", rule, ok=False)
        raise Refused(403)
    if not request.scope.word("authtype"):
        request.step("access", f"{words} asks for a user, and no AuthType is set: 500", rule, ok=False)
        raise Refused(500)
    if "authorization" in request.visit.fields:
        raise Unknowable("Whether the user of this request is known is asked of AuthBasicProvider.")
    request.challenge[:] = [_challenge(request)]
    request.step("access", f"{words} asks for a user: 401", rule, ok=False)
    raise Refused(401)


def _challenge(request: Request) -> str:
    kind, name = request.scope.last("authtype"), request.scope.last("authname")
    if not kind or kind.words[0].lower() != "basic":
        raise Unknowable("The challenge of this AuthType has a random part.")
    return f'Basic realm="{name.words[0] if name else ""}"'


# --- Require


def _required(request: Request) -> tuple[str, Directive | None]:
    """The verdict, and the rule that gave it."""
    rules = _rules(request)
    if not rules:
        return GRANTED, None
    method = _method(request)
    kept = [each for each in rules if _is_of_method(each, method)]
    if not kept:
        return GRANTED, None
    verdict, rule = _any(kept, request)
    return (DENIED if verdict == NEUTRAL else verdict), rule or kept[-1]


def _rules(request: Request) -> list[Directive]:
    """Of the strongest section that has some; `AuthMerging` is not looked through."""
    if request.scope.word("authmerging", "off") != "off":
        raise Unknowable("AuthMerging joins the rules of several sections.")
    for layer in reversed(request.scope.layers):
        found = [each for each in layer.directives if _is_rule(each)]
        if found:
            return found
    return []


def _is_rule(each: Directive) -> bool:
    if each.name in {"limit", "limitexcept"}:
        return any(_is_rule(inner) for inner in each.block or ())
    return each.name == "require" or each.name in _CONTAINERS


def _method(request: Request) -> str:
    return "GET" if request.method == "HEAD" else request.method


def _is_of_method(each: Directive, method: str) -> bool:
    if each.name not in {"limit", "limitexcept"}:
        return True
    named = {word.upper() for word in each.words}
    return (method in named) == (each.name == "limit")


def _flat(rules: Iterable[Directive], method: str) -> list[Directive]:
    out: list[Directive] = []
    for each in rules:
        if each.name in {"limit", "limitexcept"}:
            out += _flat(each.block or (), method) if _is_of_method(each, method) else []
        else:
            out.append(each)
    return out


def _any(rules: Iterable[Directive], request: Request) -> tuple[str, Directive | None]:
    verdict, decisive = NEUTRAL, None
    for each in _flat(rules, _method(request)):
        found, rule = _judged(each, request)
        if found == GRANTED:
            return found, rule
        if found != NEUTRAL and (verdict == NEUTRAL or (found == NO_USER and verdict == DENIED)):
            verdict, decisive = found, rule
    return verdict, decisive


def _all(rules: Iterable[Directive], request: Request) -> tuple[str, Directive | None]:
    verdict, decisive = NEUTRAL, None
    for each in _flat(rules, _method(request)):
        found, rule = _judged(each, request)
        if found == DENIED:
            return found, rule
        if found != NEUTRAL and (found == NO_USER or verdict == NEUTRAL):
            verdict, decisive = found, rule
    return verdict, decisive


def _judged(rule: Directive, request: Request) -> tuple[str, Directive | None]:
    if rule.name == "requireall":
        return _all(_inside(rule), request)
    if rule.name == "requireany":
        return _any(_inside(rule), request)
    if rule.name == "requirenone":
        return _negated(_any(_inside(rule), request)[0]), rule
    words = rule.words
    if words and words[0].lower() == "not":
        return _negated(_provider(words[1:], request)), rule
    return _provider(words, request), rule


def _inside(rule: Directive) -> list[Directive]:
    return [each for each in rule.block or () if _is_rule(each)]


def _negated(verdict: str) -> str:
    return DENIED if verdict == GRANTED else NEUTRAL


def _provider(words: tuple[str, ...], request: Request) -> str:
    name, rest = words[0].lower(), words[1:]
    client = request.visit.client
    if name == "all":
        return GRANTED if rest and rest[0].lower() == "granted" else DENIED
    if name == "ip":
        return GRANTED if any(covers(each, client) for each in rest) else DENIED
    if name == "local":
        own = client.startswith("127.") or client in {"::1", request.visit.address}
        return GRANTED if own else DENIED
    if name == "method":
        return GRANTED if _method(request) in {each.upper() for each in rest} else DENIED
    if name in {"valid-user", "user", "group", "ldap-user", "ldap-group", "dbm-group", "file-owner", "file-group"}:
        return NO_USER
    if name == "expr":
        return GRANTED if expressions.holds(" ".join(rest), request) else DENIED
    if name == "env":
        return GRANTED if any(is_set(each, request) for each in rest) else DENIED
    raise Unknowable(f"Require {name} depends on more than the request.")


# --- Order, Allow, Deny


def _compat_rules(request: Request) -> list[Directive]:
    layer = next(
        (each for each in reversed(request.scope.layers) if any(_is_compat(one) for one in each.directives)), None
    )
    return _flat([each for each in layer.directives if _is_compat(each)], _method(request)) if layer else []


def _is_compat(each: Directive) -> bool:
    if each.name in {"limit", "limitexcept"}:
        return any(_is_compat(inner) for inner in each.block or ())
    return each.name in _COMPAT


def _compat(request: Request) -> Directive | None:
    """The directive that denies; None where nothing does."""
    rules = [each for each in _compat_rules(request) if each.name in _COMPAT]
    order = next(
        ("".join(each.words).replace(" ", "").lower() for each in reversed(rules) if each.name == "order"), "deny,allow"
    )
    allows, denies = (_fitting(rules, name, request) for name in ("allow", "deny"))
    if order == "allow,deny":
        is_denied = not allows or bool(denies)
    elif order == "mutual-failure":
        is_denied = not (allows and not denies)
    else:
        is_denied = bool(denies) and not allows
    if not is_denied:
        return None
    return (denies or rules)[-1]


def _fitting(rules: list[Directive], name: str, request: Request) -> list[Directive]:
    found = []
    for each in rules:
        whom = [word for word in each.words if word.lower() != "from"] if each.name == name else []
        if any(_is_meant(word, request) for word in whom):
            found.append(each)
    return found


def _is_meant(word: str, request: Request) -> bool:
    if word.lower() == "all":
        return True
    if word.lower().startswith("env="):
        return is_set(word[4:], request)
    return covers(word, request.visit.client)
