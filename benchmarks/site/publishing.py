"""Settings of a site that is published: BENCH_PUBLISHER chooses how, BENCH_ENDPOINT is the store's."""

import os

from .settings import *  # noqa: F403
from .settings import CLEARWAY, STATIC_ROOT

PUBLISHER = os.environ["BENCH_PUBLISHER"]
BUCKET = "bench"
_STORAGES = {
    "S3StaticStorage": "storages.backends.s3.S3StaticStorage",
    "S3ManifestStaticStorage": "storages.backends.s3.S3ManifestStaticStorage",
    "collectfasta": "storages.backends.s3.S3ManifestStaticStorage",
}
_OPTIONS = {
    "bucket_name": BUCKET,
    "endpoint_url": os.environ["BENCH_ENDPOINT"],
    "access_key": os.environ["AWS_ACCESS_KEY_ID"],
    "secret_key": os.environ["AWS_SECRET_ACCESS_KEY"],
    "region_name": os.environ["AWS_REGION"],
}
_BUCKET_STORAGE = {"BACKEND": _STORAGES.get(PUBLISHER, ""), "OPTIONS": _OPTIONS}

INSTALLED_APPS = [
    *(["clearway"] if PUBLISHER == "clearway" else []),
    *(["collectfasta"] if PUBLISHER == "collectfasta" else []),
    "django.contrib.staticfiles",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"} if PUBLISHER == "clearway" else _BUCKET_STORAGE,
}
CLEARWAY |= {"publish": {"target": f"s3://{BUCKET}/static", "coding": os.environ.get("BENCH_CODING", "")}}
COLLECTFASTA_STRATEGY = "collectfasta.strategies.boto3.Boto3ManifestMemoryStrategy"
COLLECTFASTA_THREADS = int(os.environ.get("BENCH_THREADS", "0"))
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": f"{STATIC_ROOT}-hashes"}
}
AWS_S3_FILE_OVERWRITE = True
