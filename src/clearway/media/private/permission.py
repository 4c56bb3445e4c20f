"""Permissions in common use. Each is a callable `(request, file) -> bool`, and so is whatever a project writes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from .asked import AskedFile, Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

Rows = Callable[[HttpRequest], "QuerySet[Any]"]


def is_signed_in(request: HttpRequest) -> bool:
    """Whether an active user is signed in."""
    user: Any = getattr(request, "user", None)
    return user is not None and user.is_authenticated and user.is_active


def signed_in(request: HttpRequest, file: AskedFile) -> bool:
    """Everybody who is signed in."""
    return is_signed_in(request)


def with_perm(name: str) -> Permission:
    """Who has a permission of Django's, such as `shop.view_invoice`."""

    def permission(request: HttpRequest, file: AskedFile) -> bool:
        return is_signed_in(request) and _user(request).has_perm(name)

    return permission


def in_group(name: str) -> Permission:
    """The members of a group of Django's."""

    def permission(request: HttpRequest, file: AskedFile) -> bool:
        return is_signed_in(request) and _user(request).groups.filter(name=name).exists()

    return permission


def named_by(rows: Rows, field: str) -> Permission:
    """Who may see a row whose file field names the file: of an owner, a tenant, or whatever the query says.

    `named_by(lambda request: Invoice.objects.filter(owner=request.user), "pdf")`. Who is not signed in is refused
    without a query. Names are compared once more here, since the collation of a database may take two for one.
    """

    def permission(request: HttpRequest, file: AskedFile) -> bool:
        if not is_signed_in(request):
            return False
        return file.name in rows(request).filter(**{field: file.name}).values_list(field, flat=True)

    return permission


def _user(request: HttpRequest) -> Any:
    return request.user
