"""The directories of files that no finder knows: below which they would have the name that is asked for."""

from pathlib import Path

from .facts import Sources


def root_of(name: str, path: str) -> Path:
    """The directory below which a file has its name."""
    return Path(path).parents[name.count("/")]


def in_other_case(name: str, path: str, sources: Sources) -> Path | None:
    """That directory, where only capital letters keep the finders from it."""
    root = root_of(name, path)
    is_of_app = root.name.casefold() == "static" and root.name != "static" and (root.parent / "apps.py").is_file()
    searched = {str(each).casefold() for each in sources.directories}
    return root if is_of_app or str(root).casefold() in searched else None
