"""Paths that lead to the due file, or were meant to, through links above it such as `current`."""

from os.path import realpath
from pathlib import Path

from .passage import Passage


def followed(passage: Passage) -> str:
    """The link on the way to what is looked for, where it would lead to the due file; empty without."""
    here = passage.front.paths.here(passage.looked)
    links = passage.front.files.links(passage.looked)
    return links[0].path if links and Path(here).exists() and realpath(here) == realpath(passage.sample.file) else ""


def dangling(passage: Passage) -> str:
    """The link on the way to what is looked for whose target is not there; empty without."""
    paths = (link.path for link in passage.front.files.links(passage.looked))
    return next((path for path in paths if not Path(passage.front.paths.here(path)).exists()), "")
