"""Sites behind a network, as their configurations are written for."""

from dataclasses import replace

from clearway.fronts.cdn.cdn import Cdn, Origin

CODINGS = ("gzip", "br", "zstd")
NAMES = ("css/site.css", "js/a%20b.js")
AMAZON = Origin("https://shop-static.s3.eu-central-1.amazonaws.com/live", "shop-static", "live/", True, "eu-central-1")
BUCKET = Cdn(
    name="cdn-example",
    origin_of="cdn.example, by Clearway",
    host="cdn.example",
    prefix="/",
    has_site=False,
    site="https://shop.example",
    origin=AMAZON,
    codings=CODINGS,
    names=NAMES,
)
STRIPPED = replace(BUCKET, prefix="/static/", stripped="/static/")
SAME_HOST = replace(STRIPPED, host="shop.example", has_site=True)
ONE_CODING = replace(BUCKET, codings=(), coding="br", names=())
OTHER_STORE = replace(BUCKET, origin=Origin("https://pub.r2.example/live", "shop-static", "live/"))
APPLICATION = replace(
    BUCKET, prefix="/static/", origin=Origin("https://shop.example"), codings=(), names=(), stripped=""
)
FIRST_PARTY = replace(APPLICATION, host="shop.example", has_site=True)
ALL = {
    "bucket": BUCKET,
    "stripped": STRIPPED,
    "same host": SAME_HOST,
    "one coding": ONE_CODING,
    "other store": OTHER_STORE,
    "application": APPLICATION,
    "first party": FIRST_PARTY,
}
# Accept-Encoding fields, with q values, odd cases and odd spaces
FIELDS = (
    "",
    "*",
    "identity",
    "gzip",
    "x-gzip",
    "GZIP, Br",
    "gzip, deflate, br, zstd",
    "gzip, deflate, br",
    "br;q=0, gzip",
    "br;q=0.0, zstd;q=0.001",
    "br;q=0.000,gzip;q=0",
    "br;q=1.000;x=y",
    "br;x=y;q=0",
    "br;x=y;q=0.5 , gzip",
    "gzip;q=1.0, br;q=0.1",
    "br; q=0.5",
    "br ;\tq=0.5\t,gzip",
    "br;q= 0.5",
    "br;q=2",
    "br;q=0.1234",
    "br;q",
    "br;q=",
    "br;q=a, zstd",
    "br;Q=0",
    "brotli",
    "xbr, gzipx",
    "abr,br x",
    ",,,gzip,,",
    "identity;q=0",
    "__proto__, constructor",
    "zstd",
    "a" * 500 + ", br",
)
# what a regular expression does not look at
STARRED = (
    "*;q=0",
    "gzip;q=0, *",
    "*, br;q=0",
    "*;q=0.5, identity;q=0",
    "br, br;q=0",
    "br;q=0, br",
    "*, *;q=0",
    "*, zstd",
)


def wanted(field: str, codings: tuple[str, ...] = CODINGS) -> str:
    """What an edge is to answer in that has all codings: the first in our order that our own negotiation allows."""
    from clearway.http.negotiation import SUFFIXES, acceptable

    return next((coding for coding in SUFFIXES if coding in codings and coding in acceptable(field)), "")
