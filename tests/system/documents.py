"""The documentation as a program: its fenced blocks, and the commands in them."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """README and every page with something to do on it."""
    written = [
        path for path in sorted((REPOSITORY / "docs").rglob("*.md")) if not {"generated", "_build"} & {*path.parts}
    ]
    return [REPOSITORY / "README.md", *written]


def blocks(page: str | Path, language: str) -> list[str]:
    """The contents of a page's fenced blocks in one language."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    return [found["content"] for found in _FENCE.finditer(text) if found["language"] == language]


def commands(page: str | Path) -> list[str]:
    """The commands of a page, in order, without the prompt."""
    lines = [line for block in blocks(page, "console") for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
