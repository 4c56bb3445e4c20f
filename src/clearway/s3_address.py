"""Where the objects of an S3 bucket are read by HTTP, as the options of the client and its environment say."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# The client's names, the first that has a value wins; one row has the same meaning, and an option goes before the
# environment, where each begins with AWS_.
_ENDPOINT = (("endpoint_url_s3",), ("endpoint_url", "endpoint"))
_REGION = (("region",), ("default_region",))
_VIRTUAL = (("virtual_hosted_style_request",),)
_YES = frozenset({"1", "true", "on", "yes", "y"})


@dataclass(frozen=True)
class S3Address:
    """`endpoint` is empty for Amazon's own, `region` where nobody said it.

    `has_bucket` is whether the endpoint names the bucket already.
    """

    endpoint: str
    region: str
    has_bucket: bool

    def of(self, bucket: str) -> str:
        """Below which the objects of a bucket are, without a slash at the end; empty where the region is missing."""
        if self.endpoint:
            return self.endpoint if self.has_bucket else f"{self.endpoint}/{bucket}"
        if not self.region:
            return ""
        if "." in bucket:  # Amazon's certificate is for one label
            return f"https://s3.{self.region}.amazonaws.com/{bucket}"
        return f"https://{bucket}.s3.{self.region}.amazonaws.com"


def s3_address(options: Mapping[str, str]) -> S3Address:
    """What the options and the environment say."""
    environ = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    told = [{name.lower().removeprefix("aws_"): value for name, value in each.items()} for each in (options, environ)]

    def first(rows: Sequence[Sequence[str]]) -> str:
        return next((each[name] for row in rows for each in told for name in row if each.get(name)), "")

    return S3Address(first(_ENDPOINT).rstrip("/"), first(_REGION), first(_VIRTUAL).lower() in _YES)
