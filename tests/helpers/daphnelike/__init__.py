"""An app whose runserver serves ASGI, as the one of daphne does."""
