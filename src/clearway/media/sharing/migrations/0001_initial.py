"""The table of share links."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [  # noqa: RUF012
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("storage", models.CharField(max_length=100)),
                ("name", models.CharField(db_index=True, max_length=600)),
                ("created", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("expires", models.DateTimeField(db_index=True)),
                ("revoked", models.DateTimeField(blank=True, null=True)),
                (
                    "limit",
                    models.PositiveIntegerField(
                        blank=True, help_text="How many people may open it; empty: all.", null=True
                    ),
                ),
                ("uses", models.PositiveIntegerField(default=0, editable=False)),
                ("last_use", models.DateTimeField(blank=True, editable=False, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "share link",
                "ordering": ("-created",),
            },
        ),
    ]
