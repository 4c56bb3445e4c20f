"""What came back from an application, however it was called."""

from collections.abc import Iterable
from dataclasses import dataclass

BODILESS = (204, 304)


@dataclass(frozen=True)
class Reply:
    """Status, header fields with lower-case names in the order sent, content."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        """The value of a header field that may be sent once; None when absent."""
        values = [value for key, value in self.fields if key == name.lower()]
        assert len(values) <= 1, f"{name} is sent {len(values)} times"
        return values[0] if values else None

    @property
    def comparable(self) -> tuple[int, list[tuple[str, str]], bytes]:
        return self.status, sorted(self.fields), self.body


def lowered(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in fields)


def check_length(method: str, status: int, fields: Iterable[tuple[str, str]], body: bytes) -> None:
    """Content-Length is the length of the content; answers without content have none."""
    lengths = [value for name, value in fields if name.lower() == "content-length"]
    assert len(lengths) <= 1, lengths
    if method == "HEAD" or status in BODILESS:
        assert body == b"", f"{len(body)} octets of content after {method} {status}"
        assert not (status == 204 and lengths), "Content-Length on 204 (RFC 9110 §8.6)"
    elif lengths:
        assert lengths == [str(len(body))], f"Content-Length {lengths[0]}, {len(body)} octets sent"
