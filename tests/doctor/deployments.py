"""Facts that the checks of settings, processes and platforms are tested with."""

from typing import Any

from tests.doctor.fake_facts import LOCAL, NOBODY, Fake

from clearway.doctor.facts import Process, Sources, Storage, Tree

WHITENOISE = Process(
    "whitenoise", (), "whitenoise.middleware.WhiteNoiseMiddleware", ("x.SecurityMiddleware",), rescans=False
)
CLEARWAY = Process("clearway", (), "clearway.middleware.ClearwayMiddleware")
MEDIA = Storage("django.core.files.storage.FileSystemStorage", is_local=True, is_manifest=False)
BUCKET = Storage("storages.backends.s3.S3Storage", is_local=False, is_manifest=False)
SOURCES = Sources({"css/site.css": "/srv/shop/assets/css/site.css"}, ("/srv/shop/assets",))
DOCKER = "FROM python\nWORKDIR /app\nCOPY . .\n"
COLLECTS = "RUN python manage.py collectstatic --noinput\n"


def site(files: dict[str, str] | None = None, settings: dict[str, Any] | None = None, **given: Any) -> Fake:
    """A production site in /srv/shop whose deployment files are these; nobody answers its files."""
    usual: dict[str, Any] = {
        "settings": settings or {},
        "process": NOBODY,
        "static_storage": LOCAL,
        "media_storage": MEDIA,
        "sources": SOURCES,
        "tree": Tree("/srv/shop", files or {}),
    }
    return Fake(**usual | given)
