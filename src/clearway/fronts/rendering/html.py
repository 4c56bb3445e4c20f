"""A road as a page that stands alone: no script, nothing to fetch, for a phone as for a wide screen."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from clearway.fronts.trace import Trace

from .svg import COLOURS
from .words import Part, State, clean, details, end_state, headline, parts

_STYLE = (
    COLOURS
    + """
*{box-sizing:border-box}body{margin:0 auto;max-width:46rem;padding:1.25rem;background:var(--paper);color:var(--ink);
font:1rem/1.45 system-ui,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
h1{font:600 1.05rem/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere;margin:1.5rem 0 1rem}
ol{list-style:none;margin:0;padding:0}li{position:relative;padding:0 0 1rem 2.4rem;overflow-wrap:anywhere}
li::before{content:"";position:absolute;left:.6rem;top:.7rem;height:calc(100% + 2px);
border-left:.3rem solid var(--right)}
li:last-child::before{display:none}li.to-wrong::before{border-color:var(--wrong)}
li.to-after::before{border-left-style:dotted;border-color:var(--after)}li.to-unknown::before{border-color:var(--unknown)}
b{display:block}i{position:absolute;left:0;top:.05rem;width:1.5rem;height:1.5rem;border-radius:50%;background:var(--right);
color:var(--on);font:700 .9rem/1.5rem system-ui,sans-serif;text-align:center}
.wrong>i{background:var(--wrong)}.unknown>i{background:var(--unknown)}
.after>i{background:var(--paper);border:.2rem solid var(--after)}.after{color:var(--quiet)}
p{margin:.1rem 0}.wrong>p:not(.where){color:var(--wrong);font-weight:600}
.where{font:.82rem/1.5 ui-monospace,Menlo,Consolas,monospace;color:var(--quiet)}
i.small{left:.45rem;top:.45rem;width:.6rem;height:.6rem;border-width:.15rem}
.end>i{border-radius:.35rem}.end>b{font-size:1.25rem;line-height:1.3}.end.right>b{color:var(--right)}
.end.wrong>b{color:var(--wrong)}.end.unknown>b{color:var(--unknown)}
"""
)
_SLASH = re.compile(r"(?<=[^\s/])/(?!/)")
_MARKS = {State.RIGHT: "✓", State.WRONG: "×", State.AFTER: "", State.UNKNOWN: "?"}


def html(traces: Sequence[Trace]) -> str:
    """The roads of all URLs, one below the other."""
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(clean(traces[0].url) if len(traces) == 1 else 'clearway trace')}</title>",
            f"<style>{_STYLE}</style>",
            *(_road(each) for each in traces),
            "</html>",
        ]
    )


def _road(trace: Trace) -> str:
    end = end_state(trace)
    shown = list(parts(trace))
    following = [*(part.state for part in shown[1:]), State.AFTER if end == State.WRONG else end]
    stations = [_station(*pair) for pair in zip(shown, following, strict=True)]
    return "\n".join([f"<h1>{_breakable(clean(trace.url))}</h1>", "<ol>", *stations, _end(trace, end), "</ol>"])


def _station(part: Part, following: State) -> str:
    return _item(part.state, f" to-{following}", part.layer, [("", part.text), ("where", part.where)])


def _end(trace: Trace, state: State) -> str:
    rows = [("where", detail) for detail in details(trace.road.outcome)]
    return _item(state, " end", headline(trace.road.outcome), rows)


def _item(state: State, more: str, head: str, rows: Sequence[tuple[str, str]]) -> str:
    return "".join(
        [
            f'<li class="{state}{more}">',
            f'<i aria-label="{state}">{_MARKS[state]}</i>' if head or state == State.WRONG else '<i class="small"></i>',
            f"<b>{escape(head)}</b>" if head else "",
            *_paragraphs(rows),
            "</li>",
        ]
    )


def _paragraphs(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    for kind, text in rows:
        if text:
            yield f'<p class="{kind}">{_breakable(text)}</p>' if kind else f"<p>{_breakable(text)}</p>"


def _breakable(text: str) -> str:
    """With a place for a line to break after each slash."""
    return _SLASH.sub("/<wbr>", escape(text))
