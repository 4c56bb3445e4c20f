"""INSTALLED_APPS: Clearway above staticfiles, and the apps of WhiteNoise and ServeStatic gone."""

from collections.abc import Collection, Sequence

from .lists import ListSetting, is_peer
from .modules import Modules
from .refusal import DoubtError, Refusal
from .sequences import ALL, OURS

NAME = "INSTALLED_APPS"
APP = "clearway"
STATICFILES = "django.contrib.staticfiles"


def edit_apps(modules: Modules, actual: Sequence[str], commanding: Collection[str]) -> tuple[list[str], list[Refusal]]:
    """The value after the edits, and what is left. `commanding` apps have their own `runserver` or `collectstatic`."""
    apps = ListSetting(modules, NAME, actual)
    refusals = _edit(apps, commanding)
    if refusals:  # what one edit made possible, or impossible, another may change
        refusals = _edit(apps, commanding)
    return apps.actual, refusals


def _edit(apps: ListSetting, commanding: Collection[str]) -> list[Refusal]:
    refusals: list[Refusal] = []
    apps.matters = OURS  # what it is added to may have a peer under a condition
    try:
        _add(apps, commanding)
    except DoubtError as doubt:
        refusals.append(doubt.refusal(NAME, (f'"{APP}",  # above {STATICFILES}',)))
    apps.matters = ALL
    for peer in [each for each in apps.actual if is_peer(each)]:
        try:
            apps.remove(peer)
        except DoubtError as doubt:
            refusals.append(doubt.refusal(NAME, (f"without {peer}",)))
    return refusals


def _add(apps: ListSetting, commanding: Collection[str]) -> None:
    below = (each for each in apps.actual if not is_peer(each) and (each in commanding or "staticfiles" in each))
    anchor = next(below, None)
    if anchor is None:
        raise DoubtError(*apps.place(), f"{STATICFILES} is not in {NAME}, and Clearway collects what it finds")
    ours = next((each for each in apps.actual if each == APP or each.startswith(f"{APP}.apps.")), None)
    if ours is not None and apps.actual.index(ours) < apps.actual.index(anchor):
        return
    if ours is not None:
        with apps.together():
            apps.remove(ours)
            apps.add_above(anchor, ours)
        return
    peer = next((each for each in apps.actual if is_peer(each)), None)
    if peer is not None and apps.is_above(peer, anchor):
        apps.replace(peer, APP)
    else:
        apps.add_above(anchor, APP)
