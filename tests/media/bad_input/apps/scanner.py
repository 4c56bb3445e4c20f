"""A scanner that cannot be asked: what comes is held."""

from typing import BinaryIO


def out_of_order(file: BinaryIO) -> str | None:
    raise OSError("out of order")
