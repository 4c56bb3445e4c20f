"""The signal `accessed`: sent once for each request for a private file, when it is known how it is answered.

Its arguments: `request`, `name` as it was asked for, `storage`, `road` (its name, or "" where no file is sent),
`allowed` and `status`. A front that is handed a file decides by itself between 200, 206, 304 and 416: `status` is 200
then. Names are a stranger's: write them with `ascii()`. A receiver that raises changes no answer.
"""

import logging
from typing import Any

from django.dispatch import Signal
from django.http import HttpRequest

accessed = Signal()
logger = logging.getLogger("clearway.media.private")


def tell(sender: type, **said: Any) -> None:
    """To the log and to the receivers, synchronously."""
    _log(**said)
    accessed.send_robust(sender, **said)


async def atell(sender: type, **said: Any) -> None:
    """To the log and to the receivers, from an event loop."""
    _log(**said)
    await accessed.asend_robust(sender, **said)


def _log(request: HttpRequest, name: str, road: str, allowed: bool, status: int, **_: Any) -> None:
    said = "sent" if allowed and status < 400 else "not sent"
    logger.info("%s %s: %s, status %d%s", request.method, ascii(name), said, status, f" by {road}" if road else "")
