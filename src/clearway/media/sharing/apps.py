"""The application of share links."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Its label names its tables, its templates and its URLs."""

    name = "clearway.media.sharing"
    label = "clearway_sharing"
    verbose_name = "Share links"
