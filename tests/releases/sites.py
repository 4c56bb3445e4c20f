"""Sites with a few releases, built for real."""

from pathlib import Path

from tests.build.trees import NOW, TREE, places, run

from clearway.catalog.release import Release
from clearway.stores.places import Places

DAY = 86_400
OLD = {name: TREE[name] for name in ("css/site.css", "css/base.css", "img/a b.png", "font/f.eot", "LICENSE")}
NEW = OLD | {"font/f.eot": b"new " * 200, "js/added.js": b"let added;" * 40}
NEWEST = NEW | {"font/f.eot": b"newest " * 200}


def write(root: Path, files: dict[str, bytes]) -> None:
    """What Django's collectstatic copies."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def released(root: Path, *trees: dict[str, bytes], unhashed: bool = False, days: int = 1) -> list[Release]:
    """One release after another, `days` apart."""
    releases = []
    for number, tree in enumerate(trees):
        if unhashed:
            write(root, tree)
        releases.append(run(root, tree, now=NOW + number * days * DAY).release)
    return releases


def at(root: Path) -> Places:
    return places(root)
