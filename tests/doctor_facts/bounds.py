"""What gathering facts says of the bounds that it met."""


def nothing_left_out(text: str) -> None:
    """Where no bound may be met."""
    raise AssertionError(text)
