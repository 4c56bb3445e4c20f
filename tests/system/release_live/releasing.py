"""`clearway release` under visitors, and what has to be so afterwards."""

import hashlib
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.system.release_live.bad import Bad
from tests.system.release_live.shop import Version
from tests.system.release_live.stage import Stage
from tests.system.release_live.visitors import PLAIN, Seen, recorded, visiting
from tests.system.servers import eventually

PATIENCE = 100  # seconds


@dataclass
class Ended:
    """How the verb ended, what visitors saw meanwhile, and what was live before."""

    code: int
    found: dict[str, Any]
    said: str
    seen: Seen
    before: tuple[str, str]
    plain: set[str] = field(default_factory=set)

    @property
    def ids(self) -> list[str]:
        return [each["id"] for each in self.found.get("causes", [])]


def routine(stage: Stage, **more: Any) -> dict[str, Any]:
    """What the shop says of its releases."""
    pages = ["/", "/gallery/"]
    return {"reload": stage.beside(), "url": stage.url, "pages": pages, "timeout": 60, "steady": 0.5, **more}


def release(stage: Stage, version: Version, bad: Bad | None = None, kill_after: tuple[float, ...] = ()) -> Ended:
    """Release a version while visitors come; killed after these seconds, and begun again each time."""
    shop = stage.shop
    shop.tell(**routine(stage, **(bad.routine if bad else {})))
    before, plain = (shop.release, shop.current.name), _plain(shop.current) | _plain(version)
    words, environ = (bad.words, bad.environ) if bad else ((), {})
    with visiting(stage.port, stage.proxied) as seen:
        time.sleep(0.7)
        for seconds in kill_after:
            _killed(version.release(*words, **environ), seconds)
        with version.release(*words, **environ) as process:
            out, errors = process.communicate(timeout=PATIENCE)
        time.sleep(0.7)
        if not (bad or process.returncode):
            eventually(lambda: version.name in seen.marks)
    found = json.loads(out) if out.strip() else {}
    return Ended(process.returncode, found, out + errors, seen, before, plain)


def _killed(process: "subprocess.Popen[str]", seconds: float) -> None:
    with process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()


def _plain(version: Version) -> set[str]:
    """What nginx sends for names without a hash: the sources, as they were collected."""
    paths = [next(version.path.glob(f"**/static/{name}")) for name in PLAIN]
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def complaints(stage: Stage, ended: Ended) -> Iterator[str]:
    """What visitors may never see, whatever became of the release."""
    seen, known = ended.seen, recorded(stage.shop.static)
    yield from seen.failed
    if seen.requests < 50:
        yield f"only {seen.requests} requests: this proves little"
    for (path, coding), digest in seen.digests.items():
        if path not in known or (not coding and known[path] != digest):
            yield f"{path} is not as it is recorded"
    for path, found in seen.plain.items():
        if others := {each for each in found if len(each) == 64} - ended.plain - {*known.values()}:
            yield f"{path} was as no release has it: {others}"


def live(stage: Stage, ended: Ended, version: Version) -> Iterator[str]:
    """What is wrong with a release that should be live."""
    if ended.code or not ended.found.get("done"):
        yield ended.said
    if stage.shop.current.name != version.name or stage.shop.release != ended.found.get("release"):
        yield f"{stage.shop.current.name} is current"
    if version.name not in ended.seen.marks:
        yield f"no page said {version.name}"
    yield from complaints(stage, ended)


def refused(stage: Stage, ended: Ended, version: Version, bad: Bad) -> Iterator[str]:
    """What is wrong with a bad one that should have been rolled back."""
    if ended.code != 1 or ended.found.get("rolled_back") is False:
        yield ended.said
    if (
        ended.found.get("failed") != bad.step
        or not set(ended.ids[:1]) <= set(bad.ids)
        or bool(bad.ids) != bool(ended.ids)
    ):
        yield f"ended at {ended.found.get('failed')} with {ended.ids}: {ended.said}"
    if ended.before != (stage.shop.release, stage.shop.current.name):
        yield f"{stage.shop.release} of {stage.shop.current.name} is current, not {ended.before}"
    if version.name in ended.seen.marks:
        yield "a page of it was seen"
    yield from complaints(stage, ended)
