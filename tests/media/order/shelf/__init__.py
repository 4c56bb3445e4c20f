"""An application with models that name files."""
