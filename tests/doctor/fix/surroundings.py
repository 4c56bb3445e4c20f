"""A project to mend, of which nothing is run."""

from collections.abc import Callable, Sequence
from pathlib import Path

from clearway.doctor.fix.action import Surroundings


def around(
    root: Path,
    *,
    collect: Callable[[Sequence[str]], str] = lambda _: "",
    imports: Callable[[], str] = lambda: "",
    published: Sequence[Path] = (),
    static_root: str = "",
) -> Surroundings:
    """All that lies below `root` is the project's."""
    return Surroundings([root], published, static_root or str(root / "staticfiles"), collect, imports)
