"""What a private file is answered with in process, and what everybody else is told."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.storage import storages
from django.test import override_settings
from tests.bad_input.cases import CLIMBS, SLASHES
from tests.media.private.conftest import FILES, FILM
from tests.media.private.site import ALLOWED, ASKED, WAYS, Ask, of_asgi, of_wsgi, site


@pytest.mark.parametrize(
    ("name", "type_", "kind"),
    [
        ("photo.png", "image/png", "inline"),
        ("deep/er/film.mp4", "video/mp4", "inline"),
        ("page.html", "text/html; charset=utf-8", "attachment"),
        ("drawing.svg", "image/svg+xml", "attachment"),
        ("paper.pdf", "application/pdf", "attachment"),
        ("archive.tar.gz", "application/gzip", "attachment"),
        ("empty.txt", "text/plain; charset=utf-8", "attachment"),
        ("two%2flevels.txt", "text/plain; charset=utf-8", "attachment"),
        ("Résumé 100%; a?b#c 'd' \"e\".txt", "text/plain; charset=utf-8", "attachment"),
    ],
)
def test_an_allowed_file_is_sent_by_the_policy_and_never_stored(ask: Ask, name: str, type_: str, kind: str) -> None:
    reply = ask(quote(name))
    assert (reply.status, reply.body) == (200, FILES[name])
    assert reply["content-type"] == type_
    assert (reply["content-disposition"] or "").startswith(f"{kind}; filename=")
    assert reply["cache-control"] == "private, no-store"
    assert reply["x-content-type-options"] == "nosniff"
    assert reply["cross-origin-resource-policy"] == "same-origin"
    assert "sandbox" in (reply["content-security-policy"] or "")
    assert (reply["accept-ranges"], reply["content-length"]) == ("bytes", str(len(FILES[name])))
    assert (reply["content-encoding"], reply["access-control-allow-origin"]) == (None, None)


def test_a_download_has_the_name_that_a_person_gave(ask: Ask) -> None:
    reply = ask(quote("Résumé 100%; a?b#c 'd' \"e\".txt"))
    assert reply["content-disposition"] == (
        "attachment; filename=\"R_sum_ 100__ a_b#c 'd' _e_.txt\"; "
        "filename*=UTF-8''R%C3%A9sum%C3%A9%20100%25%3B%20a%3Fb%23c%20%27d%27%20%22e%22.txt"
    )


def test_head_ranges_and_conditions_are_answered_and_each_asks_the_permission(ask: Ask) -> None:
    target = "deep/er/film.mp4"
    head = ask(target, "HEAD")
    etag, modified = head["etag"], head["last-modified"]
    assert (head.status, head.body, head["content-length"]) == (200, b"", "700000")
    assert etag
    assert modified

    def part(**fields: str) -> tuple[int, bytes, str | None]:
        reply = ask(target, "GET", {name.replace("_", "-"): value for name, value in fields.items()})
        assert reply["cache-control"] == ("no-store" if reply.status in {412, 416} else "private, no-store")
        return reply.status, reply.body, reply["content-range"]

    ASKED.clear()
    assert part(Range="bytes=0-1") == (206, FILM[:2], "bytes 0-1/700000")  # what Safari begins with
    assert part(Range="bytes=0-") == (206, FILM, "bytes 0-699999/700000")
    assert part(Range="bytes=300000-599999") == (206, FILM[300_000:600_000], "bytes 300000-599999/700000")
    assert part(Range="bytes=-5") == (206, FILM[-5:], "bytes 699995-699999/700000")
    assert part(Range="bytes=5-9", If_Range=etag) == (206, FILM[5:10], "bytes 5-9/700000")
    assert part(Range="bytes=5-9", If_Range=modified)[0] == 206
    assert part(Range="bytes=5-9", If_Range='"another"') == (200, FILM, None)
    assert part(Range="bytes=700000-")[::2] == (416, "bytes */700000")
    assert part(Range="bytes=0-0,1-1") == (200, FILM, None)
    assert part(Range="bytes=" + ",".join(["0-0"] * 10_000)) == (200, FILM, None)
    assert part(Range="bytes=" + "9" * 100_000 + "-")[0] == 416
    assert part(If_None_Match=etag) == (304, b"", None)
    assert part(If_Modified_Since=modified) == (304, b"", None)
    assert part(If_Match='"another"')[0] == 412
    assert [("GET", target)] * 14 == ASKED


def test_a_permission_that_is_taken_away_counts_for_the_next_request_of_any_kind(ask: Ask) -> None:
    etag = ask("photo.png")["etag"] or ""
    ALLOWED.discard("photo.png")
    nothing = ask("none.png")
    assert nothing.status == 404
    for fields in ({}, {"Range": "bytes=0-1"}, {"If-None-Match": etag}, {"If-None-Match": "*"}, {"If-Match": "no"}):
        assert ask("photo.png", "GET", fields).comparable == nothing.comparable


UNFOUND = [
    "none.png",
    "photo.pn",
    "deep",
    "deep/",
    "deep/er/",
    "photo.png/",
    "photo.png/x",
    "/photo.png",
    "./photo.png",
    "deep//er/film.mp4",
    "deep/./er/film.mp4",
    "deep/x/../er/film.mp4",
    "%2e/photo.png",
    "deep%5cer%5cfilm.mp4",
    "photo.png%00",
    "photo.png%00.txt",
    "photo.png%20",
    "photo.png.",
    "photo.png::$DATA",
    "%ff%fe",
    ".env",
    "%2eenv",
    ".clearway-quarantine/files/x.txt",
    "link.txt",
    "linked/x.txt",
    "linked",
    "inside.png",
    "around/er/film.mp4",
    "fifo.png",
    "device.png",
    "../outside.txt",
    "../private-evil/x.txt",
    "..%2foutside.txt",
    "%2e%2e%2foutside.txt",
    "-evil/x.txt",
    "NUL",
    "con.txt",
    "C:%5cx",
    "%5c%5chost%5cshare",
    "n" * 300,
    "a/" * 2000,
]


class Everything(set[str]):
    """Allows whatever is asked for."""

    def __contains__(self, name: object) -> bool:
        return True


@pytest.mark.usefixtures("dangers")
def test_what_may_not_be_sent_cannot_be_told_from_what_is_not_there(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ALLOWED.clear()
    denied = ask("photo.png")
    assert (denied.status, denied["cache-control"]) == (404, "private, no-store")
    monkeypatch.setattr("tests.media.private.site.ALLOWED", Everything())
    for name in UNFOUND:
        assert ask(name).comparable == denied.comparable, name
    assert ask("photo.png").status == 200


@pytest.mark.usefixtures("dangers")
def test_no_climb_leaves_the_directory(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.media.private.site.ALLOWED", Everything())
    for climb in CLIMBS:
        for slash in SLASHES:
            for depth in ("", "deep/er/"):
                steps = (climb + slash).decode("latin-1") * (depth.count("/") + 1)
                reply = ask(f"{depth}{quote(steps, safe='%/;')}outside.txt")
                assert (reply.status, b"SECRET" in reply.body) == (404, False)


def test_a_permission_is_asked_about_the_name_that_is_sent_and_about_no_other(ask: Ask) -> None:
    ask("two%252flevels.txt")
    ask("two%2flevels.txt")
    ask("deep//er/film.mp4")
    assert ASKED == [("GET", "two%2flevels.txt"), ("GET", "two/levels.txt")]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_refused_alike_for_every_name(home: Path, method: str) -> None:
    with site(home):
        ALLOWED.update(FILES)
        for asked in (of_wsgi("/private/"), of_asgi("/async/")):
            replies = [asked(name, method) for name in ("photo.png", "none.png", "..%2foutside.txt")]
            assert {each.status for each in replies} == {405}
            assert replies[0].comparable == replies[1].comparable == replies[2].comparable
            assert replies[0]["allow"] == "GET, HEAD"
            assert ASKED == []


@pytest.mark.parametrize(("prefix", "status"), [("/forbidden/", 403), ("/login/", 302), ("/nobody/", 404)])
def test_what_a_denial_is_can_be_chosen(home: Path, prefix: str, status: int) -> None:
    with site(home):
        for asked in (of_wsgi(prefix), of_asgi(prefix)):
            there, not_there = asked("photo.png"), asked("none.png")
            assert (there.status, not_there.status) == (status, status)
            assert there["cache-control"] == not_there["cache-control"]
            assert "no-store" in (there["cache-control"] or "")
            assert there.body.replace(b"photo", b"none") == not_there.body
            assert (there["location"] or "").replace("photo", "none") == (not_there["location"] or "")


def test_the_header_fields_of_a_request_choose_no_road(ask: Ask) -> None:
    fields = {
        "X-Accel-Redirect": "/private-files/paper.pdf",
        "X-Sendfile": "/etc/passwd",
        "X-Sendfile-Type": "X-Accel-Redirect",
        "X-Accel-Mapping": "/=/private-files/",
        "X_Accel_Redirect": "/private-files/paper.pdf",
    }
    with_them, without = ask("photo.png", "GET", fields), ask("photo.png")
    assert with_them.comparable == without.comparable
    assert not [name for name, _ in with_them.fields if name.startswith(("x-accel", "x-sendfile"))]


def test_how_long_a_browser_keeps_a_file_can_be_chosen(home: Path) -> None:
    with site(home, {"max_age": 60}):
        ALLOWED.update(FILES)
        assert of_wsgi("/private/")("photo.png")["cache-control"] == "private, max-age=60"


def test_a_change_shows_at_once(ask: Ask, home: Path) -> None:
    assert ask("photo.png").status == 200
    (home / "private/photo.png").write_bytes(b"other")
    (home / "private/page.html").unlink()
    assert ask("photo.png").body == b"other"
    assert ask("page.html").status == 404


def test_a_file_that_is_held_is_not_there_until_it_is_released(ask: Ask) -> None:
    storage = storages["private"]
    nothing = ask("none.png")
    storage.quarantine.hold("photo.png", "looked at by hand")  # type: ignore[attr-defined]
    assert ask("photo.png").comparable == nothing.comparable
    storage.quarantine.restore("photo.png")  # type: ignore[attr-defined]
    assert ask("photo.png").status == 200


def test_no_middleware_of_django_encodes_a_part(home: Path) -> None:
    chain = ["django.middleware.gzip.GZipMiddleware", "django.middleware.http.ConditionalGetMiddleware"]
    (home / "private/long.txt").write_bytes(b"long " * 100_000)
    with site(home, MIDDLEWARE=chain):
        ALLOWED.add("long.txt")
        for make in WAYS.values():
            fields = {"Accept-Encoding": "gzip", "Range": "bytes=5-1004"}
            part = make()("long.txt", "GET", fields)
            assert (part.status, part.body) == (206, b"long " * 200)
            assert (part["content-encoding"], part["content-range"]) == (None, "bytes 5-1004/500000")


def test_a_directory_that_becomes_a_link_while_a_file_is_opened_leads_nowhere(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.open not in os.supports_dir_fd:
        pytest.skip("only on systems with descriptors of directories")
    (home / "evil/er").mkdir(parents=True)
    (home / "evil/er/film.mp4").write_bytes(b"SECRET!" * 100_000)
    status = os.stat(home / "private/deep/er/film.mp4")
    os.utime(home / "evil/er/film.mp4", ns=(status.st_atime_ns, status.st_mtime_ns))
    real, calls = os.open, []

    def turning(path: object, flags: int, *args: object, **options: object) -> int:
        calls.append(path)
        if path == "deep" and calls.count("deep") == 2:  # the file was found; now it is opened to be sent
            (home / "private/deep").rename(home / "private/was")
            (home / "private/deep").symlink_to(home / "evil")
        return real(path, flags, *args, **options)  # type: ignore[arg-type]

    with site(home):
        ALLOWED.update(FILES)
        asked = of_wsgi("/private/")
        monkeypatch.setattr(os, "open", turning)
        reply = asked("deep/er/film.mp4")
    monkeypatch.undo()
    assert (reply.status, b"SECRET" in reply.body) == (404, False)
    assert (home / "private/deep").is_symlink()


def test_under_atomic_requests_an_asynchronous_view_is_answered_too(home: Path) -> None:
    with site(home), override_settings():
        from django.db import connection

        ALLOWED.update(FILES)
        before = connection.settings_dict["ATOMIC_REQUESTS"]
        connection.settings_dict["ATOMIC_REQUESTS"] = True
        try:
            assert of_asgi("/async/")("photo.png").status == 200
        finally:
            connection.settings_dict["ATOMIC_REQUESTS"] = before
