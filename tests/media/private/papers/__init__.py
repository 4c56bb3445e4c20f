"""An application whose rows name private files."""
