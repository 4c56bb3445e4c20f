"""What both wrappers, `clearway.wsgi.Clearway` and `clearway.asgi.Clearway`, share: where their catalog comes from."""

from pathlib import Path
from typing import Any

from .asset_urls import AssetUrls
from .catalog.catalog import Catalog
from .serve.added_files import FileOptions
from .serve.service import LazyService


class Wrapper:
    """Directories added by hand; without any, Django's settings, read when the worker first needs them."""

    def __init__(self, root: str | Path | None, prefix: str | None, options: dict[str, Any]) -> None:
        self._options = FileOptions(**options)
        self._added: Catalog | None = None
        self.urls = AssetUrls(is_live=self._options.autorefresh)
        self.lazy = LazyService(self._catalog)
        if root is not None:
            self.add_files(root, prefix)

    def add_files(self, root: str | Path, prefix: str | None = None) -> None:
        """Serve a directory below a URL prefix; what is added later wins."""
        self._added = self._added or Catalog()
        mounts = self._options.mounts(root, prefix)
        for mount in mounts:
            self._added.add(mount)
        self.urls.add(root, mounts[-1])

    def _catalog(self) -> Catalog:
        if self._added is not None:
            return self._added
        from django.conf import settings

        if not settings.configured and not _names_settings():
            return Catalog()
        from .catalogs import catalog_of
        from .project import Project

        return catalog_of(Project.from_settings())


def _names_settings() -> bool:
    import os

    return bool(os.environ.get("DJANGO_SETTINGS_MODULE"))
