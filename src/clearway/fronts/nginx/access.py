"""Who may: `allow`, `deny`, `auth_basic`, `auth_request`, under `satisfy` (the access phase)."""

from collections.abc import Callable

from clearway.fronts.directive import Directive
from clearway.fronts.nginx import addresses
from clearway.fronts.nginx.request import Ending, Request, Status
from clearway.fronts.unknowable import Unknowable

_CODE = ("access_by_lua", "access_by_lua_block", "access_by_lua_file")
# Asks a location of the same server; the status that it answers, None where the application answers.
Ask = Callable[[Request, str], int | None]


def judge(request: Request, ask: Ask) -> Ending | None:
    """None where the request may go on. Raises Unknowable."""
    code = request.scope.nearest(*_CODE)
    if code:
        raise Unknowable(f"{code[0].name} at {code[0].location.file}:{code[0].location.line} runs code.")
    checks = (_addresses, _password, lambda each: _asked(each, ask))
    any_is_enough = request.scope.word("satisfy", "all") == "any"
    refusal: tuple[int, str, Directive | None] | None = None
    for check in checks:
        verdict = check(request)
        if verdict is None:
            continue
        status = verdict[0]
        if any_is_enough and status == 0:
            del request.challenges[-1:]
            return None
        if status not in {0, 401, 403} or (status and not any_is_enough):
            return _refused(request, *verdict)
        refusal = verdict if status else refusal
    return _refused(request, *refusal) if refusal else None


Verdict = tuple[int, str, Directive | None] | None


def _refused(request: Request, status: int, why: str, rule: Directive | None) -> Status:
    request.step("access", f"{why}: {status}", rule, ok=False)
    return Status(status)


def _addresses(request: Request) -> Verdict:
    """The first rule that fits the client decides; without one it is let through, and this check has no opinion."""
    for rule in request.scope.nearest("allow", "deny"):
        if addresses.within(request.client, rule.words[0]):
            if rule.name == "allow":
                return 0, "", rule
            return 403, f"deny {rule.words[0]} holds for {request.client}", rule
    return None


def _password(request: Request) -> Verdict:
    rules = request.scope.nearest("auth_basic")
    realm = request.text(rules[-1].words[0]) if rules else "off"
    if realm == "off" or not request.scope.nearest("auth_basic_user_file"):
        return None
    if not _has_credentials(request):
        request.challenges.append(f'Basic realm="{realm}"')
        return 401, "auth_basic asks for a password", rules[-1]
    raise Unknowable("whether the password is right is not looked at.")


def _has_credentials(request: Request) -> bool:
    return request.visit.fields.get("authorization", "").lower().startswith("basic ")


def _asked(request: Request, ask: Ask) -> Verdict:
    rules = request.scope.nearest("auth_request")
    if not rules or rules[-1].words[0] == "off":
        return None
    target = request.text(rules[-1].words[0])
    status = ask(request, target)
    if status is None:
        raise Unknowable(f"auth_request asks the application at {target}.")
    if 200 <= status < 300:
        return 0, "", rules[-1]
    if status in {401, 403}:
        return status, f"auth_request {target} is answered {status}", rules[-1]
    return 500, f"auth_request {target} is answered {status}", rules[-1]
