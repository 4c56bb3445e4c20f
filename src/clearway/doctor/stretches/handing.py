"""What becomes of an X-Accel-Redirect: the location that it leads to, and the directory behind."""

from clearway.doctor.facts import HandOff
from clearway.fronts.files import Kind
from clearway.fronts.front import Front
from clearway.fronts.nginx.routing import route_accelerated
from clearway.fronts.road import Visit

from .shape import directory
from .watched import Watched, disk

_NAME = "clearway-check.bin"
# The message, its proof, whether files are open to all.
Problem = tuple[str, tuple[str, ...], bool]


def problem(front: Front, visit: Visit, handed: HandOff) -> Problem | None:
    """What is wrong with a path that the code hands on; None where it leads to a directory that is there."""
    target = f"{handed.path.rstrip('/')}/{_NAME}"
    files = Watched(disk(front))
    road = route_accelerated(front.configuration, visit, target, files)
    asked = next((path for path in files.asked if path.endswith(_NAME)), "")
    if road.outcome.unknown:
        return None
    if road.outcome.by == "application" or not asked:
        return f"no internal location is there for {handed.path}", (f"{target} goes back to the application",), False
    folder = directory(asked, _NAME)
    if wrong := _wrong(front, folder, asked, handed):
        return wrong
    if _is_open(front, visit, target):
        return f"{handed.path} is no internal location", (f"GET {target} is answered without the view",), True
    return None


def _wrong(front: Front, folder: str, asked: str, handed: HandOff) -> Problem | None:
    looked = (f"nginx looks for {asked}",)
    if handed.root and folder != front.paths.there(handed.root):
        return f"{handed.path} leads to another directory than {handed.root}", looked, False
    if not folder:
        return f"{handed.path} is glued to the name of the file: a slash is missing", looked, False
    above = folder.removesuffix(handed.path.rstrip("/"))
    kind = disk(front).look(folder).kind
    if kind is Kind.MISSING and above != folder and disk(front).look(above).exists:
        return f"root keeps {handed.path} in the path: alias is meant", looked, False
    return None


def _is_open(front: Front, visit: Visit, target: str) -> bool:
    """Whether everybody can ask for it: nginx looks for the file."""
    from dataclasses import replace

    files = Watched(disk(front))
    road = front.route(front.configuration, replace(visit, target=target), files)
    return road.outcome.by == front.name and any(path.endswith(_NAME) for path in files.asked)
