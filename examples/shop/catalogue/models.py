from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from catalogue.illustrations import ILLUSTRATIONS
from clearway.media import UploadLimits


class Kind(models.TextChoices):
    GREEN = "green", "Green tea"
    OOLONG = "oolong", "Oolong"
    BLACK = "black", "Black tea"
    HERBAL = "herbal", "Herbal"
    WARE = "ware", "Teaware"


class Product(models.Model):
    name = models.CharField(max_length=60)
    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    origin = models.CharField(max_length=60)
    summary = models.CharField(max_length=120)
    description = models.TextField()
    price = models.DecimalField(max_digits=6, decimal_places=2)
    unit = models.CharField(max_length=20, default="100 g")
    temperature = models.PositiveSmallIntegerField("water, °C", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("steeping, minutes", null=True, blank=True)
    grams = models.DecimalField("grams a cup", max_digits=3, decimal_places=1, null=True, blank=True)
    rating = models.DecimalField(
        max_digits=2, decimal_places=1, default=0, validators=[MinValueValidator(0), MaxValueValidator(5)]
    )
    illustration = models.CharField(
        max_length=60, choices=ILLUSTRATIONS, default=ILLUSTRATIONS[0][0], help_text="Shipped with the shop."
    )
    photo = models.FileField(
        upload_to="photos/",
        blank=True,
        validators=[UploadLimits(accept=["image/jpeg", "image/png", "image/webp", "image/avif"])],
        help_text="Shown in place of the illustration.",
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("product", args=[self.slug])
