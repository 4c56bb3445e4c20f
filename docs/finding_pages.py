"""The pages of the doctor's findings, written from the modules of its checks."""

import re
from collections.abc import Iterator
from pathlib import Path

from clearway.doctor.causes import CAUSES
from clearway.doctor.registry import all_checks
from clearway.doctor.rule import Check

_MARKUP = re.compile(r"([*<>\[\]|~$\\])")  # outside of code, what Markdown would take for its own


def write(folder: Path) -> None:
    """A Markdown file for each check, and `list.md`: a table of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    for check in all_checks():
        (folder / f"{check.rule.id}.md").write_text("\n".join(page(check)) + "\n", encoding="utf-8")
    (folder / "list.md").write_text("\n".join(rows()) + "\n", encoding="utf-8")


def page(check: Check) -> Iterator[str]:
    """One page: its title, its sentence, its cause, and a section for each heading."""
    first, *lines = check.page.splitlines()
    rule = check.rule
    yield from (f"# {rule.id} {rule.name}", "", _text(first), "")
    cause = f", cause `{rule.cause}`: {CAUSES[rule.cause]}" if rule.cause else ""
    yield from (f"*{rule.level.value}*{cause}.", "")
    for line in lines:
        if line and not line.startswith(" "):
            yield from (f"## {line}", "")
        else:
            yield _text(line.strip())


def rows() -> list[str]:
    """A table of all checks, by number."""
    head = ["| finding | what is wrong | cause |", "|---|---|---|"]
    return head + [
        f"| [{each.rule.id} {each.rule.name}](generated/{each.rule.id}.md) | {_text(each.page.partition(chr(10))[0])} "
        f"| {f'`{each.rule.cause}`' if each.rule.cause else ''} |"
        for each in all_checks()
    ]


def _text(line: str) -> str:
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(part if part.startswith("`") else _MARKUP.sub(r"\\\1", part) for part in parts)
