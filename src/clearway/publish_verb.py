"""`clearway publish`: from its arguments to a result."""

import sys
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from time import time

from .conf import conf
from .management.collecting.progress import Progress
from .publish_setting import Publish
from .release_verbs import local_releases
from .releases import publish_text
from .releases.errors import ReleaseError
from .releases.publish import Publication, Publisher
from .results import Result
from .stores.capabilities import Capabilities, adapted, find_out, remembered
from .stores.places import Places
from .stores.targets import open_target
from .stores.transport import Transport


@dataclass
class _Run:
    own: Places
    setting: Publish
    max_age: int | None
    target: Transport
    options: Namespace
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        self.progress = Progress(sys.stderr, self.options.verbosity >= 1 and self.options.format == "text")

    def plan(self) -> tuple[Publication, Capabilities | None]:
        """What there is to do; nothing is written."""
        known = remembered(self.target)
        return self._publisher(self.target).plan(self._told, known, verify=self.options.verify), known

    def apply(self) -> tuple[Publication, Capabilities]:
        """Do it, unless something is in the way."""
        known, is_new = remembered(self.target), False
        if known is None:
            known, is_new = find_out(self.target, self.setting.coding), True
        target = adapted(self.target, known)
        with target.alone():
            publisher = self._publisher(target)
            planned = publisher.plan(self._told, known, verify=self.options.verify or is_new)
            if not planned.is_current and not planned.differences:
                publisher.carry_out(planned, self._told, int(time()))
        return planned, known

    def _publisher(self, target: Transport) -> Publisher:
        return Publisher(self.own, target, self.setting.coding, self.max_age)

    def _told(self, text: str, done: int, of: int) -> None:
        if done:
            self.progress.count(text, done, of or None)
        else:
            self.progress.phase(text)


def publish(options: Namespace) -> Result:
    """Publish the current release, or say what that would do."""
    run = _run(options)
    try:
        planned, known = run.apply() if options.apply else run.plan()
    finally:
        run.progress.done()
    where, done = run.target.where, options.apply and not planned.differences
    return Result(
        publish_text.data(planned, known, where, done=done),
        lambda paint: publish_text.text(planned, known, where, paint, done=done),
        1 if planned.differences else 0,
    )


def _run(options: Namespace) -> _Run:
    """What is published, and where to. Raises `ReleaseError` without a target."""
    own = local_releases(options).places
    setting, max_age = (Publish(), 60) if options.root else (conf().publish, conf().max_age)
    where = options.target or setting.target
    if not where:
        raise ReleaseError('where to? give a TARGET, such as s3://bucket/static, or set CLEARWAY["publish"]["target"]')
    if "://" not in where and Path(where).resolve() == own.published.root.resolve():
        raise ReleaseError(f"{where} is where the release lies; publish to another directory, or to a bucket")
    target = open_target(where, setting.options, own.published.modes)
    return _Run(own, Publish(where, options.coding or setting.coding, setting.options), max_age, target, options)
