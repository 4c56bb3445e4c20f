"""A front's configuration as it was written, as the result of a command."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .fronts.handing import ACCEL, SENDFILE
from .fronts.path_map import PathMap
from .fronts.site import Private, Site
from .results import Result


@dataclass(frozen=True)
class Written:
    """A configuration in its forms, each as lines.

    `head` says what it is for, `image` how the server's image takes it; `whole` stands alone, and `snippet` belongs
    into a configuration that the reader has. `data` are its parts for programs.
    """

    head: Sequence[str]
    image: str
    whole: Sequence[str]
    snippet: Sequence[str]
    data: dict[str, Any]


def as_asked(written: Written, site: Site, paths: PathMap, options: Namespace) -> Result:
    """In the form that the options ask for."""
    volumes = _volumes(written.image, site, paths) if options.docker else []
    lines = [*written.head, *volumes, *(written.snippet if options.snippet else written.whole)]
    return Result({**written.data, "configuration": "\n".join(lines)}, lambda paint: lines)


def _volumes(image: str, site: Site, paths: PathMap) -> list[str]:
    """What the image needs of this machine."""
    places = [place.root for place in (site.static, site.media) if place]
    mounted = [f"#     -v {paths.here(place)}:{place}:ro" for place in places]
    if private := site.private:
        mounted += [f"#     -v {private.root}:{at}:ro" for at in _of_private(private)]
    return [f"# For the image {image}, and the files are mounted:", *mounted]


def _of_private(private: Private) -> list[str]:
    """X-Accel-Redirect has a path of the URL, X-Sendfile one of the disk, which has to be the same there."""
    return {ACCEL: [private.there], SENDFILE: [private.root]}.get(private.road, [])
