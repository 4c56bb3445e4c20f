"""What is said when the content of a new file is not what its name promises.

A line of the logger `clearway.media`, and the signal `mismatched` with `name`, `named` and `found`, the media types by
name and by content. The file has no name yet: a receiver that raises keeps it from being kept.
"""

import logging

from django.dispatch import Signal

from clearway.policy.signatures import contradicts

from .setting import type_of_name

logger = logging.getLogger("clearway.media")
mismatched = Signal()


def check_content(sender: type, name: str, head: bytes) -> None:
    """Compare the first octets of a file with its name. Raises what a receiver of the signal raises."""
    named = type_of_name(name)
    found = contradicts(named, head)
    if found:
        logger.warning("%s is named as %s, and its content is %s", name, named, found)
        mismatched.send(sender, name=name, named=named, found=found)
