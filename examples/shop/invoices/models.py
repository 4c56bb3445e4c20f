from django.conf import settings
from django.db import models

from clearway.media.private import PrivateFileField


def is_owner(request, invoice):
    """Asked for every request of the file, so that a change counts at once."""
    return request.user.is_authenticated and invoice.owner_id == request.user.pk


class Invoice(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    number = models.CharField(max_length=20, unique=True)
    issued = models.DateField()
    total = models.DecimalField(max_digits=8, decimal_places=2)
    file = PrivateFileField(upload_to="invoices/", max_length=200, permission=is_owner)

    class Meta:
        ordering = ["-issued"]

    def __str__(self):
        return self.number
