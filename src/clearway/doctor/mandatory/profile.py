"""A profile of AppArmor: whether its rules let a path be read (apparmor.d(5))."""

import re
from collections.abc import Callable, Iterator

Include = Callable[[str], str]  # the text of an included file, empty for none

_PROFILE = re.compile(r"^[ \t]*(?:profile\s+)?(?P<name>\"[^\"]+\"|[^\s{(]+)[^{\n]*\{", re.MULTILINE)
_RULE = re.compile(
    r"^\s*(?:audit\s+)?(?P<deny>deny\s+)?(?:allow\s+)?(?:owner\s+)?(?:file\s+)?(?:(?P<first>[rwaklmixuUpPcC]+)\s+)?"
    r"(?P<path>\"[^\"]+\"|[/@{][^\s,]*)(?:\s+(?P<rights>[rwaklmixuUpPcC]+))?(?:\s*->\s*\S+)?\s*,"
)
_ALL = re.compile(r"^\s*(?:allow\s+)?file\s*,", re.MULTILINE)
_INCLUDE = re.compile(r"^\s*#?include\s+(?:if\s+exists\s+)?[<\"](?P<name>[^>\"]+)[>\"]", re.MULTILINE)
_VARIABLE = re.compile(r"^\s*@\{(?P<name>\w+)\}\s*\+?=\s*(?P<value>[^\n]+)$", re.MULTILINE)
_DEEPEST = 8  # files that include files


def rules_of(text: str, name: str) -> str | None:
    """The rules of a profile, with what its file says before; None where it has none of this name that enforces."""
    for found in _PROFILE.finditer(text):
        head, own = text[found.start() : found.end()], found["name"].strip('"')
        if name in (own, own.rpartition("/")[2]) or f"profile {name} " in head:
            return None if "complain" in head else text[: found.start()] + "\n" + _inner(text, found.end())
    return None


def allows(rules: str, path: str, include: Include) -> bool:
    """Whether reading is allowed; what cannot be resolved allows, so that nobody is blamed without proof."""
    whole = "\n".join(_included(rules, include, _DEEPEST))
    if _ALL.search(whole):
        return True
    variables = {each["name"]: each["value"].split() for each in _VARIABLE.finditer(whole)}
    granted = False
    for line in whole.splitlines():
        rule = None if line.lstrip().startswith("#") else _RULE.match(line)
        rights = (rule["rights"] or rule["first"] or "") if rule else ""
        if rule and "r" in rights and _matches(rule["path"].strip('"'), path, variables):
            if rule["deny"]:
                return False
            granted = True
    return granted


def _included(rules: str, include: Include, left: int) -> Iterator[str]:
    yield rules
    for found in _INCLUDE.finditer(rules) if left else ():
        yield from _included(include(found["name"]), include, left - 1)


def _inner(text: str, start: int) -> str:
    """Up to the brace that closes the profile; alternations in paths have braces too."""
    depth = 1
    for place in range(start, len(text)):
        if text[place] in "{}":
            depth += 1 if text[place] == "{" else -1
            if depth == 0:
                return text[start:place]
    return text[start:]


def _matches(pattern: str, path: str, variables: dict[str, list[str]]) -> bool:
    named = re.search(r"@\{(\w+)\}", pattern)
    if named:
        values = variables.get(named[1])
        if values is None:
            return True
        return any(_matches(pattern.replace(named[0], each, 1).replace("//", "/"), path, variables) for each in values)
    return re.fullmatch(_regex(pattern), path) is not None


def _regex(pattern: str) -> str:
    out, place = "", 0
    signs = {"?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
    while place < len(pattern):
        if pattern.startswith("**", place):
            out, place = out + ".*", place + 2
            continue
        sign = pattern[place]
        closing = pattern.find("]", place) if sign == "[" else -1
        if closing > 0:
            out, place = out + pattern[place : closing + 1].replace("[^", "[^/"), closing + 1
            continue
        out += "[^/]*" if sign == "*" else signs.get(sign, re.escape(sign))
        place += 1
    return out
