"""How the path that was looked for differs from the one that is due."""

from posixpath import normpath

SAME, GLUED, DOUBLED, OTHER = "same", "glued", "doubled", "other"


def shape(looked: str, due: str, prefix: str, name: str) -> str:
    """The same; with a slash missing between two parts; with the URL's prefix in it once more; or another file."""
    if looked == due:
        return SAME
    if looked.replace("/", "") == due.replace("/", ""):
        return GLUED
    root = due.removesuffix(f"/{name}")
    return DOUBLED if looked == normpath(f"{root}/{prefix}/{name}") else OTHER


def directory(looked: str, name: str) -> str:
    """What stands before the name in a path; empty where the name is not at its end."""
    return looked.removesuffix(f"/{name}") if looked.endswith(f"/{name}") else ""
