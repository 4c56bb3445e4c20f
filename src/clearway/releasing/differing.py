"""What tells two releases apart from outside: the published names that only one of them has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urljoin, urlsplit

from clearway.catalog.asset import Asset
from clearway.catalog.errors import RecordError, UnknownReleaseError
from clearway.catalog.release import Release
from clearway.stores.records import Records

_SAFE = "/~!*()'"  # as Django's filepath_to_uri


@dataclass(frozen=True)
class Published:
    """The files of a release by their published names, and below which URL they lie."""

    static_url: str = "/"
    assets: Mapping[str, Asset] = field(default_factory=dict)
    hashed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, release: Release) -> "Published":
        """From its record."""
        assets = {asset.name: asset for asset in release.assets.values()}
        hashed = (asset.name for name, asset in release.assets.items() if asset.never_changes(name))
        return cls(release.static_url, assets, frozenset(hashed))

    def url(self, home: str, name: str) -> str:
        """The URL of one of them on a site."""
        return urljoin(urljoin(home, self.static_url), quote(name, safe=_SAFE))

    def name(self, home: str, url: str) -> str | None:
        """The name behind a URL of the site; None for one that is not below STATIC_URL."""
        base, given = urlsplit(urljoin(home, self.static_url)), urlsplit(url)
        if given.netloc != base.netloc or not given.path.startswith(base.path):
            return None
        return unquote(given.path.removeprefix(base.path))


def published(records: Records, id_: str | None) -> Published:
    """A release; an empty one where there is none, or its record cannot be read."""
    try:
        return Published.of(records.release(id_)) if id_ else Published()
    except (RecordError, UnknownReleaseError):
        return Published()


def only_in(one: Published, other: Published) -> list[str]:
    """Hashed names of the one that the other does not have."""
    return sorted(one.hashed - other.assets.keys())
