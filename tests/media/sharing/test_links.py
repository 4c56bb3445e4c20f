"""Links: made, asked for together, ended, removed."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from clearway.media.private import AskedFile, PrivateBucket
from clearway.media.sharing import create_link
from clearway.media.sharing.tokens import claim_of, is_claim, key_of, token_of

HOUR = timedelta(hours=1)


@pytest.fixture
def links(file: Any) -> Any:
    from clearway.media.sharing.models import ShareLink

    return ShareLink.objects


def person(name: str) -> User:
    User.objects.filter(username=name).delete()
    return User.objects.create_user(name, password="secret", is_staff=True, is_superuser=True)


def test_a_link_holds_for_a_week_unless_told(file: Any) -> None:
    link = create_link(file)
    assert abs(link.expires - timezone.now() - timedelta(days=7)) < HOUR
    assert (link.storage, link.name, link.limit, link.uses, link.state) == ("private", file.name, None, 0, "live")
    assert str(link) == "Résumé.txt"


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"lifetime": timedelta(0)}, "nobody can open"),
        ({"lifetime": timedelta(-1)}, "nobody can open"),
        ({"uses": 0}, "nobody can open"),
    ],
)
def test_a_link_that_nobody_could_open_is_an_error(file: Any, options: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        create_link(file, **options)


def test_only_a_private_file_of_storages_is_shared(file: Any) -> None:
    with pytest.raises(ValueError, match="a storage that STORAGES names"):
        create_link(AskedFile(PrivateBucket(InMemoryStorage()), "x"))
    for storage in (default_storage, InMemoryStorage()):
        with pytest.raises(ValueError, match="in a storage of private files"):
            create_link(AskedFile(storage, "x"))
    for name in ("", "x" * 601):
        with pytest.raises(ValueError, match="name of a file"):
            create_link(AskedFile(file.storage, name))


def test_one_all_of_a_file_and_all_of_a_person_can_be_revoked(file: Any, links: Any) -> None:
    other, ann = AskedFile(file.storage, "other.txt"), person("ann")
    one, two, anns = create_link(file), create_link(file), create_link(other, by=ann)
    one.revoke()
    assert [each.state for each in (one, two)] == ["revoked", "live"]
    assert links.of_file(file).revoke() == 1
    assert set(links.live()) == {anns}
    assert links.of_person(ann).revoke() == 1
    assert links.live().count() == 0


def test_revoking_again_keeps_the_first_time(file: Any) -> None:
    link = create_link(file)
    link.revoke()
    first = link.revoked
    link.revoke()
    assert link.revoked == first is not None


def test_links_go_with_the_account(file: Any, links: Any) -> None:
    ann = person("ann")
    create_link(file, by=ann)
    ann.delete()
    assert links.count() == 0


def test_old_links_are_removed_and_live_ones_stay(file: Any, links: Any, capsys: pytest.CaptureFixture[str]) -> None:
    then = timezone.now() - timedelta(days=31)
    live, expired, revoked, used, recent = (create_link(file, uses=uses) for uses in (None, None, None, 1, None))
    links.filter(pk=live.pk).update(created=then)
    links.filter(pk=expired.pk).update(expires=then)
    links.filter(pk=revoked.pk).update(revoked=then)
    links.filter(pk=used.pk).update(uses=1, last_use=then)
    recent.revoke()
    call_command("clearsharelinks")
    assert capsys.readouterr().out == "3 share links removed.\n"
    assert set(links.all()) == {live, recent}
    call_command("clearsharelinks", days=0)
    assert set(links.all()) == {live}


def test_a_token_is_signed_and_says_nothing(file: Any) -> None:
    link = create_link(file)
    assert key_of(link.token) == link.pk
    assert set(link.token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert len(link.token) == 66
    head, _, tail = link.token.partition(".")
    other = token_of(create_link(file).pk)
    for bad in ("", ".", head, f"{head}.", f"{head}.{tail[:-1]}", f"{other[:22]}.{tail}", "x" * 100_000, f"{head}.é"):
        assert key_of(bad) is None


def test_a_new_secret_key_ends_all_links_unless_the_old_one_is_kept(file: Any) -> None:
    token = create_link(file).token
    with override_settings(SECRET_KEY="new"):
        assert key_of(token) is None
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["tests"]):
        assert key_of(token) is not None


def test_a_claim_is_for_one_link_and_a_while(file: Any) -> None:
    one, two = create_link(file).pk, create_link(file).pk
    assert is_claim(claim_of(one), one, 60)
    assert not is_claim(claim_of(one), two, 60)
    assert not is_claim(claim_of(one), one, -1)
    assert not is_claim(token_of(one), one, 60)
    assert key_of(claim_of(one)) is None


def test_the_admin_lists_and_revokes_and_makes_none(file: Any) -> None:
    link, browser = create_link(file, note="for the bank"), Client()
    browser.force_login(person("root"))
    listed = browser.get("/admin/clearway_sharing/sharelink/")
    page = browser.get(f"/admin/clearway_sharing/sharelink/{link.pk}/change/")
    assert (listed.status_code, page.status_code) == (200, 200)
    assert "for the bank" in listed.content.decode()
    assert link.token not in listed.content.decode() + page.content.decode()
    assert browser.get("/admin/clearway_sharing/sharelink/add/").status_code == 403
    told = browser.post(
        "/admin/clearway_sharing/sharelink/",
        {"action": "revoke", "_selected_action": [str(link.pk)], "select_across": "1"},
        follow=True,
    )
    assert "1 share link was revoked." in told.content.decode()
    link.refresh_from_db()
    assert link.state == "revoked"


def test_who_may_only_look_cannot_revoke(file: Any) -> None:
    from django.contrib.auth.models import Permission

    link, browser, ann = create_link(file), Client(), person("ann")
    User.objects.filter(pk=ann.pk).update(is_superuser=False)
    ann.user_permissions.add(Permission.objects.get(codename="view_sharelink"))
    browser.force_login(User.objects.get(pk=ann.pk))
    assert "Résumé" in browser.get("/admin/clearway_sharing/sharelink/").content.decode()
    browser.post("/admin/clearway_sharing/sharelink/", {"action": "revoke", "_selected_action": [str(link.pk)]})
    link.refresh_from_db()
    assert link.state == "live"
