"""`path("share/", include("clearway.media.sharing.urls"))`."""

from django.urls import path

from .view import shared_files

app_name = "clearway_sharing"
urlpatterns = [path("<str:token>/", shared_files(), name="link")]
