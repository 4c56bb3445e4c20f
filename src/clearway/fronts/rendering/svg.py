"""A road as a picture that stands alone: one SVG, no script, its own colours for light and for dark."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from clearway.fronts.trace import Trace

from .measure import wrapped
from .words import Part, State, clean, details, end_state, headline, parts

WIDTH = 440
_ROAD, _TEXT, _EDGE = 30, 60, 20  # where the road runs, where text begins, what stays free at the right
_BOLD = 15.4  # what bold text of 14 takes
_MARKS = {State.RIGHT: "✓", State.WRONG: "×", State.AFTER: "", State.UNKNOWN: "?"}
COLOURS = """
:root{--paper:#fbfbf9;--ink:#1c2227;--quiet:#5f6a73;--right:#25774f;--wrong:#c02f2a;--unknown:#8a5a00;--after:#b3bac0;--on:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#14181b;--ink:#e8ebed;--quiet:#9aa6af;--right:#54b88a;--wrong:#ff7b70;
--unknown:#e5b04a;--after:#4a545c;--on:#14181b}}
"""
_STYLE = (
    COLOURS
    + """
svg{font:14px system-ui,"Segoe UI",Roboto,"Liberation Sans",sans-serif;max-width:100%;height:auto}
.paper{fill:var(--paper)}text{fill:var(--ink)}.url{font:600 15px ui-monospace,Menlo,Consolas,monospace}
.layer{font-weight:650}.where{font:12px ui-monospace,Menlo,Consolas,monospace;fill:var(--quiet)}
.quiet{fill:var(--quiet)}.head{font-size:18px;font-weight:650}
path{fill:none;stroke-width:5;stroke-linecap:round}.right{stroke:var(--right)}.wrong{stroke:var(--wrong)}
.unknown{stroke:var(--unknown)}.after{stroke:var(--after);stroke-dasharray:1 9}
circle.right,rect.right{fill:var(--right)}circle.wrong,rect.wrong{fill:var(--wrong)}
circle.unknown,rect.unknown{fill:var(--unknown)}circle.after{fill:var(--paper);stroke-width:3;stroke-dasharray:none}
.mark{fill:var(--on);font-size:13px;font-weight:700;text-anchor:middle}
text.said-wrong{fill:var(--wrong);font-weight:600}text.said-right{fill:var(--right)}text.said-unknown{fill:var(--unknown)}
"""
)


@dataclass
class _Drawing:
    """Elements from the top down; `y` is where the next one begins."""

    y: float = 16
    road: list[str] = field(default_factory=list)
    front: list[str] = field(default_factory=list)

    def write(
        self, text: str, size: float, leading: int, kind: str = "", *, x: float = _TEXT, mono: bool = False
    ) -> None:
        """Wrapped lines."""
        for line in wrapped(text, WIDTH - x - _EDGE, size, mono=mono):
            self.y += leading
            self.front.append(f'<text x="{x}" y="{self.y:g}" class="{kind}">{escape(line)}</text>')

    def station(self, state: State, y: float, *, is_small: bool) -> None:
        """A place on the road; a small one has no mark of its own, but where something is wrong."""
        is_small = is_small and state != State.WRONG
        self.front.append(f'<circle cx="{_ROAD}" cy="{y:g}" r="{5 if is_small else 10}" class="{state}"/>')
        if _MARKS[state] and not is_small:
            self.front.append(f'<text x="{_ROAD}" y="{y + 4.5:g}" class="mark">{_MARKS[state]}</text>')

    def stretch(self, state: State, start: float, end: float) -> None:
        """The road between two places."""
        self.road.append(f'<path d="M{_ROAD} {start:g}V{end:g}" class="{state}"/>')


def svg(traces: Sequence[Trace]) -> str:
    """The roads of all URLs, one below the other."""
    drawing = _Drawing()
    for trace in traces:
        _draw(trace, drawing)
    height = drawing.y + 16
    size = f'width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{_label(traces)}">',
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height:g}"/>',
            *drawing.road,
            *drawing.front,
            "</svg>",
        ]
    )


def _label(traces: Sequence[Trace]) -> str:
    told = "; ".join(f"{each.url}: {headline(each.road.outcome)}" for each in traces)
    return escape(clean(told))


def _draw(trace: Trace, drawing: _Drawing) -> None:
    drawing.write(clean(trace.url), 15, 20, "url", x=_EDGE, mono=True)
    drawing.y += 14
    last: float | None = None
    for part in parts(trace):
        last = _part(part, drawing, last)
    state = end_state(trace)
    if last is not None:
        drawing.stretch(State.AFTER if state == State.WRONG else state, last, drawing.y + 26)
    _end(trace, state, drawing)


def _part(part: Part, drawing: _Drawing, last: float | None) -> float:
    """A station with its text; gives its place on the road."""
    drawing.y += 4
    place = drawing.y + 14
    if last is not None:
        drawing.stretch(part.state, last, place)
    drawing.station(part.state, place, is_small=not part.layer)
    drawing.write(part.layer, 14, 19, "layer quiet" if part.state == State.AFTER else "layer")
    drawing.write(part.text, _BOLD if part.state == State.WRONG else 14, 19, _said(part.state))
    drawing.write(part.where, 12, 17, "where", mono=True)
    drawing.y += 8
    return place


def _said(state: State) -> str:
    return {State.WRONG: "said-wrong", State.AFTER: "quiet"}.get(state, "")


def _end(trace: Trace, state: State, drawing: _Drawing) -> None:
    """Where the road ends: the answer."""
    drawing.y += 12
    drawing.front.append(
        f'<rect x="{_ROAD - 11}" y="{drawing.y + 3:g}" width="22" height="22" rx="5" class="{state}"/>'
    )
    drawing.front.append(f'<text x="{_ROAD}" y="{drawing.y + 18.5:g}" class="mark">{_MARKS[state]}</text>')
    drawing.write(headline(trace.road.outcome), 18, 20, f"head said-{state}")
    drawing.y += 3
    for detail in details(trace.road.outcome):
        drawing.write(detail, 12, 17, "where", mono=True)
    drawing.y += 20
