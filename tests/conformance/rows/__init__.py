"""The table: every row, by theme."""

from tests.conformance.rows import (
    caching,
    coding,
    conditions,
    framing,
    metadata,
    methods,
    paths,
    ranges,
    validators,
)

THEMES = (methods, validators, conditions, ranges, coding, metadata, caching, paths, framing)
ROWS = tuple(row for theme in THEMES for row in theme.ROWS)
