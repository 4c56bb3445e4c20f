"""A finding on a page: what, proof, where, effect and remedy; folded below it what follows, and what it means."""

import re
from collections.abc import Iterator, Sequence

from clearway.doctor.finding import Finding, Fix
from clearway.doctor.registry import all_checks
from clearway.fronts.rendering.sheet import breakable, plain
from clearway.fronts.rendering.words import where

from .words import mended_by, shown

_CODE = re.compile(r"`([^`]+)`")
_MARKUP = {"+": "ins", "-": "del"}


def finding(cause: Finding, number: int, consequences: Sequence[Finding]) -> str:
    """The block of a cause, counted from 0, which stations link to."""
    folded = [_block(each) for each in consequences]
    follows = _folded(f"what follows from it: {_listed(consequences)}", folded) if folded else ""
    return _block(cause, f' id="cause-{number + 1}"', f"{number + 1}. ", follows)


def _block(each: Finding, anchor: str = "", counted: str = "", follows: str = "") -> str:
    return "\n".join(
        [
            f'<article class="finding {each.level.value}"{anchor}>',
            f'<p class="id"><b class="level">{each.level.value}</b> {plain(f"{each.id} {each.name}")}</p>',
            f"<h3>{counted}{_prose(each.message)}</h3>",
            f"<dl>{''.join(_rows(each))}</dl>",
            follows,
            _explained(each.id),
            "</article>",
        ]
    )


def _rows(each: Finding) -> Iterator[str]:
    if each.evidence:
        items = "".join(f"<li>{breakable(shown(row))}</li>" for row in each.evidence)
        yield f'<dt>proof</dt><dd class="mono"><ul>{items}</ul></dd>'
    if each.location:
        yield f'<dt>where</dt><dd class="mono">{breakable(where(each.location))}</dd>'
    if each.effect:
        yield f"<dt>effect</dt><dd>{_prose(each.effect)}</dd>"
    yield f"<dt>fix</dt><dd>{_prose(each.fix.summary)}{''.join(_remedy(each.fix))}</dd>"


def _remedy(fix: Fix) -> Iterator[str]:
    """Commands, each of which one click selects, and the diff."""
    yield from (f'<pre class="command">{plain(command)}</pre>' for command in fix.commands)
    if fix.diff:
        lines = fix.diff.removesuffix("\n").replace("\r", "").split("\n")
        yield f'<pre class="diff">{"".join(map(_difference, lines))}</pre>'
    if by := mended_by(fix):
        yield f"<p><code>{plain(by)}</code> does this.</p>"


def _difference(line: str) -> str:
    """A line of a diff; its sign stands in it."""
    is_head = line.startswith(("+++", "---"))
    markup = "span" if is_head else _MARKUP.get(line[:1], "span")
    return f"<{markup}>{plain(line) or ' '}</{markup}>"


def _explained(id_: str) -> str:
    """Its page, folded."""
    page = next((check.page for check in all_checks() if check.rule.id == id_), "")
    return _folded(f"what {id_} means", _sections(page)) if page else ""


def _sections(page: str) -> Iterator[str]:
    for part in page.split("\n\n"):
        head, *rest = part.splitlines()
        is_section = bool(rest) and rest[0].startswith(" ")
        if is_section:
            yield f"<h4>{plain(head)}</h4>"
        yield f"<p>{_prose(' '.join((' '.join(rest) if is_section else part).split()))}</p>"


def _prose(text: str) -> str:
    """What stands in backticks is code."""
    return _CODE.sub(r"<code>\1</code>", breakable(shown(text)))


def _folded(title: str, rows: Iterator[str] | Sequence[str]) -> str:
    return f"<details><summary>{plain(title)}</summary>{''.join(rows)}</details>"


def _listed(found: Sequence[Finding]) -> str:
    return ", ".join(dict.fromkeys(f"{each.id} {each.name}" for each in found))
