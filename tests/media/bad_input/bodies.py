"""Uploads as no browser sends them: what a form's body says of its files, of its parts, and of its own length.

Sources: RFC 7578, RFC 2231, RFC 8187; the advisories of Django, Werkzeug,
Starlette and python-multipart on form parsing.
"""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from tests.bad_input.judge import PATIENCE
from tests.bad_input.site import FORGED
from tests.media.bad_input.names import every_name

EDGE = b"----edge"
CONTENT = b"uploaded content"
FORM = b"Content-Type: multipart/form-data; boundary=" + EDGE
MEGABYTE = 1 << 20
MOST_FILES = 90  # in one form; Django takes 100
LONGEST_PART = 900  # octets; Django takes 1024 in the head of a part


@dataclass(frozen=True)
class Upload:
    """A body with its header lines. `cut`: the client ends after it, whatever it announced."""

    what: str
    body: bytes
    lines: tuple[bytes, ...] = (FORM,)
    length: bytes | None = b"Content-Length: %d"
    cut: bool = False

    def request(self, target: bytes = b"/upload") -> bytes:
        length = (self.length.replace(b"%d", str(len(self.body)).encode()),) if self.length else ()
        head = (b"POST %s HTTP/1.1" % target, b"Host: 127.0.0.1", *self.lines, *length, b"Connection: close")
        return b"\r\n".join(head) + b"\r\n\r\n" + self.body

    def __str__(self) -> str:
        return f"{self.what}: {ascii(self.body[:120])[2:]}"


def send(port: int, upload: Upload, target: bytes = b"/upload") -> bytes:
    """All that comes back. A server that refuses may close before it has read everything."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE * 4) as line:
        got = b""
        with suppress(ConnectionError):
            line.sendall(upload.request(target))
            if upload.cut:
                line.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while piece := line.recv(1 << 20):
                got += piece
        return got


def part(disposition: bytes, content: bytes = CONTENT, *lines: bytes) -> bytes:
    """One part with its delimiter before it."""
    head = b"\r\n".join((b"Content-Disposition: " + disposition, *lines))
    return b"--" + EDGE + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + EDGE + b"--\r\n"


def named(parameters: bytes) -> bytes:
    """A form with one file whose name is told in these parameters."""
    return form(part(b'form-data; name="file"; ' + parameters))


def batches(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Forms with as many of the parts as one may have; a part whose head is long, which Django refuses, has its own."""
    held: list[bytes] = []
    for each in parts:
        if len(each) > LONGEST_PART:
            yield form(each)
            continue
        held.append(each)
        if len(held) == MOST_FILES:
            yield form(*held)
            held = []
    yield form(*held)


def names() -> Iterator[Upload]:
    """Every bad name, a third of them as each kind of client would write it."""
    given = [name for name in every_name() if len(name) < 100_000]
    plain = (name.encode("utf-8", "surrogatepass").replace(b"\r", b"%0D").replace(b"\n", b"%0A") for name in given[::3])
    for body in batches(
        part(b'form-data; name="file"; filename="' + name.replace(b'"', b"%22") + b'"') for name in plain
    ):
        yield Upload("names as browsers write them", body)
    for body in batches(
        part(b"form-data; name=file; filename*=UTF-8''" + quote(name.encode("utf-8", "surrogatepass")).encode())
        for name in given[1::3]
    ):
        yield Upload("names of RFC 8187", body)
    raw = (name.encode("utf-8", "surrogatepass") for name in given[2::3])
    for body in batches(
        part(b'form-data; name="file"; filename="' + name + b'"') for name in raw if b"\r\n\r\n" not in name
    ):
        yield Upload("names as they are", body)


def told_names() -> Iterator[Upload]:
    """One name that is told twice, in parts, in a charset, or not at all."""
    for parameters in (
        b'filename="a.png"; filename*=UTF-8\'\'..%2f..%2fcanary.txt', b"filename*=UTF-8''..%2fx; filename=\"a.png\"",
        b'filename="a.png"; filename="../../x.php"', b"filename*=UTF-8''a; filename*=UTF-8''..%2Fb", b'filename=""',
        b"filename=", b"filename",
        b"filename*=", b"filename*=UTF-8", b"filename*=UTF-8'", b"filename*=UTF-8''", b"filename*=''x",
        b"filename*=nonsense''x", b"filename*=\xff''x",
        b"filename*=utf-16''%ff%fe%2e%00%2e%00%2f%00", b"filename*=utf-7''+AC4ALgAv-x",
        b"filename*=UTF-8'" + b"en" * 5000 + b"'x", b"filename*=rot13''x",
        b"filename*=idna''xn--a", b"filename*=base64''Li4vLi4v", b"filename*=UTF-8''%", b"filename*=UTF-8''%zz%2",
        b"filename*=UTF-8''%ff%fe", b"filename*=hex''2e",
        b"filename*0=..; filename*1=/; filename*2=x", b"filename*0*=UTF-8''%2e%2e; filename*1*=%2fx",
        b"filename*1=b; filename*0=a", b"filename*9999999999=x",
        b"filename*-1=x", b"filename*0*=UTF-8''a; filename*0=b",
        b"; ".join(b"filename*%d=%d" % (n, n) for n in range(2000)), b"filename*a=x", b"filename**=x",
        b'filename="a\\"b\\\\c.png"', b'filename="unended', b"filename='../x'", b'filename="a"b".png"',
        b"FILENAME=../X", b'filename ="x"', b'filename= "x"',
        b'filename="x"\r\n y', b'filename="a.png";' + b" a=b;" * 5000, b'filename="' + b"\\" * 50_000 + b'"',
        b'filename="' + b'"' * 50_000, b";" * 50_000 + b"filename=x",
        b'filename="\x00"', b'filename="a\x00.png"', b'filename="..\x00/x"', b'filename="\x1b[31m"',
        b'filename="a\rb"', b'filename="a\nb"',
        b'filename="\xff\xfe.png"', b'filename="\xc0\xae\xc0\xae/x"', b'filename="=?utf-8?q?=2E=2E=2Fx?="',
        b'filename="=?utf-8?b?Li4vLi4veA==?="', b"filename=a b c.png",
        b'filename="&#46;&#46;&#x2f;x"', b'filename="x&NewLine;' + FORGED + b': 1"',
        b'filename="' + b"&amp;" * 10_000 + b'"', b'filename="' + b"&" * 100_000 + b'"',
        b'filename="' + b"n" * MEGABYTE + b'"', b'filename="' + "\ufdfa".encode() * 100_000 + b'"',
        b"filename*=UTF-8''" + b"%EF%B7%BA" * 100_000,
    ):  # fmt: skip
        yield Upload("a name", named(parameters))
    for disposition in (
        b"form-data", b"", b";", b'form-data; filename="x"', b'form-data; name=""; filename="x"',
        b'attachment; name="file"; filename="x"', b'form-data; name="file"',
        b'form-data; name="../../x"; filename="x"', b'form-data; name="a\x00b"; filename="x"',
        b'form-data; name="file"; name="other"; filename="x"',
        b'form-data; name="' + b"n" * 200_000 + b'"; filename="x"',
        b'form-data; name*=UTF-8\'\'%0d%0aX; filename="x"', b'form-data; name="\xff"; filename="x"',
        b"form-data, attachment; name=file; filename=x",
        b"form-data; name=file; filename=x\r\nContent-Disposition: form-data; name=file; filename=../y",
    ):  # fmt: skip
        yield Upload("a disposition", form(part(disposition)))


def parts() -> Iterator[Upload]:
    """Many of them, odd ones, and their own header fields."""
    file, field = b'form-data; name="file"; filename="x.txt"', b'form-data; name="f"'
    yield Upload("a hundred files", form(*[part(file)] * 100))
    yield Upload("a thousand files", form(*[part(file, b"")] * 1001))
    yield Upload("a thousand fields", form(*[part(field, b"")] * 1500))
    yield Upload("ten thousand parts without a head", (b"--" + EDGE + b"\r\n\r\n") * 10_000 + form())
    yield Upload("ten thousand delimiters", (b"--" + EDGE + b"\r\n") * 10_000)
    yield Upload("a field of many megabytes", form(part(field, b"x" * 4 * MEGABYTE)))
    yield Upload("a file beyond what is kept in memory", form(part(file, b"x" * 3 * MEGABYTE)))
    for line in (
        b"Content-Length: 99999999999999999999", b"Content-Length: -1", b"Content-Length: 1e9", b"Content-Length: 0",
        b"Content-Length:", b"Content-Length: \xb2",
        b"Content-Length: " + b"9" * 5000,
        b"Content-Type: multipart/mixed; boundary=inner", b"Content-Type: " + b"a/b;" + b"c=d;" * 5000,
        b"Content-Type: image/png; charset=nonsense",
        b"Content-Type: \r\n" + FORGED + b": 1", b"Content-Type", b": x",
        b"Content-Type: image/png; charset*=nonsense''x", b"Content-Type: \xff\xfe", b"X: " + b"y" * MEGABYTE,
        b"Transfer-Encoding: chunked", b"Content-Encoding: gzip", b"Content-Transfer-Encoding: gzip",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: 8bit; x=" + b"y" * 5000, *(b"X-%d: y" % number for number in range(3)),
        b"\r\n".join(b"X-%d: y" % number for number in range(5000)),
    ):  # fmt: skip
        yield Upload("a part's field", form(part(file, CONTENT, line)))
    for coded in (
        b"", b"=", b"====", b"YQ==", b"YQ", b"Y", b"YWJj" * 100_000, b"YWJj\r\n" * 50_000, b" " * MEGABYTE,
        b"\t\r\n " * 250_000, b"Y" + b" " * MEGABYTE + b"WJj", b"Y W J j" * 9,
        b"\xff\xfe\xfd\xfc", b"YQ==YQ==" * 1000, b"-_-_" * 100, b"YWJj" * 20_000 + b"Y", b"!" * MEGABYTE, b"Y\0WJj",
    ):  # fmt: skip
        yield Upload("base64 in a file", form(part(file, coded, b"Content-Transfer-Encoding: base64")))
        yield Upload("base64 in a field", form(part(field, coded, b"Content-Transfer-Encoding: base64")))


def edges() -> Iterator[Upload]:
    """Delimiters, and what looks like them."""
    good = form(part(b'form-data; name="file"; filename="x.txt"'))
    for said in (
        b"", b";", b"; boundary", b"; boundary=", b'; boundary=""', b"; boundary=" + b"b" * 201,
        b"; boundary=" + b"b" * 100_000, b"; boundary=a b", b'; boundary="a b"', b"; boundary=\xff",
        b"; boundary=" + EDGE + b"; boundary=other", b"; boundary=other; boundary=" + EDGE,
        b"; boundary*=UTF-8''" + EDGE, b"; boundary*0=----; boundary*1=edge", b"; boundary=" + EDGE + b";" * 50_000,
        b"; " + b"a=b; " * 5000 + b"boundary=" + EDGE, b"; charset=nonsense; boundary=" + EDGE,
        b"; charset=utf-7; boundary=" + EDGE, b"; charset=utf-16; boundary=" + EDGE,
        b"; charset=\x00; boundary=" + EDGE, b"; BOUNDARY=" + EDGE,
    ):  # fmt: skip
        yield Upload("a boundary", good, (b"Content-Type: multipart/form-data" + said,))
    for kind in (
        b"multipart/mixed",
        b"multipart/x; boundary=" + EDGE,
        b"multipart/",
        b"MULTIPART/FORM-DATA; boundary=" + EDGE,
        b"application/x-www-form-urlencoded",
        b"x" * 7000,
        b"text/html, multipart/form-data",
    ):
        yield Upload("a type", good, (b"Content-Type: " + kind,))
    yield Upload("no type", good, ())
    yield Upload("two types", good, (FORM, b"Content-Type: text/plain"))
    line = b"--" + EDGE
    for what, body in {
        "newlines before": b"\r\n" * MEGABYTE + good,
        "one newline and megabytes": good.replace(CONTENT, b"\r\n" + b"x" * 3 * MEGABYTE),
        "carriage returns": good.replace(CONTENT, b"\r" * 2 * MEGABYTE),
        "newlines in a file": good.replace(CONTENT, b"\r\n" * MEGABYTE),
        "almost delimiters": good.replace(CONTENT, (b"\r\n" + line[:-1]) * 50_000),
        "dashes": good.replace(CONTENT, b"-" * MEGABYTE),
        "a delimiter in a file": good.replace(CONTENT, b"x" + line + b"x\r\n" + line + b"--x\r\n"),
        "line feeds alone": good.replace(b"\r\n", b"\n"), "a preamble": b"x" * MEGABYTE + b"\r\n" + good,
        "an epilogue": good + b"x" * MEGABYTE, "two forms": good + good,
        "spaces behind a delimiter": good.replace(line + b"\r\n", line + b" \t\r\n"),
        "no end": good[: good.rindex(line)],
        "the end first": line + b"--\r\n" + good, "nothing but the end": line + b"--", "nothing": b"",
        "one octet": b"-", "nested": good.replace(CONTENT, good),
        "a head without an end": line + b"\r\n" + b"X: y\r\n" * 50_000,
        "a head of one line": line + b"\r\n" + b"X" * MEGABYTE, "NUL": good.replace(b"\r\n", b"\r\0\n"),
        "zeros": b"\0" * MEGABYTE,
    }.items():  # fmt: skip
        yield Upload(what, body)


def lengths() -> Iterator[Upload]:
    """What the body's length is said to be, and where the client leaves."""
    good = form(part(b'form-data; name="file"; filename="x.txt"', b"x" * 5000))
    for length in (
        b"Content-Length: 0",
        b"Content-Length: 1",
        b"Content-Length: 200",
        b"Content-Length: -1",
        b"Content-Length: +200",
        b"Content-Length: 0x10",
        b"Content-Length: 1, 1",
        b"Content-Length:",
        b"Content-Length: \xb2",
    ):
        yield Upload(length.decode("latin-1"), good, length=length, cut=True)
    for more in (b"1", b"1000", b"1000000000", b"99999999999999999999"):
        yield Upload(f"{more.decode()} more than there is", good, length=b"Content-Length: 9" + more, cut=True)
    yield Upload("no length", good, length=None, cut=True)
    yield Upload("chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(good), good), (FORM, b"Transfer-Encoding: chunked"), None)
    yield Upload(
        "chunked by one octet",
        b"".join(b"1\r\n%c\r\n" % octet for octet in good) + b"0\r\n\r\n",
        (FORM, b"Transfer-Encoding: chunked"),
        None,
    )
    yield Upload(
        "chunked, no end", b"%x\r\n%s" % (len(good) + 5, good), (FORM, b"Transfer-Encoding: chunked"), None, cut=True
    )
    yield Upload(
        "chunked, and a length",
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(good), good),
        (FORM, b"Transfer-Encoding: chunked"),
        cut=True,
    )
    for end in (
        1,
        5,
        len(EDGE) + 4,
        60,
        100,
        130,
        len(good) - 5020,
        len(good) - 2500,
        len(good) - 20,
        len(good) - 5,
        len(good) - 3,
        len(good) - 1,
    ):
        yield Upload(f"{end} octets of it", good[:end])
        yield Upload(
            f"{end} octets of what was announced", good[:end], length=b"Content-Length: %d" % len(good), cut=True
        )


GROUPS: dict[str, Callable[[], Iterator[Upload]]] = {
    "names": names,
    "told names": told_names,
    "parts": parts,
    "edges": edges,
    "lengths": lengths,
}
