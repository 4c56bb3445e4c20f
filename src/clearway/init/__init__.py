"""A project's own files become those of one with Clearway: edits that are certain, refusals that say why."""
