"""URLs without a hash whose answers change with the current release: what a cache has to forget."""

from dataclasses import replace
from urllib.parse import quote, urljoin

from clearway.catalog import layout
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.release import Release
from clearway.stores.built_directory import manifest
from clearway.stores.records import Records

from .files import files_of


def changed_urls(before: Release | None, after: Release, site: str = "", *, aliases: bool = False) -> list[str]:
    """URLs whose contents or existence differ between two releases, below STATIC_URL, sorted.

    They are absolute where STATIC_URL has a host, or `site` (`https://shop.example`) gives one. With `aliases`, the
    names that whoever serves STATIC_ROOT also answers, such as `site.css` for `site.4f3c1d2a9b7e.css`, are among them.
    """
    old, new = (_mutable(each, aliases=aliases) if each else {} for each in (before, after))
    names = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    bases = {each.static_url for each in (before, after) if each}
    return sorted({url_of(base, name, site) for base in bases for name in names})


def url_of(static_url: str, name: str, site: str = "") -> str:
    """The URL of a published file, as Django's storage gives it, below STATIC_URL on a site."""
    base = urljoin(f"{site.rstrip('/')}/", static_url) if site else static_url
    base = f"https:{base}" if base.startswith("//") else base
    return base + quote(name, safe="/~!*()'", errors="surrogateescape")


def readable(records: Records, id_: str | None) -> Release | None:
    """A release whose record can be read; None where it cannot, or where there is none."""
    try:
        return records.release(id_ or "")
    except (RecordError, UnknownReleaseError):
        return None


def _mutable(release: Release, *, aliases: bool) -> dict[str, object]:
    """What is answered under names that may change, by name; what the values are made of decides only equality."""
    assets = release.assets
    unhashed = {name: asset for name, asset in assets.items() if not asset.never_changes(name)}
    found: dict[str, object] = dict(files_of(replace(release, assets=unhashed)))
    found[layout.MANIFEST] = manifest({name: asset.name for name, asset in assets.items()})
    hashed = {name: asset for name, asset in assets.items() if asset.name != name} if aliases else {}
    return found | {name: (asset.sha256, asset.plain) for name, asset in hashed.items()}
