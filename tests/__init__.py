"""A package, so that no other `tests` on the path of a process is taken for it."""
