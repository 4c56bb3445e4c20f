"""Share links, and what a test makes and reads of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.core.files.storage import storages
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone
from tests.media.bad_input.apps import urls

from clearway.media.private import AskedFile
from clearway.media.sharing import create_link
from clearway.media.sharing.models import ShareLink
from clearway.media.sharing.tokens import key_of

# how many may open it, and what became of it
KINDS = {
    "open": (None, {}),
    "many": (1_000_000, {}),
    "once": (1, {}),
    "used": (1, {"uses": 1}),
    "expired": (None, {"expires": timezone.now() - timedelta(days=1)}),
    "revoked": (None, {"revoked": timezone.now()}),
}


def made(request: HttpRequest, kind: str) -> HttpResponse:
    """The token of a new link to a file of alice's."""
    uses, became = KINDS[kind]
    link = create_link(AskedFile(storages["private"], "alice/a.css"), uses=uses)
    ShareLink.objects.filter(pk=link.pk).update(**{"note": kind, **became})
    return HttpResponse(link.token)


def uses(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(str(ShareLink.objects.get(pk=key_of(token)).uses))


with ThreadPoolExecutor(1) as pool:  # the importing thread may run an event loop
    pool.submit(call_command, "migrate", verbosity=0).result()
urlpatterns = [
    path("share/", include("clearway.media.sharing.urls")),
    path("link/<kind>", made),
    path("uses/<token>", uses),
    *urls.urlpatterns,
]
handler404 = urls.handler404
