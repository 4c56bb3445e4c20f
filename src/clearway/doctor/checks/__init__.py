"""The checks, a module each, by family."""
