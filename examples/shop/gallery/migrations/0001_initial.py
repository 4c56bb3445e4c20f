from django.db import migrations, models

import clearway.media


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Shared",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=60)),
                (
                    "file",
                    models.FileField(
                        help_text="At most 20 MB. The place where a picture was taken is removed from it.",
                        max_length=200,
                        upload_to="shared/",
                        validators=[clearway.media.UploadLimits()],
                    ),
                ),
                ("sent", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name_plural": "shared",
                "ordering": ["pk"],
            },
        ),
    ]
