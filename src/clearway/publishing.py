"""Publishing as Python calls it: what `clearway publish` does, without a command line."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import time

from . import purging
from .publish_setting import Publish
from .releases.changed import changed_urls, readable, url_of
from .releases.errors import ReleaseError
from .releases.publish import Listed, Publication, Publisher, Told
from .releases.published import Published
from .stores.capabilities import Capabilities, adapted, find_out, remembered
from .stores.places import LocalPlaces, Places
from .stores.targets import open_target, snapshot_places
from .stores.transport import Transport


def publishing(own: LocalPlaces, setting: Publish, max_age: int | None, told: Told) -> "Publishing":
    """The current release of `own`, on its way to the target of the setting. Raises `ReleaseError` without one.

    `max_age` (seconds) is the lifetime of names without a hash; `told` is called with what goes on.
    """
    where = setting.target
    if not where:
        raise ReleaseError('where to? give a TARGET, such as s3://bucket/static, or set CLEARWAY["publish"]["target"]')
    if "://" not in where and Path(where).resolve().is_relative_to(own.published.root.resolve()):
        raise ReleaseError(f"{where} is where the release lies; publish to another directory, or to a bucket")
    target = open_target(where, setting.options, own.published.modes)
    return Publishing(own, setting, max_age, target, told)


@dataclass(frozen=True)
class Publishing:
    """A release and where it goes. Both raise what the verb does: `ReleaseError`, `StoreError`, `LockedError`."""

    own: Places
    setting: Publish
    max_age: int | None
    target: Transport
    told: Told

    def plan(self, *, verify: bool = False) -> Published:
        """What there is to do; nothing is written. With `verify`, every object is looked at."""
        publisher, places = self._publisher(), snapshot_places(self.target)
        if not verify and (unchanged := publisher.unchanged(places)):
            return Published(unchanged, None, self.target.where)
        known = remembered(self.target)
        planned = publisher.plan(self.told, known, verify=verify)
        return Published(planned, known, self.target.where, self._changed(planned, self.target))

    def apply(self, *, verify: bool = False) -> Published:
        """Do it, unless something is in the way; then tell the cache that the setting names what changed."""
        cache = purging.purger(self.setting)
        publisher, places = self._publisher(), snapshot_places(self.target)
        if not verify and (unchanged := publisher.unchanged(places)):
            return Published(unchanged, None, self.target.where, done=True)
        known, listed = remembered(self.target) if places.records.current() else None, None
        if known is None:
            known, listed = self._found_out(publisher)
        target = adapted(self.target, known)
        with target.alone():
            publisher = publisher.over(target)
            if listed and not known.is_conditional:
                listed = publisher.listed(self.told)  # with what others did until they were kept away
            planned = publisher.plan(self.told, known, verify=verify, listed=listed)
            changed = self._changed(planned, target)
            if cache:
                purging.check(changed)
            if not planned.differences:
                publisher.carry_out(planned, self.told, int(time()))
        if planned.differences:
            return Published(planned, known, target.where, changed)
        return Published(planned, known, target.where, changed, purging.forget(cache, changed), done=True)

    def _found_out(self, publisher: Publisher) -> tuple[Capabilities, Listed]:
        """What the target can do, and what is there, which is asked meanwhile."""
        with ThreadPoolExecutor(1) as beside:
            asked = beside.submit(find_out, self.target, self.setting.coding)
            listed = publisher.listed(self.told)
            return asked.result(), listed

    def _publisher(self) -> Publisher:
        return Publisher(self.own, self.target, self.setting.coding, self.max_age)

    def _changed(self, planned: Publication, target: Transport) -> list[str]:
        """What differs from the release that was current, and what somebody else had changed or removed."""
        release, site = planned.release, self.setting.site
        records = (planned.places or snapshot_places(target)).records
        healed = [each.name for each in planned.missing if not each.is_fixed]
        changed = changed_urls(readable(records, planned.previous), release, site)
        return sorted({*changed, *(url_of(release.static_url, name, site) for name in healed)})
