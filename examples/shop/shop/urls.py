from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("login/", LoginView.as_view(), name="login"),
    path("gallery/", include("gallery.urls")),
    path("invoices/", include("invoices.urls")),
    path("shared/", include("clearway.media.sharing.urls")),
    path("", include("catalogue.urls")),
]
