"""MIDDLEWARE: Clearway's directly below SecurityMiddleware, in the place of WhiteNoise's or ServeStatic's."""

from collections.abc import Collection, Sequence

from .lists import ListSetting, is_peer
from .modules import Modules
from .refusal import DoubtError, Refusal

NAME = "MIDDLEWARE"
OURS = "clearway.middleware.ClearwayMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"


def edit_middleware(
    modules: Modules, actual: Sequence[str], built_on_peers: Collection[str] = ()
) -> tuple[list[str], list[Refusal]]:
    """The value after the edits, and what is left. `built_on_peers` are names of classes that do WhiteNoise's work."""
    order = ListSetting(modules, NAME, actual)
    refusals: list[Refusal] = []
    try:
        with order.together():
            _place(order, built_on_peers)
    except DoubtError as doubt:
        instead = [each for each in actual if is_peer(each) or each in built_on_peers]
        where = f"instead of {_short(instead[0])}" if instead else f"below {_short(SECURITY)}"
        return order.actual, [doubt.refusal(NAME, (f'"{OURS}",  # {where}',))]
    for peer in [each for each in order.actual if is_peer(each)]:
        try:
            order.remove(peer)
        except DoubtError as doubt:
            refusals.append(doubt.refusal(NAME, (f"without {peer}",)))
    return order.actual, refusals


def _place(order: ListSetting, built_on_peers: Collection[str]) -> None:
    if OURS in order.actual:
        return
    if own := next((each for each in order.actual if each in built_on_peers), None):
        raise DoubtError(
            *order.find(own).place, f"{own} inherits from a class that it replaces: what it adds would be lost"
        )
    place = order.actual.index(SECURITY) + 1 if SECURITY in order.actual else 0
    peer = next((each for each in order.actual if is_peer(each)), None)
    if peer is not None and order.actual.index(peer) == place:
        order.replace(peer, OURS)
        return
    if not order.actual:
        raise DoubtError(*order.place(), f"{NAME} is empty")
    if place:
        order.add_after(SECURITY, OURS)
    else:
        order.add_above(order.actual[0], OURS)
    if peer is not None:
        order.remove(peer)


def _short(name: str) -> str:
    return name.rpartition(".")[2]
