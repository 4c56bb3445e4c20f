"""What can be wrong with the records of a release."""


class RecordError(Exception):
    """A record, history or index is missing a part, has another format, or is not one at all."""


class UnknownReleaseError(Exception):
    """A release was asked for by an id that has no record here."""
