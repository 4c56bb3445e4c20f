"""What keeps a command about a front from running."""


class FrontError(Exception):
    """A front that cannot be walked or written; the message says why."""
