"""What is in a file, seen as its octets arrive: types, sizes of pictures, and what hides behind them."""

from .inspection import Inspection, Inspector

__all__ = ["Inspection", "Inspector"]
