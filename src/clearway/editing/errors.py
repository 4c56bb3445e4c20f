"""What keeps an edit from being made."""


class EditError(Exception):
    """An edit that is not made; the message says why, and nothing was changed."""


class PatchError(EditError):
    """A text that is no unified diff, or one of another file than this."""


class ChangedError(EditError):
    """A file that is not any more what it was when the edit was made."""
