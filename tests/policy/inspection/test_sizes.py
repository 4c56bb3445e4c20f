"""Sizes and frames of pictures: as Pillow sees them, at any chunking, and what lies about them."""

import io
import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.policy.inspection.pictures import FORMATS, chunk, gif, picture, png, segment

from clearway.policy.inspection import Inspection, Inspector
from clearway.policy.inspection.verdict import findings
from clearway.policy.limits import Limits

CASES = [(form, frames) for form, (_, most) in FORMATS.items() for frames in {1, most}]


def inspect(named: str, *pieces: bytes) -> Inspection:
    inspector = Inspector(named)
    for piece in pieces:
        inspector.feed(piece)
    return inspector.close()


@pytest.mark.parametrize(("form", "frames"), CASES)
@pytest.mark.parametrize("size", [(1, 1), (37, 21), (300, 70)])
def test_the_size_and_the_frames_are_those_that_pillow_sees(form: str, frames: int, size: tuple[int, int]) -> None:
    data = picture(form, frames, size)
    seen = inspect(FORMATS[form][0], data)
    with Image.open(io.BytesIO(data)) as image:
        frames = len(image.info["sizes"]) if form == "ICO" else getattr(image, "n_frames", 1)
        assert (seen.width, seen.height, seen.frames) == (*image.size, frames)
    assert (seen.seen, seen.other, seen.size) == (frozenset(), None, len(data))


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG", "TIFF"])
@pytest.mark.parametrize("mode", ["L", "CMYK", "RGBA", "1"])
def test_so_they_are_in_every_mode(form: str, mode: str) -> None:
    file = io.BytesIO()
    try:
        Image.new(mode, (41, 7)).save(file, form, **({"lossless": True} if form == "WEBP" else {}))
    except OSError:
        return  # the format has no such mode
    seen = inspect(FORMATS[form][0], file.getvalue())
    assert (seen.width, seen.height, seen.seen) == (41, 7, frozenset())


@pytest.mark.parametrize(("form", "frames"), CASES)
def test_octet_by_octet_the_same_is_seen(form: str, frames: int) -> None:
    data, named = picture(form, frames), FORMATS[form][0]
    assert inspect(named, *(data[place : place + 1] for place in range(len(data)))) == inspect(named, data)


@pytest.mark.parametrize(("form", "frames"), CASES)
@settings(max_examples=40)
@given(cuts=st.lists(st.integers(0, 20_000), max_size=20))
def test_at_every_split_the_same_is_seen(form: str, frames: int, cuts: list[int]) -> None:
    data, named = picture(form, frames, (300, 70)) + b"something behind it", FORMATS[form][0]
    places = sorted({0, *(cut % len(data) for cut in cuts), len(data)})
    pieces = [data[start:end] for start, end in pairwise(places)]
    assert inspect(named, *pieces) == inspect(named, data)


def tiff(*pages: tuple[int, int], order: str = "<", big: bool = False) -> bytes:
    """Pages without content; the directory of each is behind the last."""
    mark = {"<": b"II", ">": b"MM"}[order]
    data = mark + struct.pack(f"{order}HHHQ", 43, 8, 0, 16) if big else mark + struct.pack(f"{order}HI", 42, 8)
    count, number, field = ("Q", "Q", 16) if big else ("H", "I", 4)
    for index, (width, height) in enumerate(pages):
        body = struct.pack(f"{order}{count}", 2)
        for tag, value in ((256, width), (257, height)):
            body += struct.pack(f"{order}HH{number}{'Q' if big else 'I'}", tag, field, 1, value)
        last = index == len(pages) - 1
        size = len(body) + struct.calcsize(f"{order}{number}")
        data += body + struct.pack(f"{order}{number}", 0 if last else len(data) + size)
    return data


def ico(width: int, height: int) -> bytes:
    """Says 16 × 16, and holds a PNG that does not."""
    inner = png(width, height)
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(inner), 22) + inner


def bmp(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHIIii", 54, 0, 0, 54, 40, width, height) + bytes(28)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def avif(*sizes: tuple[int, int]) -> bytes:
    sizes_ = b"".join(box(b"ispe", struct.pack(">III", 0, *size)) for size in sizes)
    return box(b"ftyp", b"avif\0\0\0\0avifmif1") + box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", sizes_)))


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(struct.pack("<4sI", kind, len(data)) + data for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def canvas(width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8X", bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


JPEG = b"\xff\xd8" + segment(0xC0, struct.pack(">BHHB", 8, 60000, 60000, 3) + bytes(9))
LARGE = 60000


@pytest.mark.parametrize(
    ("named", "data"),
    [
        ("image/png", png(LARGE, LARGE)),
        ("image/png", png(1, 1, chunk(b"IHDR", struct.pack(">IIBBBBB", LARGE, LARGE, 8, 2, 0, 0, 0)))),
        ("image/png", png(1, 1, chunk(b"fcTL", struct.pack(">III", 0, LARGE, LARGE) + bytes(14)))),
        ("image/jpeg", JPEG + b"\xff\xd9"),
        ("image/jpeg", b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"\xff\xff\xff" + JPEG[2:]),
        ("image/jpeg", picture("JPEG")[:-2] + JPEG[2:] + b"\xff\xd9"),
        ("image/gif", gif(1, left=LARGE - 1, top=LARGE - 1)),
        ("image/webp", webp((b"VP8X", b"\0" * 4 + b"\x5f\xea\0" * 2))),
        ("image/bmp", bmp(LARGE, LARGE)),
        ("image/bmp", bmp(LARGE, -LARGE)),
        ("image/tiff", tiff((LARGE, LARGE))),
        ("image/tiff", tiff((1, 1), (LARGE, LARGE), order=">")),
        ("image/tiff", tiff((1, 1), (LARGE, LARGE), big=True)),
        ("image/vnd.microsoft.icon", ico(LARGE, LARGE)),
        ("image/avif", avif((LARGE, LARGE))),
        ("image/avif", avif((1, 1), (LARGE, LARGE), (2, 2))),
    ],
)
def test_the_largest_size_that_any_part_says_is_seen(named: str, data: bytes) -> None:
    seen = inspect(named, data)
    assert (seen.width, seen.height) == (LARGE, LARGE)
    assert "unreadable" not in seen.seen


@pytest.mark.parametrize(
    ("named", "data", "frames"),
    [
        ("image/gif", gif(10**5), 10**5),
        ("image/png", png(1, 1, frames=10**5), 10**5),
        ("image/png", png(1, 1, *[chunk(b"fcTL", struct.pack(">III", 0, 1, 1) + bytes(14))] * 300, frames=2), 300),
        ("image/tiff", tiff(*[(1, 1)] * 6000), 6000),
        ("image/webp", webp(canvas(1, 1), *[(b"ANMF", bytes(16))] * 6000), 6000),
        ("image/vnd.microsoft.icon", struct.pack("<HHH", 0, 1, 60000), 60000),
    ],
)
def test_frames_are_counted_and_believed_when_more_are_said(named: str, data: bytes, frames: int) -> None:
    assert inspect(named, data).frames == frames


def test_a_page_before_the_last_one_cannot_be_read_in_one_pass() -> None:
    loop = tiff((1, 1))[:-4] + struct.pack("<I", 8)
    assert inspect("image/tiff", loop).seen == {"malformed", "unreadable"}


CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "insert", "delete", "repeat"]), st.integers(0, 400), st.integers(0, 255)),
    min_size=1,
    max_size=4,
)


def changed(data: bytes, changes: list[tuple[str, int, int]]) -> bytes:
    new = bytearray(data)
    for how, place, octet in changes:
        at = place % max(len(new), 1)
        if how == "put":
            new[at : at + 1] = bytes([octet])
        elif how == "insert":
            new[at:at] = bytes([octet])
        elif how == "delete":
            del new[at : at + octet % 8]
        else:
            new[at:at] = new[at : at + octet % 64]
    return bytes(new)


@pytest.mark.parametrize(("form", "frames"), CASES)
@pytest.mark.filterwarnings("ignore")
@settings(max_examples=40)
@given(changes=CHANGES)
def test_no_change_makes_pillow_see_more_than_is_seen_here(
    form: str, frames: int, changes: list[tuple[str, int, int]]
) -> None:
    data, named = changed(picture(form, frames), changes), FORMATS[form][0]
    try:
        with Image.open(io.BytesIO(data)) as image:
            (width, height), count = image.size, getattr(image, "n_frames", 1)
            is_other = image.format != form
    except Exception:
        return
    seen = inspect(named, data)
    if is_other:  # of those without a mark that Pillow tries in the end
        assert width * height <= 100_000_000
    elif not any(finding.refused for finding in findings(seen, Limits())):
        assert seen.width * seen.height >= width * height
        assert seen.frames >= count


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_cut_off_before_its_size_is_not_readable(form: str) -> None:
    assert "unreadable" in inspect(FORMATS[form][0], picture(form)[:17]).seen


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"BMP", "TIFF", "ICO"}))
@pytest.mark.parametrize("cut", [1, 0.5])
def test_what_is_cut_off_is_told(form: str, cut: float) -> None:
    data = picture(form, 1, (300, 70))
    kept = len(data) - 1 if cut == 1 else int(len(data) * cut)
    assert "truncated" in inspect(FORMATS[form][0], data[:kept]).seen
