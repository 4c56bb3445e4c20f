"""Public and private files of users, with everything among them that must never come out. For Linux.

srv/media              MEDIA_ROOT
srv/media-evil         its sibling by prefix; canaries lie there, in `srv/outside` and beside the roots
srv/private/alice      the private files of a user
srv/private/bob        those of another, each of them a canary
"""

from pathlib import Path

from tests.bad_input.site import CANARY, CSS, FORGED, LARGE, Site, plant
from tests.helpers.released import write

BESIDE = ("media-evil", "media.evil", "private-evil", "outside", "static")
OURS = {
    ".clearway-quarantine/files/held.css": CANARY,
    ".clearway-quarantine/notes/held.css.json": CANARY,
    ".clearway-0123456789abcdef.tmp": CANARY,
    "d/.clearway-0123456789abcdef.tmp": CANARY,
    "d/.clearway-quarantine/files/held.css": CANARY,
}
OF_ANOTHER = {"canary.txt": CANARY, "a.css": CANARY, "d/b.css": CANARY, "bob.css": CANARY}
FORGING = f"x\r\n{FORGED.decode()}: 1\r\n\r\n<p>.html"


def media_of(home: Path) -> Path:
    return home / "srv" / "media"


def private_of(home: Path) -> Path:
    return home / "srv" / "private"


def make_site(home: Path) -> Site:
    """The name of the published files of `Site` is that of public ones here."""
    secret = {f"{name}/canary.txt": CANARY for name in BESIDE}
    write(home / "srv", {"canary.txt": CANARY, "a.css": CANARY, "private/canary.txt": CANARY, **secret})
    write(home, {"canary.txt": CANARY, "temporary/canary.txt": CANARY})
    (home / "temporary").chmod(0o777)
    write(private_of(home) / "bob", OF_ANOTHER)
    for tree, outside in (
        (media_of(home), home / "srv" / "outside"),
        (private_of(home) / "alice", private_of(home) / "bob"),
    ):
        plant(tree, outside)
        write(tree, {**OURS, FORGING: CSS, "large.bin": LARGE})
        (tree / "within.css").unlink()
        (tree / "hard.css").hardlink_to(tree / "a.css")
        (tree / "within-link.css").symlink_to("d/b.css")
    return Site(home, "a.css", "large.bin")
