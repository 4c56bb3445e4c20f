"""What `CLEARWAY["media"]` says of order among users' files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .keys import Keys

ROLLED_BACK = ("delete", "keep")


@dataclass(frozen=True)
class Order:
    """How files are told from orphans.

    leave         globs of names that are never orphans, `*` also for slashes: what other programs derive
    named_by      columns that name files and are no `FileField`: "app.Model.field"
    rolled_back   "delete" or "keep" the files of a transaction that was rolled back
    """

    leave: tuple[str, ...] = ()
    named_by: tuple[str, ...] = ()
    rolled_back: str = "delete"


def read_order(value: Mapping[str, Any]) -> Order:
    """From the whole value of `CLEARWAY["media"]`, of which each key is right."""
    texts = {key: tuple(value[key]) for key in ("leave", "named_by") if key in value}
    return Order(**texts, rolled_back=value.get("rolled_back", "delete"))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) and each for each in value)


def _are_columns(value: Any) -> bool:
    return _are_texts(value) and all(each.count(".") == 2 for each in value)


ORDER_KEYS: Keys = {
    "leave": (_are_texts, 'a list of globs of names, such as ["thumbnails/*"]'),
    "named_by": (_are_columns, 'a list of columns, such as ["shop.HistoricalPhoto.image"]'),
    "rolled_back": (lambda value: value in ROLLED_BACK, f"one of {', '.join(ROLLED_BACK)}"),
}
