import django.core.validators
from django.db import migrations, models

import clearway.media


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("slug", models.SlugField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("green", "Green tea"),
                            ("oolong", "Oolong"),
                            ("black", "Black tea"),
                            ("herbal", "Herbal"),
                            ("ware", "Teaware"),
                        ],
                        max_length=10,
                    ),
                ),
                ("origin", models.CharField(max_length=60)),
                ("summary", models.CharField(max_length=120)),
                ("description", models.TextField()),
                ("price", models.DecimalField(decimal_places=2, max_digits=6)),
                ("unit", models.CharField(default="100 g", max_length=20)),
                (
                    "temperature",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        verbose_name="water, °C",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        verbose_name="steeping, minutes",
                    ),
                ),
                (
                    "grams",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=3, null=True, verbose_name="grams a cup"
                    ),
                ),
                (
                    "rating",
                    models.DecimalField(
                        decimal_places=1,
                        default=0,
                        max_digits=2,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(5),
                        ],
                    ),
                ),
                (
                    "illustration",
                    models.CharField(
                        choices=[
                            ("catalogue/img/tea/tin.svg", "Plain tin"),
                            ("catalogue/img/tea/sencha.svg", "Sencha"),
                            ("catalogue/img/tea/matcha.svg", "Matcha"),
                            ("catalogue/img/tea/genmaicha.svg", "Genmaicha"),
                            ("catalogue/img/tea/oolong.svg", "Oolong"),
                            ("catalogue/img/tea/assam.svg", "Assam"),
                            ("catalogue/img/tea/earl-grey.svg", "Earl Grey"),
                            ("catalogue/img/tea/chamomile.svg", "Chamomile"),
                            ("catalogue/img/tea/kettle.svg", "Kettle"),
                        ],
                        default="catalogue/img/tea/tin.svg",
                        help_text="Shipped with the shop.",
                        max_length=60,
                    ),
                ),
                (
                    "photo",
                    models.FileField(
                        blank=True,
                        help_text="Shown in place of the illustration.",
                        upload_to="photos/",
                        validators=[
                            clearway.media.UploadLimits(
                                accept=["image/jpeg", "image/png", "image/webp", "image/avif"],
                            )
                        ],
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
