"""Checks of buckets: options of django-storages, and what files of the project say of the bucket."""
