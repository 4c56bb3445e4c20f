"""What a verb of the command line found."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .releases.text import Paint

    Lines = Callable[[Paint], list[str]]


@dataclass(frozen=True)
class Result:
    """For programs, for people, and whether it is clean (0), not (1), or could not be found out (2).

    Several objects are one line each. `pages` are made by format, for verbs that have more than text and JSON.
    """

    data: dict[str, Any] | Sequence[dict[str, Any]]
    text: "Lines"
    code: int = field(default=0)
    pages: Mapping[str, Callable[[], str]] = field(default_factory=dict)

    def json(self) -> str:
        """The data as it is printed."""
        if isinstance(self.data, dict):
            return json.dumps({"schema": 1, **self.data}, indent=2)
        return "\n".join(json.dumps({"schema": 1, **each}) for each in self.data)
