from pathlib import PurePath

from django.db import models

from clearway.media import validate_upload

PICTURES = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"}
FILMS = {".m4v", ".mp4", ".webm"}


class Shared(models.Model):
    """Something that a guest sent in, for everybody to see."""

    title = models.CharField(max_length=60)
    file = models.FileField(
        upload_to="shared/",
        max_length=200,
        validators=[validate_upload],
        help_text="At most 20 MB. The place where a picture was taken is removed from it.",
    )
    sent = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "shared"

    def __str__(self):
        return self.title

    @property
    def kind(self):
        """How the page shows it; everything that is neither picture nor film is only linked."""
        extension = PurePath(self.file.name).suffix.lower()
        return "picture" if extension in PICTURES else "film" if extension in FILMS else "paper"

    @property
    def extension(self):
        return PurePath(self.file.name).suffix.removeprefix(".").upper()[:5] or "FILE"
