"""What can keep a run away from the records."""


class LockedError(Exception):
    """Another run is changing the same releases; the message names it where it can, and says what to do."""
