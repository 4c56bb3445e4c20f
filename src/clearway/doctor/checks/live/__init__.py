"""Checks of a live site: what --url led to."""
