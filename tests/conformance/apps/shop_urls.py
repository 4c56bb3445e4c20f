"""No page: what is not a static file is Django's own 404."""

urlpatterns: list[object] = []
