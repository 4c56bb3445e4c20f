"""What somebody gets who has a link, on every road, and who has none that is alive."""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import storages
from django.db import connections
from django.test import AsyncClient, Client, override_settings
from django.utils import timezone
from tests.media.sharing.conftest import CONTENT
from tests.media.sharing.site import MAY

from clearway.media.private import accessed
from clearway.media.sharing import create_link
from clearway.media.sharing.tokens import token_of

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    *settings.MIDDLEWARE,
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


def content(response: Any) -> bytes:
    try:
        return b"".join(response.streaming_content) if response.streaming else bytes(response.content)
    finally:
        response.close()


def test_whoever_has_the_link_gets_the_file(file: Any, browser: Client) -> None:
    link = create_link(file)
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        response = Client(enforce_csrf_checks=True).get(link.get_absolute_url())
    assert (response.status_code, content(response)) == (200, CONTENT)
    fields = ("Content-Type", "Cache-Control", "Referrer-Policy", "X-Robots-Tag", "X-Content-Type-Options")
    assert [response[field] for field in fields] == [
        "text/plain; charset=utf-8",
        "private, no-store",
        "no-referrer",
        "noindex, nofollow, noarchive",
        "nosniff",
    ]
    assert response["Content-Disposition"].startswith("attachment; ")


def test_ranges_conditions_and_head_are_those_of_private_files(file: Any, browser: Client) -> None:
    url = create_link(file).get_absolute_url()
    part = browser.get(url, headers={"range": "bytes=5-9"})
    assert (part.status_code, content(part)) == (206, CONTENT[5:10])
    assert browser.get(url, headers={"if-none-match": part["ETag"]}).status_code == 304
    head = browser.head(url)
    assert (head.status_code, head["Content-Length"], content(head)) == (200, str(len(CONTENT)), b"")
    assert [browser.post(url).status_code, browser.put(url).status_code] == [404, 405]


def end_revoked(link: Any) -> None:
    link.revoke()


def end_expired(link: Any) -> None:
    type(link).objects.filter(pk=link.pk).update(expires=timezone.now())


def end_account(link: Any) -> None:
    ann = User.objects.create_user(f"ann-{link.pk}")
    type(link).objects.filter(pk=link.pk).update(created_by=ann)
    User.objects.filter(pk=ann.pk).update(is_active=False)


def end_file(link: Any) -> None:
    storages["private"].delete(link.name)


def end_storage(link: Any) -> None:
    type(link).objects.filter(pk=link.pk).update(storage="no more")


def end_row(link: Any) -> None:
    type(link).objects.filter(pk=link.pk).delete()


def end_used(link: Any) -> None:
    type(link).objects.filter(pk=link.pk).update(limit=1, uses=1, last_use=timezone.now())


ENDS = [end_revoked, end_expired, end_account, end_file, end_storage, end_row, end_used]


@pytest.mark.parametrize("uses", [None, 2])
@pytest.mark.parametrize("end", ENDS)
def test_every_dead_link_is_the_same_404_at_once(
    file: Any, browser: Client, end: Callable[[Any], None], uses: int | None
) -> None:
    link = create_link(file, uses=uses)
    url = link.get_absolute_url()
    assert browser.get(url).status_code == 200
    end(link)
    never = browser.get("/share/never.signed/")
    for answer in (browser.get(url), browser.post(url), browser.get(url, headers={"range": "bytes=0-1"})):
        told = (answer.status_code, answer.content.replace(url.encode(), b"/share/never.signed/"), dict(answer.headers))
        assert told == (404, never.content, dict(never.headers))
    assert never["Cache-Control"] == "private, no-store"
    assert never["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "token", ["x", "..", ".", "%00", "%0a", "a.b.c", "x" * 5000, "é", "%ff", "00000000-0000-0000-0000-000000000000"]
)
def test_what_was_never_a_token_is_the_same_404(browser: Client, token: str) -> None:
    assert browser.get(f"/share/{token}/").status_code == 404


def test_a_token_of_a_row_that_never_was_is_the_same_404(browser: Client) -> None:
    from uuid import uuid4

    assert browser.get(f"/share/{token_of(uuid4())}/").status_code == 404


def test_no_token_is_logged(file: Any, browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = create_link(file, uses=1)
    url = link.get_absolute_url()
    browser.get(url)
    browser.put(url)
    browser.post(url)
    content(browser.get(url))
    link.revoke()
    Client().get(url)
    logged = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert any("R\\xe9sum\\xe9.txt" in line for line in logged)
    assert not any(link.token in line for line in logged)


def test_a_use_is_counted_when_the_file_begins(file: Any, browser: Client) -> None:
    link = create_link(file)
    url = link.get_absolute_url()
    for headers in ({}, {"range": "bytes=0-1"}, {"range": "bytes=100-"}, {"range": "bytes=-5"}):
        content(browser.get(url, headers=headers))
    browser.head(url)
    link.refresh_from_db()
    assert link.uses == 2
    assert link.last_use is not None


# --- once


def opened(browser: Client, url: str) -> Any:
    return browser.post(url)


def test_looking_at_a_link_with_a_limit_takes_no_use(file: Any, browser: Client) -> None:
    link = create_link(file, uses=1)
    url = link.get_absolute_url()
    for _ in range(3):
        page = browser.get(url)
        assert browser.head(url).status_code == 200
        assert browser.get(url, headers={"range": "bytes=0-1"}).status_code == 200
    assert "Résumé.txt" in page.content.decode()
    assert '<form method="post">' in page.content.decode()
    fields = ("Cache-Control", "Referrer-Policy", "X-Frame-Options")
    assert [page[field] for field in fields] == ["private, no-store", "no-referrer", "DENY"]
    assert CONTENT[:8] not in page.content
    link.refresh_from_db()
    assert link.uses == 0


def test_the_button_opens_it_once_for_the_browser_that_pressed_it(file: Any, browser: Client) -> None:
    link = create_link(file, uses=1)
    url = link.get_absolute_url()
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        browser = Client(enforce_csrf_checks=True)
        pressed = browser.post(url, secure=True)
        assert (pressed.status_code, pressed["Location"]) == (303, url)
        cookie = pressed.cookies["clearway-share"]
        assert {key: cookie[key] for key in ("path", "httponly", "secure", "samesite", "max-age")} == {
            "path": url,
            "httponly": True,
            "secure": True,
            "samesite": "Lax",
            "max-age": 3600,
        }
        for headers, got in (({}, CONTENT), ({"range": "bytes=9-"}, CONTENT[9:])):
            assert content(browser.get(url, headers=headers, secure=True)) == got
        assert browser.head(url, secure=True).status_code == 200
        other = Client()
        assert [other.get(url).status_code, other.post(url).status_code] == [404, 404]
    link.refresh_from_db()
    assert link.uses == 1


def test_a_revoked_link_is_dead_for_the_browser_that_opened_it_too(file: Any, browser: Client) -> None:
    link = create_link(file, uses=1)
    url = link.get_absolute_url()
    browser.post(url)
    link.revoke()
    assert browser.get(url).status_code == 404


def test_a_claim_ends(file: Any, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    url = create_link(file, uses=1).get_absolute_url()
    browser.post(url)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 3602)
    assert browser.get(url).status_code == 404


def test_a_file_that_is_gone_takes_no_use(file: Any, browser: Client) -> None:
    link = create_link(file, uses=1)
    storages["private"].delete(file.name)
    assert browser.post(link.get_absolute_url()).status_code == 404
    link.refresh_from_db()
    assert link.uses == 0


def test_of_many_at_the_same_moment_as_many_as_may_get_it(file: Any, browser: Client) -> None:
    link = create_link(file, uses=2)
    url, statuses = link.get_absolute_url(), []
    ready = threading.Barrier(8)

    def press() -> None:
        own = Client()
        ready.wait()
        try:
            statuses.append(own.post(url).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303] * 2 + [404] * 6
    link.refresh_from_db()
    assert link.uses == 2


# --- whose link it is


def test_a_link_gives_no_more_than_its_maker_may_see_now(file: Any, browser: Client) -> None:
    ann, _ = User.objects.get_or_create(username="ann")
    link = create_link(file, by=ann)
    url = f"/strict/{link.token}/"
    MAY.clear()
    answers = []
    for may in (True, False, True):
        MAY["ann"] = may
        answers.append(browser.get(url).status_code)
    assert answers == [200, 404, 200]
    assert browser.get(f"/strict/{create_link(file).token}/").status_code == 404  # nobody's


async def amay_see(request: Any, file: Any) -> bool:
    user = await request.auser()
    return MAY.get(user.username, False)


def test_an_asynchronous_permission_is_asked_about_the_maker_too(file: Any) -> None:
    from django.test import RequestFactory

    from clearway.media.sharing.view import shared_files

    ann, _ = User.objects.get_or_create(username="ann")
    view, request = shared_files(amay_see), RequestFactory().get("/")
    answers = []
    for may in (True, False):
        MAY["ann"] = may
        answers.append(view(request, create_link(file, by=ann).token).status_code)
    assert answers == [200, 404]


def test_who_is_signed_in_stays_who_asks(file: Any, browser: Client) -> None:
    ann, _ = User.objects.get_or_create(username="ann")
    bob, _ = User.objects.get_or_create(username="bob")
    MAY.update(ann=True)
    told: list[tuple[str, Any]] = []

    def note(sender: Any, **said: Any) -> None:
        told.append((said["request"].user.username, said["request"].share_link))

    link = create_link(file, by=ann)
    browser.force_login(bob)
    accessed.connect(note)
    try:
        browser.get(f"/strict/{link.token}/")
    finally:
        accessed.disconnect(note)
    assert told == [("bob", link)]


# --- roads


def test_every_road_of_private_files_is_a_road_of_links(file: Any) -> None:
    link = create_link(file)
    url = link.get_absolute_url()
    told = {**settings.CLEARWAY["media"]["private"], "road": "x-accel"}  # type: ignore[attr-defined]
    with override_settings(CLEARWAY={"media": {"private": told}}):
        response = Client().get(url)
        assert response["X-Accel-Redirect"] == "/private-files/R%C3%A9sum%C3%A9.txt"
        link.revoke()
        assert Client().get(url).status_code == 404


def test_a_link_is_opened_in_an_event_loop(file: Any) -> None:
    url = create_link(file).get_absolute_url()

    async def asked() -> bytes:
        response: Any = await AsyncClient().get(url)
        return b"".join([part async for part in response]) if response.streaming else bytes(response.content)

    assert asyncio.run(asked()) == CONTENT


def test_a_link_ends_with_its_time(file: Any, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    url = create_link(file, lifetime=timedelta(minutes=5)).get_absolute_url()
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=6))
    assert browser.get(url).status_code == 404
