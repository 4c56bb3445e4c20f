"""What can keep a run away from the records, or from a store."""


class LockedError(Exception):
    """Another run is changing the same releases; the message names it where it can, and says what to do."""


class StoreError(Exception):
    """A store that did not do what was asked of it; the message names the store, the reason and what to do next."""


class ChangedError(StoreError):
    """Something else was written to a name since it was read."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} was changed by another run; run this again")
