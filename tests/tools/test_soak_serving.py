"""The judge of the serving soak: right answers pass, and each kind of wrong one is seen."""

import gzip
import time
from hashlib import sha256

import pytest
from tools.soak_serving_http import Answer
from tools.soak_serving_judge import Asked, Judge
from tools.soak_serving_site import Ledger, Replaced, filling

HASHED, ALIAS, FILM = "css/a.0123456789ab.css", "css/a.css", "big/film.0123456789ab.bin"
CSS = b"a{}" * 100
FOREVER, SHORT = "public, max-age=31536000, immutable", "max-age=60, public"
LONG_AGO = 100.0  # seconds


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


@pytest.fixture
def judge() -> Judge:
    ledger = Ledger({HASHED: digest(CSS), FILM: ""}, {ALIAS: {digest(CSS), digest(b"older")}}, {}, {FILM: 1})
    ledger.promised = {HASHED: 0.0, FILM: 0.0}
    edited = Replaced("edited.txt")
    for number in (1, 2):
        edited.becomes(number)
        edited.only_the_last()
    return Judge(ledger, {"edited.txt": edited}, {"CACHE/1.css": digest(CSS)})


def asked(path: str, accept: str = "gzip", *, was_promised: bool = True) -> Asked:
    return Asked(path, accept, time.monotonic(), was_promised)


def answer(body: bytes, status: int = 200, **fields: str) -> Answer:
    return Answer(
        status,
        {"content-length": str(len(body)), "etag": f'"{digest(body)}"', "cache-control": SHORT}
        | {name.replace("_", "-"): value for name, value in fields.items()},
        body,
    )


def test_what_was_published_passes(judge: Judge) -> None:
    zipped = gzip.compress(CSS)
    edited = filling("edited.txt", 2)
    right = [
        ("/static/" + HASHED, answer(CSS, cache_control=FOREVER)),
        ("/static/" + HASHED, answer(zipped, cache_control=FOREVER, content_encoding="gzip")),
        ("/static/" + ALIAS, answer(CSS)),
        ("/static/" + ALIAS, answer(b"older")),
        ("/static/CACHE/1.css", answer(CSS)),
        ("/edited.txt", answer(edited)),
    ]
    assert [list(judge.whole(asked(path), each)) for path, each in right] == [[]] * len(right)


@pytest.mark.parametrize(
    ("path", "wrong", "complaint"),
    [
        ("/static/" + HASHED, answer(CSS + b" ", cache_control=FOREVER), "wrong bytes"),
        ("/static/" + HASHED, answer(b"older", cache_control=FOREVER), "wrong bytes"),
        ("/static/" + HASHED, answer(CSS), "Cache-Control"),
        ("/static/" + HASHED, answer(b"", 404), "404"),
        ("/static/" + HASHED, answer(b"", 500), "500"),
        ("/static/" + ALIAS, answer(b"never"), "wrong bytes"),
        ("/static/" + ALIAS, answer(b"", 404), "404"),
        ("/static/" + ALIAS, answer(CSS, cache_control=FOREVER), "Cache-Control"),
        ("/static/" + ALIAS, answer(CSS, content_length="7"), "Content-Length 7"),
        ("/static/" + ALIAS, answer(CSS, content_encoding="gzip"), "does not decode"),
        ("/static/" + ALIAS, answer(gzip.compress(CSS), content_encoding="br"), "br for a client"),
        ("/static/CACHE/1.css", answer(b"other"), "wrong bytes"),
        ("/edited.txt", answer(b"never"), "never had"),
        ("/edited.txt", answer(b"", 404), "404"),
    ],
)
def test_a_wrong_answer_is_seen(judge: Judge, path: str, wrong: Answer, complaint: str) -> None:
    judge.ledger.promised["CACHE/1.css"] = 0.0
    assert complaint in " ".join(judge.whole(asked(path), wrong))


def test_one_tag_for_two_bodies_is_seen(judge: Judge) -> None:
    assert list(judge.whole(asked("/static/" + ALIAS), answer(CSS, etag='"1"'))) == []
    assert "two bodies" in " ".join(judge.whole(asked("/static/" + ALIAS), answer(b"older", etag='"1"')))


def test_a_name_that_nobody_has_to_know_may_be_missing(judge: Judge) -> None:
    assert list(judge.whole(asked("/static/" + HASHED, was_promised=False), answer(b"", 404))) == []
    judge.ledger.withdraw([HASHED])
    assert list(judge.whole(asked("/static/" + HASHED), answer(b"", 404))) == []


def test_a_replaced_body_may_be_a_moment_old_and_no_older(judge: Judge) -> None:
    old = answer(filling("edited.txt", 1))
    assert list(judge.whole(asked("/edited.txt"), old)) == []
    judge.replaced["edited.txt"].recent[0].until -= LONG_AGO
    assert "was replaced" in " ".join(judge.whole(asked("/edited.txt"), old))


def test_parts_are_compared_with_the_whole(judge: Judge) -> None:
    film = filling("big/film.bin", 1)
    for body, span, complaint in [
        (film[5:10], "bytes 5-9", ""),
        (film[5:11], "bytes 5-9", "6 octets"),
        (film[5:10], "bytes 5-10", "Content-Range"),
        (film[6:11], "bytes 5-9", "wrong bytes"),
    ]:
        part = answer(body, 206, content_range=f"{span}/{len(film)}")
        complaints = " ".join(judge.part(asked("/static/" + FILM), part, 5, 9))
        assert complaint in complaints
        assert bool(complaint) == bool(complaints)
    assert "for a range" in " ".join(judge.part(asked("/static/" + FILM), answer(film), 5, 9))
