"""URL patterns of private files."""

from django.urls import path

from clearway.media.private import private_files

urlpatterns = [path("private/<path:name>", private_files(lambda request, file: True), name="private-file")]
