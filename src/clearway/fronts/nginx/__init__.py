"""nginx: its configuration read and routed as nginx does."""
