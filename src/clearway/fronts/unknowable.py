"""What cannot be told from a configuration and the disk."""


class Unknowable(Exception):  # noqa: N818 - it is an answer, not an error
    """One sentence that says what the answer depends on."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
