"""What is wrong with an answer: every body against the digests of what was published, every field against its body."""

from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from clearway.stores.decode import decoded
from tools.soak_serving_http import Answer
from tools.soak_serving_site import Ledger, Replaced, Version, filling

STATIC = "/static/"
STALE_AFTER = 5.0  # seconds; a process asks a file again after a quarter of one, when it is not kept waiting
MANY = 5000  # validators that are remembered, of the files that change all the time


@dataclass(frozen=True)
class Asked:
    """A request, when it was sent (monotonic seconds), and whether its name was promised then."""

    path: str
    accept: str
    since: float
    was_promised: bool


@dataclass
class Judge:
    ledger: Ledger
    replaced: dict[str, Replaced]  # by name, at the site's root
    live: dict[str, str] = field(default_factory=dict)  # SHA-256 by name below STATIC_URL, made while it is served
    counts: Counter[str] = field(default_factory=Counter)
    tags: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)
    _decoded: dict[str, str] = field(default_factory=dict)

    def whole(self, asked: Asked, answer: Answer) -> Iterator[str]:
        """A 200, or a 404 of a name that nobody has to know."""
        if answer.status == 404 and asked.path.startswith(STATIC) and not self.is_owed(asked):
            self.counts["answers: a name that was pruned, or published a moment ago, is a 404"] += 1
            return
        if answer.status != 200:
            yield f"{answer.status}"
            return
        self.counts["bodies checked"] += 1
        yield from self._fields(asked, answer)
        digest = self._digest(answer)
        if digest is None:
            yield f"the body does not decode as {answer.fields['content-encoding']}"
        else:
            yield from self._content(asked, digest)

    def is_owed(self, asked: Asked) -> bool:
        """Whether the name was promised before the request, and still is."""
        name = asked.path.removeprefix(STATIC)
        if name in self.ledger.digests:
            return asked.was_promised and self.ledger.is_promised(name)
        return name not in self.live or (asked.was_promised and self.ledger.is_promised(name))

    def _fields(self, asked: Asked, answer: Answer) -> Iterator[str]:
        fields, body = answer.fields, answer.body
        if int(fields["content-length"]) != len(body):
            yield f"Content-Length {fields['content-length']} with {len(body)} octets"
        coding = fields.get("content-encoding")
        if coding and coding not in asked.accept:
            yield f"{coding} for a client that accepts {asked.accept!r}"
        if self._remembered(asked.path, fields["etag"], sha256(body).hexdigest()):
            yield f"the tag {fields['etag']} stands for two bodies"
        is_hashed = asked.path.removeprefix(STATIC) in self.ledger.digests
        if is_hashed != ("immutable" in fields["cache-control"]):
            yield f"Cache-Control {fields['cache-control']}"

    def _remembered(self, path: str, tag: str, digest: str) -> bool:
        """Whether a tag was seen with another body."""
        known = self.tags.setdefault((path, tag), digest)
        if len(self.tags) > MANY:
            self.tags.popitem(last=False)
        return known != digest

    def _digest(self, answer: Answer) -> str | None:
        """Of the body without its coding; each coded body is decoded once."""
        raw, coding = sha256(answer.body).hexdigest(), answer.fields.get("content-encoding")
        if coding is None:
            return raw
        if raw not in self._decoded:
            content = decoded(coding, answer.body)
            if content is None:
                return None
            self._decoded[raw] = sha256(content).hexdigest()
        return self._decoded[raw]

    def _content(self, asked: Asked, digest: str) -> Iterator[str]:
        name = asked.path.removeprefix(STATIC)
        if replaced := self.replaced.get(asked.path.removeprefix("/")):
            version = replaced.by_digest.get(digest)
            if version is None:
                yield "a body that this file never had"
            elif version.until < asked.since - STALE_AFTER:
                yield f"a body that was replaced {asked.since - version.until:.1f} s before"
            return
        wanted = self.live.get(name) or self.ledger.digests.get(name)
        if digest not in ({wanted} if wanted else self.ledger.versions[name]):
            yield f"wrong bytes: {digest}"

    def part(self, asked: Asked, answer: Answer, first: int, last: int) -> Iterator[str]:
        """A 206 of some octets of the film or of the huge file."""
        if answer.status == 404 and not self.is_owed(asked):
            return
        if answer.status != 206:
            yield f"{answer.status} for a range"
            return
        self.counts["ranges checked"] += 1
        own, _, size = answer.fields["content-range"].partition("/")
        if own != f"bytes {first}-{last}" or len(answer.body) != last - first + 1:
            yield f"Content-Range {own}/{size} with {len(answer.body)} octets"
        if "content-encoding" in answer.fields:
            yield "a range of an encoding"
        if not any(answer.body == film[first : last + 1] and int(size) == len(film) for film in self._films(asked)):
            yield f"wrong bytes in the range {first}-{last}"

    def _films(self, asked: Asked) -> Iterator[bytes]:
        name = asked.path.removeprefix(STATIC)
        if replaced := self.replaced.get(asked.path.removeprefix("/")):
            yield from (filling(replaced.name, each.number) for each in replaced.recent if _was_there(each, asked))
        else:
            yield filling("big/film.bin", self.ledger.films[name])


def _was_there(version: Version, asked: Asked) -> bool:
    return version.until >= asked.since - STALE_AFTER
