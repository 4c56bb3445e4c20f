"""Links in the admin: looked at and revoked there, and made by the project's own pages."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from .models import ShareLink

if TYPE_CHECKING:
    from django.db.models import QuerySet

    ModelAdmin = admin.ModelAdmin[ShareLink]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(ShareLink)
class ShareLinkAdmin(ModelAdmin):
    """The URL of a link is not shown: it is for whom it was made."""

    list_display = ("name", "storage", "created_by", "created", "expires", "state", "uses", "limit", "last_use", "note")
    list_filter = ("storage", "created", "expires", "revoked")
    search_fields = ("name", "note")
    list_select_related = ("created_by",)
    fields = readonly_fields = (*list_display, "revoked")
    date_hierarchy = "created"
    actions = ("revoke",)
    view_on_site = False

    @admin.action(permissions=["change"], description="Revoke the selected share links")
    def revoke(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        """End them now."""
        count = ShareLink.objects.filter(pk__in=queryset.values("pk")).revoke()
        self.message_user(request, f"{count} share {'link was' if count == 1 else 'links were'} revoked.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: a name typed here would open any private file."""
        return False
