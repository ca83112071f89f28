# ruff: noqa: RUF012 - the shape of a migration is Django's
"""The tables of newsletter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("remark", models.CharField(blank=True, max_length=200)),
            ],
        ),
    ]
