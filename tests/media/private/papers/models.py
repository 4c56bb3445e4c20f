"""Papers of an owner, with an appendix for the whole group."""

from typing import Any

from django.conf import settings
from django.db import models

from clearway.media.private import PrivateFileField


def of_owner(request: Any, paper: "Paper") -> bool:
    return bool(paper.owner_id == request.user.pk)


async def of_readers(request: Any, paper: "Paper") -> bool:
    return request.user.username in paper.readers.split()


class Paper(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    readers = models.CharField(max_length=200, default="")
    file = PrivateFileField(upload_to="papers", permission=of_owner, max_length=200)
    appendix = PrivateFileField(upload_to="appendices", permission=of_readers, null=True)
    draft = PrivateFileField(upload_to="drafts", null=True)

    class Meta:
        app_label = "papers"
