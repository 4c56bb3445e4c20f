from django.urls import path

from clearway.media.private import private_files
from invoices.views import Invoices, end_link, share_invoice

urlpatterns = [
    path("", Invoices.as_view(), name="invoices"),
    path("<int:pk>/link/", share_invoice, name="share-invoice"),
    path("links/<uuid:pk>/end/", end_link, name="end-link"),
    # The permission is that of the field. Who is refused is told what everybody is told of a file that is not there.
    path("files/<path:name>", private_files(), name="private-file"),
]
