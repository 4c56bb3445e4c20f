"""What the checks look at: a project as it was found, without Django. Each fact is there, or says why it is not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from clearway.fronts.road import Location, Visit

if TYPE_CHECKING:  # system checks need the settings alone, and run with every command
    from clearway.doctor.mandatory.system import Enforced
    from clearway.fronts.described import Described
    from clearway.fronts.front import BrokenFront, Front
    from clearway.fronts.site import Site
    from clearway.fronts.trace import Trace

    from .live.seen import Live

T = TypeVar("T")
ACCEL, SENDFILE = "X-Accel-Redirect", "X-Sendfile"


class Unavailable(Exception):  # noqa: N818 - no error: a check is skipped
    """A fact that is not to be had here; the message says what is missing."""


@dataclass(frozen=True)
class Origin:
    """Which settings are read: the module, who named it, and its file; `problem` is why they cannot be used.

    `is_imported`: Python read them to the end, and Django loaded their apps.
    """

    module: str
    by: str
    location: Location | None = None
    problem: str = ""
    others: tuple[str, ...] = ()  # settings modules that were found beside it
    is_imported: bool = True

    @property
    def failure(self) -> str:
        """What cannot be done with them where there is a problem, as `the settings … cannot be imported`."""
        return f"the settings {self.module} cannot be {'used' if self.is_imported else 'imported'}"


@dataclass(frozen=True)
class Settings:
    """Django's settings; STATIC_URL and MEDIA_URL as they are written, before the script name is put before them."""

    values: Mapping[str, Any]
    line_of: Callable[[str], Location | None]
    given: frozenset[str]  # names that the project sets itself

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)


@dataclass(frozen=True)
class Storage:
    """The storage of an alias: its dotted name, and whether it keeps files in a directory here.

    `kinds` are the dotted names of its class and of those above, `attributes` what the class and the options set.
    """

    backend: str
    is_local: bool
    is_manifest: bool
    problem: str = ""
    kinds: Sequence[str] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sources:
    """Files that the finders know: by logical name the path of the one that wins, and the directories they look in."""

    files: Mapping[str, str]
    directories: Sequence[str]
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)  # paths of the same name that lose


@dataclass(frozen=True)
class Collected:
    """What lies in STATIC_ROOT: sizes by name, with `/` between its parts. Records of releases are not in it.

    `broken_links` are links that lead nowhere, with their targets; an empty name is STATIC_ROOT itself.
    `altered_by` is the class that changes files while it collects them; empty where copies are what the sources are.
    `rolled_back`: a release is current that is not the last one made.
    """

    root: str
    sizes: Mapping[str, int]
    exists: bool
    broken_links: Mapping[str, str] = field(default_factory=dict)
    altered_by: str = ""
    rolled_back: bool = False

    def path(self, name: str) -> Path:
        return Path(self.root, name)


@dataclass(frozen=True)
class Manifest:
    """`staticfiles.json`, or what the storage calls its own: published names by logical name.

    `strict`: a page that asks for a name without entry fails.
    """

    file: str
    names: Mapping[str, str]
    problem: str = ""  # why it cannot be read
    exists: bool = True
    strict: bool = True


@dataclass(frozen=True)
class Use:
    """A static file that is named somewhere, as it is written there; a reference in a file by its logical name.

    `has_query`: a query is written in or behind the name.
    """

    name: str
    location: Location
    has_query: bool = False


@dataclass(frozen=True)
class Process:
    """Who answers files inside the application: `clearway`, `whitenoise`, `servestatic`, or nobody (empty).

    `static_view` and `media_view` are the views of URL patterns below STATIC_URL and MEDIA_URL; the latter may be a
    pattern for uploads of one kind. `media_helper` is where a URLconf calls `static()` for MEDIA_URL, which does
    nothing unless DEBUG is on. `hasty` are those of `above` that answer or change requests, with the reason. `added`
    are directories that are indexed at start beside STATIC_ROOT, with the URL prefix they are at.
    """

    answers: str
    middleware: Sequence[str]
    served_by: str = ""  # its dotted name, or where it wraps the application
    above: Sequence[str] = ()  # middleware that a request meets first
    static_view: str = ""
    media_view: str = ""
    media_helper: Location | None = None
    hasty: Mapping[str, str] = field(default_factory=dict)
    added: Sequence[tuple[str, str, Location | None]] = ()
    rescans: bool = True  # whether files that come later are found
    has_application: bool = True  # whether a WSGI or ASGI application is named, or lies beside the URLconf


@dataclass(frozen=True)
class Start:
    """Why the application does not start, empty where it does; the project's line it ended at, and what was said."""

    problem: str = ""
    location: Location | None = None
    trace: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """A URL that has to work: `kind` is `static`, `media` or `page`; `file` is what has to answer.

    `prefix` is the part of the URL's path before the name, decoded; the script name is in it.
    """

    kind: str
    url: str
    name: str = ""
    file: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class Walked:
    """A sample, its request, and its road through project, front and application.

    `answered` is whether the application answers it, where a front hands it on: from its files, or by a view for it.
    `is_described`: it is the request that somebody says fails; `has_view` is whether a view is for its own path.
    """

    sample: Sample
    trace: "Trace"
    visit: Visit | None = None
    answered: bool = False
    is_described: bool = False
    has_view: bool = False

    @property
    def stretch(self) -> frozenset[str]:
        """What breaks where this sample alone does."""
        return frozenset({f"{self.sample.kind}:{self.sample.name}"})


@dataclass(frozen=True)
class HandOff:
    """A path that the project hands to the front: what it begins with, and where that is said.

    `root` is the directory that the path stands for, where a setting says so. `header` is X-Accel-Redirect, whose path
    is of the URL, or X-Sendfile, whose path is of the disk and empty where the code does not write it out.
    """

    path: str
    location: Location | None
    root: str = ""
    header: str = ACCEL


@dataclass(frozen=True)
class PrivateRoot:
    """A directory of files that are not for everybody; `said` is the setting that says so, with its value."""

    path: str
    location: Location | None
    said: str


@dataclass(frozen=True)
class Tree:
    """The files beside manage.py that say how the project is deployed: texts by name below `root`."""

    root: str
    texts: Mapping[str, str]

    def lines(self, name: str) -> Iterator[tuple[int, str]]:
        """From 1."""
        return enumerate(self.texts[name].splitlines(), 1)

    def location(self, name: str, line: int = 1) -> Location:
        return Location(str(Path(self.root, name)), line)


def is_installed(path: str) -> bool:
    """Whether a file belongs to an installed package, and is nobody's here to edit."""
    return "-packages" in path


def optional(fact: Callable[[], T]) -> T | None:
    """A fact, or None where it is not to be had: `optional(lambda: facts.manifest)`."""
    try:
        return fact()
    except Unavailable:
        return None


class Facts(Protocol):
    """All facts; each is looked up once, and raises `Unavailable` where it is not to be had.

    `left_out` says, by the name of a fact, what of it was not looked at because it is too much.
    """

    @property
    def left_out(self) -> Mapping[str, str]: ...

    @property
    def origin(self) -> Origin: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def static_storage(self) -> Storage: ...

    @property
    def media_storage(self) -> Storage: ...

    @property
    def sources(self) -> Sources: ...

    @property
    def collected(self) -> Collected: ...

    @property
    def manifest(self) -> Manifest: ...

    @property
    def templates(self) -> Sequence[Use]:
        """In `{% static %}` and `static()` of the project's own templates."""
        ...

    @property
    def written(self) -> Sequence[Use]:
        """In URLs that those templates write out below STATIC_URL, past every storage."""
        ...

    @property
    def references(self) -> Sequence[Use]:
        """In the project's own style sheets, scripts and drawings."""
        ...

    @property
    def strays(self) -> Mapping[str, Sequence[str]]:
        """Of all these names, those that no finder knows and that lie on the disk of the project: their paths."""
        ...

    @property
    def process(self) -> Process: ...

    @property
    def start(self) -> Start:
        """Of the application, in a process of its own."""
        ...

    @property
    def shadowed(self) -> Sequence[str]:
        """URL patterns of views that lie below STATIC_URL, as the project writes them."""
        ...

    @property
    def front(self) -> "Front": ...

    @property
    def broken_front(self) -> "BrokenFront": ...

    @property
    def site(self) -> "Site": ...

    @property
    def described(self) -> "Described":
        """The request that fails, as the command line describes it."""
        ...

    @property
    def roads(self) -> Sequence[Walked]: ...

    @property
    def handed_off(self) -> Sequence[HandOff]: ...

    @property
    def private_roots(self) -> Sequence[PrivateRoot]: ...

    @property
    def file_fields(self) -> Sequence[str]: ...

    @property
    def tree(self) -> Tree: ...

    @property
    def enforced(self) -> "Enforced":
        """What SELinux and AppArmor enforce here, for the front's worker, and what their logs tell."""
        ...

    @property
    def papers(self) -> Tree:
        """Files that tell of buckets, clusters and refusals: saved answers, plans, manifests, logs."""
        ...

    @property
    def live(self) -> "Live":
        """What --url led to; asked for once."""
        ...
