"""Bar charts as SVG: panels beside each other, each with its own scale, one row for each name.

The image brings its own background, so that it can be read on any page, and follows the reader's choice of light or
dark.
"""

import statistics
from collections.abc import Callable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

ROW, BAR, LABELS, PANEL, GAP, TOP, EDGE = 22, 13, 218, 128, 12, 62, 14
NUMBER = 42  # of a panel, for the number behind the bar

STYLE = """
  .back { fill: #ffffff; stroke: #d8dce1 }
  text { fill: #22272e; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
  .title { font-size: 13px; font-weight: 600 }
  .number { font-size: 11px }
  .head { font-weight: 600 }
  .axis { stroke: #c3c9d1 }
  rect.lane { fill: #0b7a75 } rect.own { fill: #6fb7b3 } rect.peer { fill: #b4bac2 }
  text.lane { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #16191d; stroke: #343a42 }
    text { fill: #e4e7eb }
    .axis { stroke: #4a525c }
    rect.lane { fill: #2fc4bc } rect.own { fill: #23807b } rect.peer { fill: #646c76 }
  }
"""


class Bars(NamedTuple):
    """A panel: its heading, and for each row the values whose median is drawn; none where there is no bar."""

    heading: str
    values: Sequence[Sequence[float]]

    @property
    def medians(self) -> list[float | None]:
        return [statistics.median(each) if each else None for each in self.values]


def draw(title: str, names: Sequence[str], panels: Sequence[Bars], kind: Callable[[str], str]) -> str:
    """An image; `kind` gives the class of a name's bars: lane, own or peer."""
    width = EDGE * 2 + LABELS + len(panels) * (PANEL + GAP)
    height = TOP + len(names) * ROW + EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="back" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
        _text(EDGE, 26, title, "title"),
        *(_text(EDGE + LABELS - 10, _middle(row), name, kind(name), "end") for row, name in enumerate(names)),
    ]
    for number, panel in enumerate(panels):
        parts += _panel(EDGE + LABELS + number * (PANEL + GAP), panel, [kind(name) for name in names])
    return "\n".join([*parts, "</svg>", ""])


def _panel(left: int, panel: Bars, kinds: Sequence[str]) -> list[str]:
    longest = max((value for value in panel.medians if value), default=1.0)
    bottom = TOP + len(kinds) * ROW
    parts = [
        _text(left, TOP - 12, panel.heading, "head"),
        f'<line class="axis" x1="{left}" y1="{TOP - 4}" x2="{left}" y2="{bottom}"/>',
    ]
    for row, (value, kind) in enumerate(zip(panel.medians, kinds, strict=True)):
        if value is None:
            parts.append(_text(left + 4, _middle(row), "–", "number"))
        else:
            length = max(1.0, value / longest * (PANEL - NUMBER))
            top = TOP + row * ROW + (ROW - BAR) / 2
            parts += [
                f'<rect class="{kind}" x="{left}" y="{top}" width="{length:.1f}" height="{BAR}"/>',
                _text(left + length + 4, _middle(row), _number(value), "number"),
            ]
    return parts


def _middle(row: int) -> float:
    return TOP + row * ROW + ROW / 2 + 4


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    about = f' class="{kind}"' if kind else ""
    return f'<text{about} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 20 else f"{value:,.0f}"
