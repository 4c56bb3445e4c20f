"""A page that stands alone, with the stations of a road: no script, nothing to fetch, for a phone as for a desk."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from .svg import COLOURS
from .words import clean

_STYLE = (
    COLOURS
    + """
*{box-sizing:border-box}body{margin:0 auto;max-width:46rem;padding:1.25rem;background:var(--paper);color:var(--ink);
font:1rem/1.45 system-ui,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
.url{font:600 1.05rem/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere;margin:1.5rem 0 1rem}
.road{list-style:none;margin:0;padding:0}.road>li{position:relative;padding:0 0 1rem 2.4rem;overflow-wrap:anywhere}
.road>li::before{content:"";position:absolute;left:.6rem;top:.7rem;height:calc(100% + 2px);
border-left:.3rem solid var(--right)}
.road>li:last-child::before{display:none}.road>.to-wrong::before{border-color:var(--wrong)}
.road>.to-after::before{border-left-style:dotted;border-color:var(--after)}
.road>.to-unknown::before{border-color:var(--unknown)}
.road b{display:block}.road i{position:absolute;left:0;top:.05rem;width:1.5rem;height:1.5rem;border-radius:50%;
background:var(--right);color:var(--on);font:700 .9rem/1.5rem system-ui,sans-serif;text-align:center}
.road .wrong>i{background:var(--wrong)}.road .unknown>i{background:var(--unknown)}
.road .after>i{background:var(--paper);border:.2rem solid var(--after)}.road .after{color:var(--quiet)}
.road p{margin:.1rem 0}.road .wrong>p:not(.where){color:var(--wrong);font-weight:600}
.where{font:.82rem/1.5 ui-monospace,Menlo,Consolas,monospace;color:var(--quiet)}
.road i.small{left:.45rem;top:.45rem;width:.6rem;height:.6rem;border-width:.15rem}
.road .end>i{border-radius:.35rem}.road .end>b{font-size:1.25rem;line-height:1.3}
.road .end.right>b{color:var(--right)}.road .end.wrong>b{color:var(--wrong)}.road .end.unknown>b{color:var(--unknown)}
"""
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_SLASH = re.compile(r"(?<=[^\s/])/(?!/)")


def sheet(title: str, rows: Iterable[str], style: str = "") -> str:
    """A whole document; `rows` are markup, `style` comes after what all such pages share.

    The policy keeps the page from running or fetching anything, whatever a name on it contains.
    """
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<link rel="icon" href="data:,">',
            f"<title>{plain(title)}</title>",
            f"<style>{_STYLE}{style}</style>",
            *rows,
            "</html>",
        ]
    )


def station(kind: str, sign: str, head: str, rows: Sequence[str] = (), label: str = "") -> str:
    """An item of a list of the class `road`, small without a head; `kind` are its classes, `rows` are markup."""
    disc = f'<i role="img" aria-label="{plain(label)}">{sign}</i>' if head or label else '<i class="small"></i>'
    return "".join([f'<li class="{kind}">', disc, f"<b>{plain(head)}</b>" if head else "", *rows, "</li>"])


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of plain text; none for no text."""
    if not text:
        return ""
    return f'<p class="{kind}">{breakable(text)}</p>' if kind else f"<p>{breakable(text)}</p>"


def breakable(text: str) -> str:
    """The same as `plain`, with a place for a line to break after each slash."""
    return _SLASH.sub("/<wbr>", plain(text))


def plain(text: str) -> str:
    """Text as markup that shows it, control characters replaced."""
    return escape(clean(text))
