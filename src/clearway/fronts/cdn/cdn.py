"""What a content delivery network has to know of a project, and what is printed for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Origin:
    """Where a network fetches files that it does not have.

    url          the address below which they lie, without a slash at its end; its path goes before that of a request
    bucket       the name of the bucket, empty where it is none; then an application answers, and negotiates itself
    below        what the names of its objects begin with, as the bucket has them; empty or with a slash at its end
    is_amazon    whether that is a bucket of Amazon S3, which a network may sign its requests for
    region       where it is, empty where nobody said
    """

    url: str
    bucket: str = ""
    below: str = ""
    is_amazon: bool = False
    region: str = ""

    @property
    def scheme(self) -> str:
        return urlsplit(self.url).scheme

    @property
    def host(self) -> str:
        """With its port, where that is not the usual one."""
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """The host without a port."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int | None:
        """None for the usual one."""
        return urlsplit(self.url).port

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


@dataclass(frozen=True)
class Cdn:
    """Static files behind a network.

    name      a word for what is made
    origin_of in words, where all of this comes from
    host      of STATIC_URL, without a port
    prefix    its path as browsers send it, which ends with a slash
    has_site  whether the host is that of the whole site, and only `prefix` is about static files
    site      the address of the application, for everything else
    origin    where the files come from
    stripped  what of `prefix` the origin does not have in front of its names: empty, or `prefix`
    codings   of the variants that lie beside each text; empty where there are none
    coding    the one that all texts have, empty for none
    names     URL paths below `prefix`, without a hash, of texts that have always had all variants
    """

    name: str
    origin_of: str
    host: str
    prefix: str
    has_site: bool
    site: str
    origin: Origin
    stripped: str = ""
    codings: Sequence[str] = ()
    coding: str = ""
    names: Sequence[str] = ()

    @property
    def hidden(self) -> str:
        """The path of our records, which nobody has to read."""
        return f"{self.prefix}.clearway/"


@dataclass(frozen=True)
class Printed:
    """A configuration in `parts`, each to be pasted on its own, by name; and what to know of it."""

    parts: Mapping[str, str]
    notes: Sequence[str]


def shared_notes(cdn: Cdn) -> list[str]:
    """What is true of every network."""
    notes = ["old releases: hashed files of earlier releases stay at the origin, and may be kept for a year"]
    if cdn.origin.bucket:
        notes.append("deltas (dcz): none are published to a bucket, so none are passed through")
    else:
        notes.append(
            "deltas (dcz) need Vary: Accept-Encoding, Available-Dictionary in the key of the cache; "
            "this configuration forwards no Available-Dictionary, so none are asked for"
        )
    if cdn.coding:
        notes.append(
            f"texts are published in {cdn.coding} only: nothing here decodes them, so a client that does not accept "
            f"{cdn.coding} cannot read them"
        )
    return notes
