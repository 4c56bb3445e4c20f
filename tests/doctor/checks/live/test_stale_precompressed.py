"""Encoded answers."""

import gzip

from tests.doctor.sights import answer, asset, live, seen_by

from clearway.probing.answer import Answer


def packed(content: bytes, body: bytes = b"", **more: str) -> Answer:
    fields = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "ETag": '"2"', **more}
    return answer(200, body or gzip.compress(content), "text/css", fields=fields)


PLAIN = answer(200, b"new", "text/css", fields={"ETag": '"1"'})


def test_another_content_than_without_encoding() -> None:
    (found,) = seen_by("live-stale-precompressed", live(asset("/static/a.css", packed(b"old"), identity=PLAIN)))
    assert any("in gzip: 3 octets once decoded" in row for row in found.evidence)


def test_octets_that_are_not_gzip() -> None:
    (found,) = seen_by("live-stale-precompressed", live(asset("/static/a.css", packed(b"", b"new"))))
    assert "the octets are not gzip, as Content-Encoding says" in found.evidence


def test_silence_on_the_same_content_and_on_what_a_cache_has() -> None:
    assert seen_by("live-stale-precompressed", live(asset("/static/a.css", packed(b"new"), identity=PLAIN))) == []
    kept = asset("/static/a.css", packed(b"old", Age="60"), identity=PLAIN)
    assert seen_by("live-stale-precompressed", live(kept)) == []
    assert seen_by("live-stale-precompressed", live(asset())) == []


def test_silence_on_what_a_view_makes_anew_each_time() -> None:
    view = asset("/static/a.js", packed(b"old"), identity=answer(200, b"new", "text/javascript"))
    assert seen_by("live-stale-precompressed", live(view)) == []
