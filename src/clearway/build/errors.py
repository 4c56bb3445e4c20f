"""What can stop a build."""


class BuildError(Exception):
    """A build that cannot be finished; the message says what to do next. Nothing of it is current."""


class ReferencesError(BuildError, ValueError):
    """Problems that stop a build. `files` are the sources that have them, in order.

    A `ValueError`, as Django's storage raises for a reference to a missing file.
    """

    def __init__(self, message: str, files: tuple[str, ...]) -> None:
        super().__init__(message)
        self.files = files


class SourceChangedError(BuildError):
    """A source changed between its first and its second reading."""
