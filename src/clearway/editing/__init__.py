"""Edits of files that people wrote: shown as a unified diff, written whole or not at all, with a backup beside them."""
