"""Random trees of directories, files and links, with modes, owners and access lists; and what is asked of them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from clearway.fronts import acl
from clearway.fronts.acl import Entry, Tag
from clearway.fronts.worker import Capabilities, Worker

USERS, GROUPS = (0, 61001, 61002, 61003), (0, 62001, 62002, 62003)
NAMES = ("a", "b", "c", "d", "e")
# A backup's or a reader's right, as a service file gives it.
SEARCHES = Capabilities(search=True)
WORKERS = (
    Worker(61001, 62001, (62001,)),
    Worker(61001, 62003, (62001, 62002)),
    Worker(61002, 62002),
    Worker(61003, 62003, (62001, 62002, 62003)),
    Worker(61002, 62001, (0,)),
    Worker(61003, 62002, (), capabilities=SEARCHES),
    Worker(0, 0, (0,)),
)


@dataclass(frozen=True)
class Question:
    path: str
    wanted: str


@dataclass
class Tree:
    """A directory of its own below `home`; `features` counts what it has."""

    home: Path
    random: Random
    directories: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    features: set[str] = field(default_factory=set)

    def build(self) -> None:
        self.home.mkdir()
        self.directories = [self.home]
        for _ in range(self.random.randint(4, 9)):
            self._add(self.random.choice(self.directories) / self.random.choice(NAMES))
        for path in [*self.directories, *self.others]:
            if not path.is_symlink():
                self._rights(path)

    def _add(self, path: Path) -> None:
        if os.path.lexists(path):
            return
        kind = self.random.choices(["directory", "file", "link"], [5, 3, 4])[0]
        if kind == "directory":
            path.mkdir()
            self.directories.append(path)
            return
        if kind == "file":
            path.write_bytes(b"content")
        else:
            path.symlink_to(self._target(path))
            os.chown(path, self.random.choice(USERS), 0, follow_symlinks=False)
            self.features.add("link")
        self.others.append(path)

    def _target(self, link: Path) -> str:
        known = [*self.directories, *self.others, link]
        target = str(self.random.choice(known))
        dice = self.random.random()
        if dice < 0.5:
            target = os.path.relpath(target, link.parent)
        elif dice < 0.6:
            target = "../" * self.random.randint(1, 3) + self.random.choice(NAMES)
        elif dice < 0.65:
            target += "/missing"
        return target + self.random.choice(["", "", "", "/", "/.", "//", "/..", "/../" + self.random.choice(NAMES)])

    def _rights(self, path: Path) -> None:
        chance = self.random.random
        os.chown(path, self.random.choice(USERS), self.random.choice(GROUPS))
        is_directory = path.is_dir()
        usual = (0o755, 0o711, 0o750, 0o700) if is_directory else (0o644, 0o640, 0o600)
        mode = self.random.choice(usual) if chance() < 0.5 else self._mode(is_directory)
        path.chmod(mode)
        if chance() < 0.4:
            os.setxattr(path, acl.ATTRIBUTE, acl.pack(self._list(is_directory)))
            self.features.add("access list")
            if chance() < 0.3:  # chmod changes the mask then
                path.chmod(self._mode(is_directory) & (0o707 if chance() < 0.5 else 0o777))
                self.features.add("access list, then chmod")
        if is_directory and chance() < 0.05:
            path.chmod(0o1777)
            self.features.add("sticky")

    def _mode(self, is_directory: bool) -> int:
        """Any; of directories most can be searched, that a walk comes further."""
        mode = self.random.randrange(0o1000)
        return mode | self.random.choice([0o111, 0o111, 0o011, 0]) if is_directory else mode

    def _list(self, is_directory: bool) -> tuple[Entry, ...]:
        def bits() -> int:
            return self.random.randrange(8) | (self.random.choice([0, 1, 1]) if is_directory else 0)

        users = [Entry(Tag.USER, bits(), uid) for uid in sorted(self.random.sample(USERS, self.random.randint(0, 3)))]
        groups = [
            Entry(Tag.GROUP, bits(), gid) for gid in sorted(self.random.sample(GROUPS, self.random.randint(0, 3)))
        ]
        mask = [Entry(Tag.MASK, bits())] if users or groups or self.random.random() < 0.5 else []
        ends = (Entry(Tag.OWNER, bits()), Entry(Tag.OWNING_GROUP, bits()), Entry(Tag.OTHER, bits()))
        return (ends[0], *users, ends[1], *groups, *mask, ends[2])

    def questions(self) -> Iterator[Question]:
        for _ in range(10):
            yield Question(self._path(), self.random.choice(["", "r", "r", "r", "w", "x", "wx"]))

    def _path(self) -> str:
        dice = self.random.random()
        if dice < 0.1:
            return str(self.home) + "/" + "/".join(self.random.choices([*NAMES, ".", "..", ""], k=4))
        path = str(self.random.choice([*self.directories, *self.others, *self.others]))
        if dice < 0.15:
            return path + "/" + "n" * self.random.choice([255, 256, 4096])
        return path + self.random.choice(["", "", "", "", "/", "/.", "/..", "/" + self.random.choice(NAMES)])


def chain(home: Path, length: int) -> Path:
    """As many links as asked for, one after the other, to a file; the first."""
    home.mkdir()
    target = home / "file"
    target.write_bytes(b"content")
    for number in range(length):
        link = home / f"link{number}"
        link.symlink_to(target)
        target = link
    return target
