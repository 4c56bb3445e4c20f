"""What an examination of users' files found."""

from dataclasses import dataclass, field

from .ground import Unread


@dataclass(frozen=True, slots=True)
class Orphan:
    """A file that no row names: octets, and when it came or changed (seconds since 1970)."""

    storage: str
    name: str
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the database, and the name that it gives to a file."""

    storage: str
    model: str
    field: str
    pk: str
    database: str
    name: str


@dataclass(frozen=True, slots=True)
class WrongMode:
    """Permission bits that are not those that the storage gives."""

    storage: str
    name: str
    mode: int
    wanted: int


@dataclass(frozen=True, slots=True)
class WrongType:
    """A file whose content (`found`) is not what its name promises (`named`)."""

    storage: str
    name: str
    named: str
    found: str


@dataclass
class Findings:
    """Of all storages. `blind` are those of which no file is called an orphan, since a column could not be read.

    missing   rows whose file is not there
    held      rows whose file was set aside as an orphan
    odd       rows whose name leads out of the storage
    young     how many files no row names yet, too new to be orphans
    left      how many files were left alone by pattern
    """

    orphans: list[Orphan] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    odd: list[Row] = field(default_factory=list)
    modes: list[WrongMode] = field(default_factory=list)
    types: list[WrongType] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    blind: set[str] = field(default_factory=set)
    storages: list[str] = field(default_factory=list)
    files: int = 0
    rows: int = 0
    young: int = 0
    left: int = 0

    @property
    def code(self) -> int:
        """0 clean, 1 findings, 2 something could not be examined."""
        if self.unread:
            return 2
        return int(any((self.orphans, self.missing, self.held, self.odd, self.modes, self.types)))
