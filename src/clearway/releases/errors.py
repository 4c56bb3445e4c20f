"""What can stop a verb."""


class ReleaseError(Exception):
    """A verb that cannot be carried out; the message says what to do next. Nothing was changed."""
