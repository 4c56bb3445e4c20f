"""Facts of a project whose files are in buckets."""

from typing import Any

from tests.doctor.fake_facts import Fake

from clearway.doctor.facts import Sources, Storage, Tree

LOCAL = Storage("django.core.files.storage.FileSystemStorage", is_local=True, is_manifest=False)
S3, GCS, AZURE = (
    "storages.backends.s3.S3Storage",
    "storages.backends.gcloud.GoogleCloudStorage",
    "storages.backends.azure_storage.AzureStorage",
)
STATIC = "storages.backends.s3.S3StaticStorage"
OWNED = {"own.json": '{"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}'}
FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def kept(backend: str, **attributes: Any) -> Storage:
    """A storage in a bucket."""
    return Storage(backend, is_local=False, is_manifest=False, kinds=(backend,), attributes=attributes)


def blocking(*flags: str) -> dict[str, str]:
    """The answer of get-public-access-block."""
    rows = ", ".join(f'"{flag}": {"true" if flag in flags else "false"}' for flag in FLAGS)
    return {"block.json": f'{{"PublicAccessBlockConfiguration": {{{rows}}}}}'}


def facts(
    papers: dict[str, str] | None = None,
    *,
    static: Storage = LOCAL,
    media: Storage = LOCAL,
    options: dict[str, dict[str, Any]] | None = None,
    settings: dict[str, Any] | None = None,
    **given: Any,
) -> Fake:
    """A production site; `options` are those of each alias."""
    storages = {
        alias: {"BACKEND": each.backend, "OPTIONS": (options or {}).get(alias, {})}
        for alias, each in (("staticfiles", static), ("default", media))
    }
    return Fake(
        settings={"STORAGES": storages, "AWS_STORAGE_BUCKET_NAME": "shop", **(settings or {})},
        static_storage=static,
        media_storage=media,
        papers=Tree("/srv/shop", papers or {}),
        sources=given.pop("sources", Sources({}, ())),
        **given,
    )
