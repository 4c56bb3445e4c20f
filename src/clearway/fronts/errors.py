"""What keeps a configuration from being read, walked or written; each message says why."""

from .road import Location


class FrontError(Exception):
    """A front that cannot be walked or written."""


class ConfigurationError(ValueError):
    """The server itself would refuse the configuration: why, and where."""

    def __init__(self, message: str, location: Location) -> None:
        super().__init__(f"{message} in {location.file}:{location.line}")
        self.message = message
        self.location = location


class UnwritableError(ValueError):
    """A text that a server's configuration cannot hold; the message says which."""
