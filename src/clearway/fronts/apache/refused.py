"""The end of a request with a status."""


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """The request ends here with a status; `url` is where a redirect leads.

    `is_fresh` marks what mod_rewrite refuses: on the way to an error page it counts as an error of its own.
    """

    def __init__(self, status: int, url: str = "", *, is_fresh: bool = False) -> None:
        super().__init__(str(status))
        self.status, self.url, self.is_fresh = status, url, is_fresh
