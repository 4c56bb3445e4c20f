"""What `clearway bridge` can read from: a directory, the tree of an old image, a live site, or a bucket."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from clearway.catalog import layout
from clearway.catalog.errors import RecordError
from clearway.catalog.history import Entry, History
from clearway.catalog.release import Release
from clearway.stores.decode import decoded
from clearway.stores.directory import Directory
from clearway.stores.foreign import FINGERPRINT, Readable, belies_its_name, foreign_assets
from clearway.stores.object_store import SCHEMES
from clearway.stores.places import manifest_names
from clearway.stores.site import AT_ONCE, Site
from clearway.stores.transport import Transport

from .bridge import Old, nothing_to_bridge
from .live import site_below


def is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def is_bucket(text: str) -> bool:
    return text.partition("://")[0] in SCHEMES


def directory(given: str, static_root: Path | None) -> Directory:
    """The old STATIC_ROOT: `given` itself, or where this project's STATIC_ROOT lies in the tree of an image."""
    inside = [Path(given, *static_root.absolute().parts[1:])] if static_root else []
    for folder in (Path(given), *inside):
        if (folder / layout.FOLDER / layout.HISTORY).is_file() or (folder / layout.MANIFEST).is_file():
            return Directory(folder)
    raise nothing_to_bridge(given)


class Fetched:
    """A site whose files are asked for once, several at a time."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: dict[str, bytes | OSError] = {}

    def read(self, name: str) -> bytes:
        if name not in self._known:
            self.fetch([name])
        known = self._known[name]
        if isinstance(known, OSError):
            raise known
        return known

    def fetch(self, names: Iterable[str]) -> None:
        """Ask for files that will be read."""
        wanted = [name for name in dict.fromkeys(names) if name not in self._known]
        with closing(self._site), ThreadPoolExecutor(AT_ONCE) as pool:
            self._known |= zip(wanted, pool.map(self._ask, wanted), strict=True)

    def _ask(self, name: str) -> bytes | OSError:
        try:
            return self._site.read(name)
        except OSError as error:
            return error


def site(given: str, static_url: str) -> Fetched:
    """The files of a live site, given by its own address or by that of its static files."""
    own, below = site_below(given, ""), site_below(given, static_url)
    return Fetched(own if own.url.endswith(static_url) else below)


class Stored:
    """The files of a bucket as they were before it was decided how they are encoded there; it is listed once."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._names = {entry.name for entry in transport.list()}
        self._codings: dict[str, str] = {}

    def read(self, name: str) -> bytes:
        if name not in self._names:
            raise FileNotFoundError(f"{self._transport.where}/{name} does not exist")
        data = self._transport.read(name)[0]
        coding = self._codings.get(name) or ("gzip" if _is_zipped(name, data) else "")
        return (decoded(coding, data) if coding else data) or data

    def learn(self, release: Release) -> Release:
        """A release whose texts lie there in one coding, as if they did not."""
        assets = release.assets
        self._codings |= {each.name: coding for each in assets.values() for coding in each.encoded}
        return replace(release, assets={name: replace(each, encoded={}) for name, each in assets.items()})


def _is_zipped(name: str, data: bytes) -> bool:
    """Whether it is the decoded contents that have the hash in the name: stores of Django's files may encode them."""
    if not data.startswith(b"\x1f\x8b") or name.endswith(".gz") or not belies_its_name(name, data):
        return False
    plain = decoded("gzip", data)
    return plain is not None and not belies_its_name(name, plain)


def read(source: Readable, where: str, static_url: str, now: int) -> list[Old]:
    """The releases that an old deployment lists, by its records, else by its manifest. Raises `ReleaseError`."""
    olds = _recorded(source) or _listed(source, static_url, now)
    if not olds:
        raise nothing_to_bridge(where)
    return olds


def _recorded(source: Readable) -> list[Old]:
    try:
        history = History.from_bytes(source.read(f"{layout.FOLDER}/{layout.HISTORY}"))
    except (OSError, RecordError):
        return []
    olds = []
    for id_, entry in history.entries.items():
        try:
            release = Release.from_bytes(source.read(f"{layout.FOLDER}/{layout.record(id_)}"))
        except (OSError, RecordError):
            continue
        olds.append(Old(_fetched(release, source), entry, is_recorded=True))
    return olds


def _fetched(release: Release, source: Readable) -> Release:
    """A site answers with variants by negotiation only, never under names of their own."""
    if isinstance(source, Stored):
        return source.learn(release)
    if not isinstance(source, Fetched):
        return release
    source.fetch(asset.name for asset in release.assets.values())
    return replace(release, assets={name: replace(each, variants={}) for name, each in release.assets.items()})


def _listed(source: Readable, static_url: str, now: int) -> list[Old]:
    try:
        names = manifest_names(source.read(layout.MANIFEST))
    except (OSError, ValueError):
        return []
    if isinstance(source, Fetched):
        source.fetch(names.values())
    assets = foreign_assets(names, source, with_variants=not isinstance(source, Fetched))
    release = Release(static_url, FINGERPRINT, assets)
    return [Old(release, Entry(created=now, retired=now), is_recorded=False)] if release.assets else []
