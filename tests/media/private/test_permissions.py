"""Who is sent a file: by the row that names it, by group, by permission, or by whatever a project says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.http import Http404
from django.test import RequestFactory, override_settings
from tests.media.private.site import site

from clearway.media.private import by_field, in_group, named_by, private_files, signed_in, to_login, with_perm

MODELS = (ContentType, Permission, Group, User)


@pytest.fixture
def paper(home: Path) -> Iterator[Any]:
    """The model, its table, and the users ann, bob and the inactive eve."""
    apps = ["clearway", "django.contrib.auth", "django.contrib.contenttypes", "tests.media.private.papers"]
    with site(home), override_settings(INSTALLED_APPS=apps):
        from tests.media.private.papers.models import Paper

        with connection.schema_editor() as editor:
            for model in (*MODELS, Paper):
                editor.create_model(model)
        for name in ("ann", "bob"):
            User.objects.create_user(name)
        User.objects.create_user("eve", is_active=False)
        yield Paper
        with connection.schema_editor() as editor:
            for model in reversed((*MODELS, Paper)):
                editor.delete_model(model)


def status(permission: Any, name: str, user: str | None, **options: Any) -> int:
    request: Any = RequestFactory().get(f"/private/{name}")
    request.user = User.objects.get(username=user) if user else AnonymousUser()
    response = private_files(permission, **options)(request, name)
    response.close()
    return int(response.status_code)


def test_a_field_says_who_may_have_its_files(paper: Any) -> None:
    row = paper(owner=User.objects.get(username="ann"), readers="bob")
    row.file.save("a.txt", ContentFile(b"a"), save=False)
    row.appendix.save("b.txt", ContentFile(b"b"), save=False)
    row.draft.save("c.txt", ContentFile(b"c"))
    seen = {
        each: [status(by_field, getattr(row, each).name, user) for user in ("ann", "bob", None)]
        for each in ("file", "appendix", "draft")
    }
    assert seen == {"file": [200, 404, 404], "appendix": [404, 200, 404], "draft": [404, 404, 404]}
    assert row.file.url == "/private/papers/a.txt"
    storages["private"].save("papers/without-row.txt", ContentFile(b"x"))
    assert status(by_field, "papers/without-row.txt", "ann") == 404
    row.owner = User.objects.get(username="bob")
    row.save()
    assert [status(by_field, row.file.name, user) for user in ("ann", "bob")] == [404, 200]
    row.delete()
    assert status(by_field, "papers/a.txt", "bob") == 404


def test_where_several_rows_name_a_file_one_will_do(paper: Any) -> None:
    name = storages["private"].save("papers/shared.txt", ContentFile(b"x"))
    for owner in ("ann", "bob"):
        paper.objects.create(owner=User.objects.get(username=owner), file=name)
    assert [status(by_field, name, user) for user in ("ann", "bob", "eve", None)] == [200, 200, 404, 404]


def test_a_name_that_the_database_takes_for_another_opens_nothing(paper: Any) -> None:
    with connection.schema_editor() as editor:  # as MySQL compares by default
        editor.execute("DROP TABLE papers_paper")
        editor.execute(
            "CREATE TABLE papers_paper (id INTEGER PRIMARY KEY, owner_id INTEGER, readers TEXT,"
            " file TEXT COLLATE NOCASE, appendix TEXT, draft TEXT)"
        )
    ann = User.objects.get(username="ann")
    paper.objects.create(owner=ann, file="papers/mine.txt")
    for name in ("papers/mine.txt", "papers/MINE.txt"):
        path = Path(storages["private"].path(name))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    by_rows = named_by(lambda request: paper.objects.filter(owner=request.user), "file")
    for permission in (by_field, by_rows):
        assert paper.objects.filter(file="papers/MINE.txt").exists()
        assert [status(permission, name, "ann") for name in ("papers/mine.txt", "papers/MINE.txt")] == [200, 404]


def test_permissions_by_query_group_and_django(paper: Any) -> None:
    ann, bob = User.objects.get(username="ann"), User.objects.get(username="bob")
    row = paper(owner=ann)
    row.file.save("a.txt", ContentFile(b"a"))
    bob.groups.add(Group.objects.create(name="accountants"))
    kind = ContentType.objects.create(app_label="papers", model="paper")
    bob.user_permissions.add(Permission.objects.create(codename="view_paper", name="view", content_type=kind))
    users = ("ann", "bob", "eve", None)
    rules = {
        "rows": named_by(lambda request: paper.objects.filter(owner=request.user), "file"),
        "group": in_group("accountants"),
        "django": with_perm("papers.view_paper"),
        "signed in": signed_in,
    }
    assert {key: [status(rule, row.file.name, user) for user in users] for key, rule in rules.items()} == {
        "rows": [200, 404, 404, 404],
        "group": [404, 200, 404, 404],
        "django": [404, 200, 404, 404],
        "signed in": [200, 200, 404, 404],
    }


def test_to_login_sends_who_is_not_signed_in_and_tells_others_nothing(paper: Any) -> None:
    assert [
        status(lambda *_: False, "photo.png", user, denied=to_login) for user in ("ann", "eve", None)
    ] == [404, 302, 302]  # fmt: skip


@pytest.mark.parametrize("error", [PermissionDenied, Http404, ObjectDoesNotExist])
def test_a_permission_may_raise_what_django_means_by_no(paper: Any, error: type[Exception]) -> None:
    def permission(request: Any, file: Any) -> bool:
        raise error

    assert status(permission, "photo.png", "ann") == 404


@pytest.mark.parametrize("said", ["yes", 1, None, object(), ["row"]])
def test_what_is_no_bool_opens_nothing(paper: Any, said: Any) -> None:
    with pytest.raises(TypeError, match="True or False"):
        status(lambda *_: said, "photo.png", "ann")


def test_a_migration_of_the_field_holds_no_permission(paper: Any) -> None:
    from django.db.migrations.writer import MigrationWriter

    written, imports = MigrationWriter.serialize(paper._meta.get_field("file"))
    assert "permission" not in written
    assert "clearway.media.private.PrivateFileField(" in written
    assert "storage" not in written
    assert imports
