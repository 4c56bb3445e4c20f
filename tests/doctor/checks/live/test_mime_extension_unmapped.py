"""One extension without its type."""

from tests.doctor.sights import answer, asset, live, seen_by

OCTETS = answer(200, b"x", "application/octet-stream")


def test_modules_alone() -> None:
    sight = live(asset("/static/a.mjs", OCTETS), asset("/static/a.css"), asset("/static/a.js"))
    (found,) = seen_by("live-mime-extension-unmapped", sight)
    assert "text/javascript is due" in found.evidence


def test_gzip_of_which_nothing_says_so() -> None:
    packed = answer(200, b"\x1f\x8b\x08\x00", "text/css")
    (found,) = seen_by("live-mime-extension-unmapped", live(asset("/static/a.css", packed)))
    assert "the octets are gzip, and no Content-Encoding says so" in found.evidence


def test_silence_on_fonts_pictures_and_downloads() -> None:
    sight = live(*(asset(f"/static/a{each}", OCTETS) for each in (".woff2", ".png", ".ico", ".webmanifest")), asset())
    assert seen_by("live-mime-extension-unmapped", sight) == []
