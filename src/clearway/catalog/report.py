"""Where the serving side says what it passed over: one logger, one line each."""

import logging
from functools import lru_cache

logger = logging.getLogger("clearway")


@lru_cache(1024)
def report(message: str) -> None:
    """Warn, once per message; control characters in names cannot forge further lines."""
    logger.warning("%s", "".join(c if c.isprintable() else repr(c)[1:-1] for c in message))
