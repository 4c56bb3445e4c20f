"""What a release knows of itself: written down before each step, so that one that was killed can be taken back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class State:
    """`previous` and `new` are ids of releases, `there` is the one that was current in the store,
    `published` the one that is published to it.

    `reached` are the names of the steps that began. `is_resumed` when an earlier run began it.
    """

    started: int
    previous: str | None = None
    new: str | None = None
    there: str | None = None
    published: str | None = None
    reached: list[str] = field(default_factory=list)
    is_rolling_back: bool = False
    is_resumed: bool = False

    @property
    def environ(self) -> dict[str, str]:
        """For hooks and the command that reloads."""
        return {
            "CLEARWAY_RELEASE_ID": self.new or "",
            "CLEARWAY_PREVIOUS_RELEASE": self.previous or "",
            "CLEARWAY_LIVE_RELEASE": (self.previous if self.is_rolling_back else self.new) or "",
            "CLEARWAY_ROLLING_BACK": "1" if self.is_rolling_back else "",
            "CLEARWAY_RESUMED": "1" if self.is_resumed else "",
        }

    def to_json(self) -> dict[str, Any]:
        """As the journal has it."""
        return {"schema": 1, **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "State":
        """Raises `ValueError` for what is no journal."""
        try:
            state = cls(**{each.name: data[each.name] for each in fields(cls)})
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a journal ({error!r})") from error
        ids = (state.previous, state.new, state.there, state.published)
        if not (isinstance(state.reached, list) and all(id_ is None or isinstance(id_, str) for id_ in ids)):
            raise ValueError("not a journal")
        return state
