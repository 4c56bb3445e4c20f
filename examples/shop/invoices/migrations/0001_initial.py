import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clearway.media.private


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("issued", models.DateField()),
                ("total", models.DecimalField(decimal_places=2, max_digits=8)),
                (
                    "file",
                    clearway.media.private.PrivateFileField(
                        db_index=True,
                        max_length=200,
                        upload_to="invoices/",
                    ),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-issued"],
            },
        ),
    ]
