"""Finds the one cause of what does not arrive, with proof."""
