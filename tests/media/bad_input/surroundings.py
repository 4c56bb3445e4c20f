"""A directory of users' files, what lies around it, and whether anything there was touched."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.bad_input.site import CANARY
from tests.helpers.released import write

AROUND = {
    "canary.txt": CANARY,
    "media-evil/canary.txt": CANARY,
    "media.evil/canary.txt": CANARY,
    "neighbour/canary.txt": CANARY,
    "etc/passwd": CANARY,
    "media-evil/.clearway-quarantine/files/x.txt": CANARY,
}
OF_OTHERS = {"2026/of-another.txt": b"of another user", "x.txt": b"of another user", "a/x.txt": b"of another user"}


@dataclass(frozen=True)
class Surroundings:
    """`root` is where users' files belong; everything else below `home` is not theirs."""

    home: Path

    @property
    def root(self) -> Path:
        return self.home / "up" / "media"

    def around(self) -> dict[str, str]:
        """Every entry outside the root: its kind, its mode, its content."""
        return dict(entries(self.home, self.root))

    def inside(self) -> dict[str, str]:
        """Every entry below the root."""
        return dict(entries(self.root, None))


def make_surroundings(home: Path, *, with_files: bool = True) -> Surroundings:
    made = Surroundings(home)
    write(home / "up", AROUND)
    write(home, {"canary.txt": CANARY})
    if with_files:
        write(made.root, OF_OTHERS)
    return made


def entries(top: Path, without: Path | None) -> Iterator[tuple[str, str]]:
    for folder, folders, files in os.walk(top):
        if without is not None:
            folders[:] = [name for name in folders if Path(folder, name) != without]
        for path in (Path(folder, name) for name in (*folders, *files)):
            yield path.relative_to(top).as_posix(), _told(path)


def _told(path: Path) -> str:
    status = path.lstat()
    kind = stat.filemode(status.st_mode)
    if stat.S_ISREG(status.st_mode) and status.st_size < 1 << 20:
        return f"{kind} {status.st_nlink} {sha256(path.read_bytes()).hexdigest()}"
    return f"{kind} {status.st_size if stat.S_ISREG(status.st_mode) else ''}"
