from django.urls import path

from gallery.views import Gallery, Share

urlpatterns = [
    path("", Gallery.as_view(), name="gallery"),
    path("share/", Share.as_view(), name="share"),
]
