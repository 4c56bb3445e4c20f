"""One share link: a row, which can be ended, behind a token, which cannot be guessed."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from .links import Links
from .tokens import token_of

if TYPE_CHECKING:
    from datetime import datetime


if not apps.is_installed("clearway.media.sharing"):  # else it would be a model of the application around it
    raise ImproperlyConfigured('Share links need "clearway.media.sharing" in INSTALLED_APPS.')


class ShareLink(models.Model):
    """A file in a storage of STORAGES, for whoever has the URL, until `expires`."""

    LONGEST = 600  # characters of a name; databases index no more

    id: "models.UUIDField[uuid.UUID, uuid.UUID]" = models.UUIDField(
        primary_key=True, default=uuid.uuid4, editable=False
    )
    storage: "models.CharField[str, str]" = models.CharField(max_length=100)
    name: "models.CharField[str, str]" = models.CharField(max_length=LONGEST, db_index=True)
    created_by: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="created by"
    )
    created: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(default=timezone.now, editable=False)
    expires: "models.DateTimeField[datetime, datetime]" = models.DateTimeField(db_index=True)
    revoked: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True, blank=True)
    limit: "models.PositiveIntegerField[int | None, int | None]" = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many people may open it; empty: all."
    )
    uses: "models.PositiveIntegerField[int, int]" = models.PositiveIntegerField(default=0, editable=False)
    last_use: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        null=True, blank=True, editable=False
    )
    note: "models.CharField[str, str]" = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = Links.as_manager()

    class Meta:
        verbose_name = "share link"
        ordering = ("-created",)

    def __str__(self) -> str:
        return str(self.name.rpartition("/")[2])

    @property
    def token(self) -> str:
        """Whoever has it has the file: it belongs in no log."""
        return token_of(self.pk)

    def get_absolute_url(self) -> str:
        """The path of the link; `request.build_absolute_uri(link.get_absolute_url())` is what is sent to people."""
        return reverse("clearway_sharing:link", kwargs={"token": self.token})

    @property
    def state(self) -> str:
        """live, revoked, expired or used up."""
        if self.revoked:
            return "revoked"
        if self.expires <= timezone.now():
            return "expired"
        return "used up" if self.is_used_up else "live"

    @property
    def is_used_up(self) -> bool:
        """Whether as many people as may have opened it."""
        return self.limit is not None and self.uses >= self.limit

    def revoke(self) -> None:
        """End the link now."""
        type(self).objects.filter(pk=self.pk).revoke()
        self.refresh_from_db(fields=["revoked"])

    def claim(self) -> bool:
        """Take one of the uses; False where none is left. Of two requests at the same moment, one gets the last."""
        return bool(self._count(type(self).objects.live()))

    def note_use(self) -> None:
        """Count a use of a link that is not limited."""
        self._count(type(self).objects.all())

    def _count(self, links: "models.QuerySet[Any]") -> int:
        return links.filter(pk=self.pk).update(uses=F("uses") + 1, last_use=timezone.now())
