"""`clearway publish`: from its arguments to a result."""

import sys
from argparse import Namespace
from dataclasses import replace

from .conf import conf
from .management.collecting.progress import Progress
from .publish_setting import Publish
from .publishing import publishing
from .release_places import local_releases
from .releases import publish_text
from .releases.publish import Told
from .results import Result


def publish(options: Namespace) -> Result:
    """Publish the current release, or say what that would do."""
    progress = Progress(sys.stderr, options.verbosity >= 1 and options.format == "text")
    setting, max_age = (Publish(), 60) if options.root else (conf().publish, conf().max_age)
    setting = replace(setting, target=options.target or setting.target, coding=options.coding or setting.coding)
    run = publishing(local_releases(options).places, setting, max_age, told_by(progress))
    try:
        done = run.apply(verify=options.verify) if options.apply else run.plan(verify=options.verify)
    finally:
        progress.done()
    return Result(publish_text.data(done), lambda paint: publish_text.text(done, paint), done.code)


def told_by(progress: Progress) -> Told:
    """What a person at a terminal is told meanwhile."""

    def told(text: str, done: int, of: int) -> None:
        if done:
            progress.count(text, done, of or None)
        else:
            progress.phase(text)

    return told
