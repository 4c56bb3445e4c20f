"""The bucket that an alias of STORAGES keeps its files in, as django-storages reads its options."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clearway.doctor.facts import Facts, Settings, Storage, Unavailable
from clearway.fronts.road import Location

_FAMILIES = {
    "s3": re.compile(r"storages\.backends\.(?:s3|s3boto3|digital_ocean|backblaze)\b|\.S3(?:Boto3)?\w*Storage$"),
    "gcs": re.compile(r"storages\.backends\.gcloud\b|\.GoogleCloud\w*Storage$"),
    "azure": re.compile(r"storages\.backends\.azure_storage\b|\.Azure\w*Storage$"),
}
_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "s3": {
        "bucket_name": "AWS_STORAGE_BUCKET_NAME",
        "location": "AWS_LOCATION",
        "default_acl": "AWS_DEFAULT_ACL",
        "querystring_auth": "AWS_QUERYSTRING_AUTH",
        "querystring_expire": "AWS_QUERYSTRING_EXPIRE",
        "custom_domain": "AWS_S3_CUSTOM_DOMAIN",
        "endpoint_url": "AWS_S3_ENDPOINT_URL",
        "region_name": "AWS_S3_REGION_NAME",
        "object_parameters": "AWS_S3_OBJECT_PARAMETERS",
        "gzip": "AWS_IS_GZIPPED",
        "file_overwrite": "AWS_S3_FILE_OVERWRITE",
        "url_protocol": "AWS_S3_URL_PROTOCOL",
        "cloudfront_key_id": "AWS_CLOUDFRONT_KEY_ID",
        "cloudfront_signer": "AWS_CLOUDFRONT_SIGNER",
    },
    "gcs": {
        "bucket_name": "GS_BUCKET_NAME",
        "location": "GS_LOCATION",
        "default_acl": "GS_DEFAULT_ACL",
        "querystring_auth": "GS_QUERYSTRING_AUTH",
        "custom_endpoint": "GS_CUSTOM_ENDPOINT",
        "object_parameters": "GS_OBJECT_PARAMETERS",
        "gzip": "GS_IS_GZIPPED",
        "file_overwrite": "GS_FILE_OVERWRITE",
        "expiration": "GS_EXPIRATION",
    },
    "azure": {
        "azure_container": "AZURE_CONTAINER",
        "account_name": "AZURE_ACCOUNT_NAME",
        "location": "AZURE_LOCATION",
        "custom_domain": "AZURE_CUSTOM_DOMAIN",
        "expiration_secs": "AZURE_URL_EXPIRATION_SECS",
        "overwrite_files": "AZURE_OVERWRITE_FILES",
        "object_parameters": "AZURE_OBJECT_PARAMETERS",
    },
}
_ON = {"querystring_auth": True, "file_overwrite": True}  # where nobody says otherwise
_FACTS = {"staticfiles": "static_storage", "default": "media_storage"}
BREAKS = {"staticfiles": frozenset({"static"}), "default": frozenset({"media", "uploads"})}  # what a fault breaks
_AWS_HOST = re.compile(
    r"(?:^|\.)s3(?:[.-](?:dualstack\.)?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com(?:\.cn)?$"
)
_PUBLIC = frozenset({"public-read", "public-read-write", "publicread", "publicreadwrite", "authenticated-read"})


@dataclass(frozen=True)
class Store:
    """`family` is `s3` for everything that speaks its API, `gcs` or `azure`."""

    alias: str
    family: str
    storage: Storage
    options: Mapping[str, Any]
    settings: Settings

    def get(self, name: str) -> Any:
        """An option: of OPTIONS, else of the class or the object, else of the setting of that meaning."""
        setting = _SETTINGS[self.family].get(name, "")
        for holder, key in ((self.options, name), (self.storage.attributes, name), (self.settings.values, setting)):
            if key in holder:
                return holder[key]
        return not self._is_for_static if name == "querystring_auth" else _ON.get(name)

    def said(self, name: str) -> tuple[str, Location | None]:
        """How an option is written, and where."""
        value, setting = self.get(name), _SETTINGS[self.family].get(name, "")
        if name in self.options:
            return f"OPTIONS of STORAGES[{self.alias!r}] have {name} = {value!r}", self.settings.line_of("STORAGES")
        if setting in self.settings.given:
            return f"{setting} = {value!r}", self.settings.line_of(setting)
        if name in self.storage.attributes and self.storage.attributes[name] != _ON.get(name):
            return f"{self.storage.kinds[0] if self.storage.kinds else 'the class'} has {name} = {value!r}", None
        return f"{name} is {value!r} unless it is set", self.settings.line_of("STORAGES")

    @property
    def bucket(self) -> str:
        """Its name; empty where nobody says."""
        return str(self.get("azure_container" if self.family == "azure" else "bucket_name") or "")

    @property
    def location(self) -> str:
        """What every key begins with, without slashes at its ends."""
        return str(self.get("location") or "").strip("/")

    @property
    def domain(self) -> str:
        """The host that URLs are given, where it is not the bucket's own."""
        return str(self.get("custom_endpoint" if self.family == "gcs" else "custom_domain") or "")

    @property
    def acl(self) -> str:
        """The ACL that is sent with every object; empty for none."""
        parameters = self.get("object_parameters")
        inner = parameters.get("ACL") if isinstance(parameters, dict) else None
        return str(inner or (self.get("default_acl") if self.family != "azure" else "") or "")

    @property
    def is_public_by_acl(self) -> bool:
        return self.acl.lower() in _PUBLIC

    @property
    def is_aws(self) -> bool:
        """Whether it is Amazon's S3, and nobody else's."""
        endpoint = str(self.get("endpoint_url") or "")
        return self.family == "s3" and (not endpoint or "amazonaws.com" in endpoint)

    @property
    def is_signed(self) -> bool:
        """Whether URLs are signed, so that each lasts for a time only."""
        if self.family == "azure":
            return bool(self.get("expiration_secs"))
        if self.family == "gcs":
            return bool(self.get("querystring_auth")) and not self.domain and self.acl.lower() != "publicread"
        is_cloudfront = bool(self.get("cloudfront_signer") or self.get("cloudfront_key_id"))
        return bool(self.get("querystring_auth")) and (not self.domain or is_cloudfront)

    @property
    def is_direct(self) -> bool:
        """Whether URLs lead to the bucket itself, and to no CDN before it."""
        return not self.domain or bool(_AWS_HOST.search(self.host)) or self.host.endswith(".r2.cloudflarestorage.com")

    @property
    def host(self) -> str:
        """Of its URLs, as far as it is written."""
        return re.sub(r"^[a-z]+://", "", self.domain).partition("/")[0].partition(":")[0].lower()

    @property
    def region_of_host(self) -> str:
        """The region that the host of its URLs names; empty for none."""
        found = _AWS_HOST.search(self.host)
        return (found["region"] or "") if found else ""

    @property
    def _is_for_static(self) -> bool:
        return any(re.search(r"\.S3(?:Boto3)?(?:Manifest)?Static\w*$", kind) for kind in self.storage.kinds)


def store(facts: Facts, alias: str) -> Store:
    """Of `staticfiles` or `default`. Raises `Unavailable` where the alias is kept by nothing that is known here."""
    storage: Storage = getattr(facts, _FACTS[alias])
    for family, pattern in _FAMILIES.items():
        if any(pattern.search(kind) for kind in storage.kinds or [storage.backend]):
            given = (facts.settings.get("STORAGES") or {}).get(alias) or {}
            return Store(alias, family, storage, given.get("OPTIONS") or {}, facts.settings)
    raise Unavailable(f"STORAGES[{alias!r}] is no object store that is known here")


def stores(facts: Facts) -> list[Store]:
    """Of both aliases. Raises `Unavailable` where neither is kept in a bucket."""
    found, missing = [], Unavailable("no alias of STORAGES is an object store")
    for alias in _FACTS:
        try:
            found.append(store(facts, alias))
        except Unavailable as error:
            missing = error
    if not found:
        raise missing
    return found
