"""The middleware that answers static files stands below others that answer or change them first.

What it means
    Each request passes the middleware above first, also one for a style sheet. It may be answered there, with a login
    page or from a cache, or what is answered may be changed on its way back.

Why it breaks in production but not locally
    runserver answers static files before any middleware is asked.

See it yourself
    curl -sI https://your.domain/static/admin/css/base.css

Fix
    Directly below SecurityMiddleware, above all others.

When to ignore
    Where what stands above must see requests for files too, such as a counter of requests; what is known to be
    harmless is not reported.
"""

import ast
from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level, Safety
from clearway.doctor.line_edit import diff_of, read
from clearway.doctor.rule import Layer, Rule
from clearway.fronts.road import Location

RULE = Rule("CW103", "middleware-order", "middleware-order", Level.WARNING, Layer.APPLICATION, ("settings", "process"))
_SECURITY = "django.middleware.security.SecurityMiddleware"


def look(facts: Facts) -> Iterator[Finding]:
    process, where = facts.process, facts.settings.line_of("MIDDLEWARE")
    if not process.hasty or facts.settings["DEBUG"]:
        return
    refuses = [name for name, why in process.hasty.items() if why.startswith("answers")]
    yield RULE.finding(
        f"{_short(process.served_by)} stands below {_short((refuses or list(process.hasty))[0])}",
        *(f"{name} {why}" for name, why in list(process.hasty.items())[:3]),
        *([f"and {len(process.hasty) - 3} more"] if len(process.hasty) > 3 else []),
        location=where,
        effect="each file costs what a page costs, and some are refused, redirected or changed on the way",
        fix=Fix(
            f"move {process.served_by} directly below SecurityMiddleware",
            Safety.UNSAFE,
            _moved(where, process.served_by),
        ),
        breaks=frozenset({"static"}),
        level=Level.ERROR if refuses else Level.WARNING,
    )


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _moved(where: Location | None, name: str) -> str:
    """The diff, where MIDDLEWARE is a list with one name a line; empty otherwise."""
    if where is None:
        return ""
    try:
        before = read(where)
        nodes = [node for node in ast.walk(ast.parse(b"".join(before))) if getattr(node, "lineno", 0) == where.line]
    except (SyntaxError, ValueError):
        return ""
    values = [node.value for node in nodes if isinstance(node, ast.Assign) and isinstance(node.value, ast.List)]
    entries = {
        str(each.value): each.lineno for value in values for each in value.elts if isinstance(each, ast.Constant)
    }
    if name not in entries or len(set(entries.values())) != len(entries):
        return ""
    after = [line for number, line in enumerate(before, 1) if number != entries[name]]
    place = entries[_SECURITY] if entries.get(_SECURITY, entries[name]) < entries[name] else min(entries.values()) - 1
    after.insert(place, before[entries[name] - 1])
    return diff_of(where.file, after)
