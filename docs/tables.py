"""The tables of the reference, written from the tables that decide."""

from pathlib import Path

from clearway.fronts.nginx import versions
from clearway.http import decision, fields, media_types, negotiation

FALSE = {412: "412 Precondition Failed", 304: "304 Not Modified"}
HOLDS = {
    "if-match": "a listed tag is the current one, compared strongly, or `*`",
    "if-unmodified-since": "the file did not change after the date",
    "if-none-match": "no listed tag is the current one, compared weakly, nor `*`",
    "if-modified-since": "the file changed after the date",
}


def write(folder: Path) -> None:
    """Write every table as a Markdown file below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in tables().items():
        (folder / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def tables() -> dict[str, list[str]]:
    """Markdown lines by file name."""
    return {
        "fields": _fields(),
        "preconditions": _preconditions(),
        "codings": _rows(("coding", "file beside the original"), _codings()),
        "media_types": _rows(("media type", "extensions", "encoded"), _media_types()),
        "nginx_versions": _rows(("since", "nginx", "before"), _nginx_versions()),
        "nginx_directives": _rows(("since", "directives"), _nginx_directives()),
        "nginx_compared": _compared(),
    }


def _fields() -> list[str]:
    statuses = sorted(fields.STATUSES)
    rows = [
        [f"`{name}`", *("●" if status in carried else "" for status in statuses)]
        for name, carried in fields.CARRIED.items()
    ]
    return _rows(("", *map(str, statuses)), rows)


def _preconditions() -> list[str]:
    rows = [
        [f"`{name}`", f"`{unless}`" if unless else "", HOLDS[name], FALSE[status]]
        for name, unless, _, status in decision.PRECONDITIONS
    ]
    return _rows(("field", "ignored beside", "holds when", "otherwise"), rows)


def _codings() -> list[list[str]]:
    return [[f"`{coding}`", f"`{suffix}`"] for coding, suffix in negotiation.SUFFIXES.items()] + [["`identity`", ""]]


def _media_types() -> list[list[str]]:
    both = [(media_types.COMPRESSIBLE, "yes"), (media_types.INCOMPRESSIBLE, "")]
    rows = [(name, exts, mark) for table, mark in both for name, exts in table.items()]
    return [[f"`{name}`", " ".join(f"`.{ext}`" for ext in exts.split()), mark] for name, exts, mark in sorted(rows)]


def _nginx_versions() -> list[list[str]]:
    return [[" ".join([each.since, *each.also]), each.now, each.before] for each in versions.CHANGES]


def _compared() -> list[str]:
    return [f"Roads were compared with the real {', '.join(versions.COMPARED)}; later rows are from its CHANGES alone."]


def _nginx_directives() -> list[list[str]]:
    names: dict[str, list[str]] = {}
    for name, since in sorted(versions.DIRECTIVES.items(), key=lambda each: (versions.parsed(each[1]), each[0])):
        names.setdefault(since, []).append(f"`{name}`")
    return [[since, " ".join(each)] for since, each in names.items()]


def _rows(head: tuple[str, ...], rows: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ("---",) * len(head), *rows)]
