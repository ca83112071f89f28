# ruff: noqa: RUF012 - the shape of a migration is Django's
"""The tables of accounts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "whom",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("website", models.CharField(blank=True, max_length=200)),
                ("homepage", models.CharField(blank=True, max_length=200)),
                ("nickname", models.CharField(blank=True, max_length=200)),
                ("pet_name", models.CharField(blank=True, max_length=200)),
                ("motto", models.CharField(blank=True, max_length=200)),
                ("saying", models.CharField(blank=True, max_length=200)),
                ("about", models.TextField(blank=True)),
                ("bio", models.TextField(blank=True)),
                ("song", models.CharField(blank=True, max_length=200)),
                ("tune", models.CharField(blank=True, max_length=200)),
                ("greeting", models.CharField(blank=True, max_length=200)),
                ("farewell", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=200)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("notify", models.EmailField(blank=True, max_length=254)),
                ("avatar", models.CharField(blank=True, max_length=200)),
                ("iban", models.CharField(default="XX00 0000 0000", max_length=34)),
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]
