from django.contrib import admin

from catalogue.models import Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "origin", "price", "photo"]
    list_filter = ["kind"]
    search_fields = ["name", "origin"]
    prepopulated_fields = {"slug": ["name"]}
