"""Sphinx's settings. Nothing here reaches for the network: the documentation also builds on a train."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "docs")]  # the rooms without Django, for their tables
import finding_pages  # noqa: E402
import tables  # noqa: E402

tables.write(ROOT / "docs" / "reference" / "generated")
finding_pages.write(ROOT / "docs" / "findings" / "generated")

project = "Clearway"
author = "The Clearway developers"
project_copyright = "The Clearway developers"
# Read, not imported: the documentation's environment has no Django.
found = re.search(r'__version__ = "(.+?)"', (ROOT / "src/clearway/__init__.py").read_text(encoding="utf-8"))
assert found, "src/clearway/__init__.py names no version"
release = found[1]
version = ".".join(release.split(".")[:2])

extensions = ["myst_parser", "sphinx_copybutton"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "reference/generated", "findings/generated/list.md"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "furo"
html_title = f"Clearway {release}"
