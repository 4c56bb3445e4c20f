"""A site that shares its private files: URLs, a permission that the test sets, and who asks."""

from typing import Any

from django.contrib import admin
from django.urls import include, path

from clearway.media.private import private_files
from clearway.media.sharing.view import shared_files

MAY: dict[str, bool] = {}


def may_see(request: Any, file: Any) -> bool:
    return MAY.get(getattr(request.user, "username", ""), False)


strict = ([path("<str:token>/", shared_files(may_see), name="link")], "strict")
urlpatterns = [
    path("share/", include("clearway.media.sharing.urls")),
    path("strict/", include(strict)),
    path("private/<path:name>", private_files(may_see), name="private-file"),
    path("admin/", admin.site.urls),
]
