"""Clearway: a Django project's static and media files, from source to browser."""

__version__ = "0.1.0"
