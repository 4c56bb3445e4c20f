"""What a verb of the command line found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .releases.text import Paint

Lines = Callable[[Paint], list[str]]


@dataclass(frozen=True)
class Result:
    """For programs, for people, and whether it is clean (0) or not (1)."""

    data: dict[str, Any]
    text: Lines
    code: int = field(default=0)
