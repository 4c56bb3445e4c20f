"""Resources to ask for, and strategies for the header fields that ask: structure first, text second."""

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from clearway.http.header_rules import HeaderRules
from clearway.http.resource import Resource, StoredFile

MODIFIED = 1_700_000_000
FOUR = {"identity": 1000, "gzip": 400, "br": 300, "zstd": 350}

LATIN_1 = st.text(st.characters(max_codepoint=255), max_size=60)


def tag(coding: str) -> str:
    """The entity tag that `sample` gives to a coding."""
    return f'"{coding}-0123"'


def sample(
    sizes: Mapping[str, int] = FOUR,
    modified: int | None = MODIFIED,
    rules: HeaderRules | None = None,
    immutable: bool = False,
) -> Resource:
    """The resource /static/site.css with these codings and sizes."""
    rows = [(coding, StoredFile(f"/root/site.css:{coding}", size), tag(coding)) for coding, size in sizes.items()]
    return (rules or HeaderRules()).resource("/static/site.css", rows, modified=modified, immutable=immutable)


# --- Accept-Encoding

ZERO = ("0", "0.", "0.0", "0.00", "0.000")
POSITIVE = ("1", "1.", "1.0", "1.00", "1.000", "0.001", "0.5", "0.50", "0.999", "0.01")
MALFORMED = ("2", "1.1", "-1", "0.0000", "0.5000", "1.0000", ".5", "x", "", "+1", "1e0", "0,5", "0 .5", "NaN")
OWS = st.sampled_from(("", " ", "\t", " \t "))


@dataclass(frozen=True)
class Member:
    """One member of an Accept-Encoding field. `weight` None: there is none."""

    coding: str
    weight: str | None
    text: str

    @property
    def excludes(self) -> bool:
        return self.weight in ZERO or self.weight in MALFORMED


@st.composite
def members(draw: st.DrawFn) -> Member:
    coding = draw(st.sampled_from(("br", "zstd", "gzip", "identity", "*", "x-gzip", "deflate", "dcz")))
    weight = draw(st.sampled_from((None, None, None, *ZERO, *POSITIVE, *(w for w in MALFORMED if "," not in w))))
    spelled = draw(st.sampled_from((coding, coding.upper(), coding.capitalize())))
    parts = [draw(OWS), spelled, draw(OWS)]
    if weight is not None:
        parts += [";", draw(OWS), draw(st.sampled_from("qQ")), "=", weight, draw(OWS)]
    return Member(coding, weight, "".join(parts))


def render(listed: list[Member]) -> str:
    return ",".join(member.text for member in listed)


# --- entity tags, dates, ranges


@dataclass(frozen=True)
class Tag:
    """A member of a list of entity tags."""

    weak: bool
    quoted: str

    @property
    def text(self) -> str:
        return f"W/{self.quoted}" if self.weak else self.quoted


TAGS = st.builds(Tag, st.booleans(), st.sampled_from((*map(tag, FOUR), '"other"', '""', '"a,b"', '"*"', '"W/"')))


@dataclass(frozen=True)
class Wanted:
    """A Range field; without `first` and `suffix` it is one that a server answers whole."""

    text: str
    first: int | None = None
    last: int | None = None
    suffix: int | None = None

    def positions(self, length: int) -> list[int]:
        """The octets it asks for, by looking at each one."""
        if self.suffix is not None:
            return [at for at in range(length) if length - at <= self.suffix]
        assert self.first is not None
        return [at for at in range(length) if self.first <= at and (self.last is None or at <= self.last)]

    @property
    def understood(self) -> bool:
        return self.suffix is not None or self.first is not None


WHOLE = (
    "bytes=5-4", "bytes=0-0,2-2", "bytes=0-0, -1", "items=0-1", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes 0-1",
    "bytes=0-1x", "bytes=--1", "bytes=0 - 1", "bytes=1-+2", "bytes=1.0-2", "0-1", "bytes==0-1", "bytes=\xb2-",
)  # fmt: skip


@st.composite
def ranges(draw: st.DrawFn, longest: int = 1100) -> Wanted:
    number = st.one_of(st.integers(0, 4), st.integers(0, longest), st.just(10**30))
    unit, before, after = (
        draw(st.sampled_from(each)) for each in (("bytes", "Bytes"), ("", " ", ","), ("", " ,", "\t"))
    )
    kind = draw(st.sampled_from(("closed", "open", "suffix", "whole")))
    if kind == "whole":
        return Wanted(draw(st.sampled_from(WHOLE)))
    if kind == "suffix":
        count = draw(number)
        return Wanted(f"{unit}={before}-{count}{after}", suffix=count)
    first = draw(number)
    if kind == "open":
        return Wanted(f"{unit}={before}{first}-{after}", first=first)
    last = first + draw(number)
    return Wanted(f"{unit}={before}{first}-{last}{after}", first=first, last=last)
