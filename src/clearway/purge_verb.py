"""`clearway purge`: the URLs without a hash that the current release changed, and a cache that is to forget them."""

from argparse import Namespace
from collections.abc import Sequence
from urllib.parse import quote, urljoin

from . import purging
from .catalog.history import History
from .catalog.release import Release
from .conf import conf
from .publish_setting import Publish
from .release_places import local_releases
from .releases.changed import changed_urls, readable
from .releases.errors import ReleaseError
from .releases.publish_text import purged, purged_data
from .releases.text import Paint, count
from .results import Result
from .stores.records import Records
from .stores.targets import open_target, snapshot_places

_SAFE = "%/:?#[]@!$&'()*+,;=~"  # what a URL may have as it is


def purge(options: Namespace) -> Result:
    """List what changed, or make a cache forget it. Raises `ReleaseError` and `StoreError`."""
    setting = conf().publish
    urls = _asked(options.urls, setting) if options.urls else _changed(options, setting)
    if options.apply and not setting.purge:
        raise ReleaseError('no cache is named: set CLEARWAY["publish"]["purge"], such as {"kind": "plain"}')
    cache = purging.purger(setting) if options.apply else None
    if cache:
        purging.check(urls)
    told = purging.forget(cache, urls)
    found = {"urls": urls, "purged": purged_data(told), "done": bool(told and not told.left)}

    def text(paint: Paint) -> list[str]:
        if options.apply:
            return purged(told, "run it again", paint) or ["nothing changed; no cache was told"]
        return urls

    return Result(found, text, int(bool(told and told.left)))


def _asked(given: Sequence[str], setting: Publish) -> list[str]:
    from django.conf import settings

    return [
        quote(urljoin(setting.site or settings.STATIC_URL, url), safe=_SAFE, errors="surrogateescape") for url in given
    ]


def _changed(options: Namespace, setting: Publish) -> list[str]:
    where = options.target or setting.target
    if where:
        records = snapshot_places(open_target(where, setting.options)).records
    else:
        records = local_releases(options).places.records
    current = readable(records, records.current())
    if current is None:
        raise ReleaseError(f"{where or 'STATIC_ROOT'} holds no current release; publish or collect one")
    before = readable(records, _since(records, current, options.since))
    return changed_urls(before, current, setting.site, aliases=not where)


def _since(records: Records, current: Release, given: str | None) -> str | None:
    """The id of the release to compare with: by default the one that was current before."""
    history = records.history()
    ids = history.newest_first(current.id)
    if not given:
        return _before(history, current.id, ids[1:])
    found = [id_ for id_ in ids if id_.startswith(given)]
    if len(found) != 1:
        raise ReleaseError(f"{count(len(found), 'release')} there begin with {given!r}; `clearway releases` lists them")
    return found[0]


def _before(history: History, current: str, others: Sequence[str]) -> str | None:
    """Which of the others retired last; of several in one second, the parent."""
    if not others:
        return None
    last = history.entries[others[0]].retired
    parent = history.entries[current].parent if current in history.entries else None
    return next((id_ for id_ in others if id_ == parent and history.entries[id_].retired == last), others[0])
