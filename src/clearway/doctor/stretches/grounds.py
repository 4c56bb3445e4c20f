"""Which directories of this machine the paths of a server lead to."""

from collections.abc import Iterator
from urllib.parse import quote

from clearway.fronts.directive import Directive

from .passage import Passage
from .shape import directory
from .terrain import terrain

PROBE = "clearway-check-probe"


def grounds(sample: Passage) -> Iterator[tuple[str, str, Directive | None]]:
    """Paths of the server that answers, each with its directory on this machine."""
    paths = ["/", *(path if path.endswith("/") else f"{path}/" for _, path in terrain(sample).prefixes())]
    for path in dict.fromkeys(paths):
        asked = sample.asking(f"{quote(path)}{PROBE}")
        looked = next((each for each in asked.asked if each.endswith(f"/{PROBE}")), "")
        if looked:
            yield path, sample.front.paths.here(directory(looked, PROBE)), terrain(asked).ground
