"""Asking for many links at once, making one, and ending them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .targets import alias_of

if TYPE_CHECKING:
    from .models import ShareLink


class Links(models.QuerySet["ShareLink"]):
    """Links; every method but the last two gives a query set."""

    def live(self) -> "Links":
        """Those that somebody could open now, as far as the database knows."""
        unused = Q(limit=None) | Q(uses__lt=F("limit"))
        return self.filter(unused, revoked=None, expires__gt=timezone.now())

    def of_file(self, file: Any) -> "Links":
        """Those to a file, given as to `create_link`. Raises `ValueError`."""
        return self.filter(storage=alias_of(file.storage), name=str(file.name))

    def of_person(self, user: Any) -> "Links":
        """Those that a user made."""
        return self.filter(created_by=user)

    def ended_before(self, moment: datetime) -> "Links":
        """Those that nobody has been able to open since then."""
        used_up = Q(limit__isnull=False, uses__gte=F("limit"), last_use__lt=moment)
        return self.filter(used_up | Q(expires__lt=moment) | Q(revoked__lt=moment))

    def revoke(self) -> int:
        """End these now; gives how many were not revoked before."""
        return self.filter(revoked=None).update(revoked=timezone.now())

    def open_for(self, file: Any, *, by: Any, lifetime: timedelta, uses: int | None, note: str) -> "ShareLink":
        """See `create_link`."""
        name = str(file.name)
        if lifetime <= timedelta(0) or (uses is not None and uses < 1):
            raise ValueError(f"A link that nobody can open: lifetime {lifetime}, uses {uses}.")
        if not file.name or len(name) > self.model.LONGEST:
            raise ValueError(f"A link needs the name of a file, of at most {self.model.LONGEST} characters: {name!r}.")
        expires = timezone.now() + lifetime
        alias = alias_of(file.storage)
        return self.create(storage=alias, name=name, created_by=by, expires=expires, limit=uses, note=note)
