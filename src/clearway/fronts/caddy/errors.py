"""What stops Caddy, and us, from reading a configuration."""

from clearway.fronts.road import Location


class ConfigurationError(ValueError):
    """Caddy refuses the configuration: why, and where."""

    def __init__(self, message: str, location: Location) -> None:
        super().__init__(f"{message} in {location.file}:{location.line}")
        self.message = message
        self.location = location
