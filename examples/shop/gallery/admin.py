from django.contrib import admin

from gallery.models import Shared


@admin.register(Shared)
class SharedAdmin(admin.ModelAdmin):
    list_display = ["title", "file", "sent"]
    search_fields = ["title"]
