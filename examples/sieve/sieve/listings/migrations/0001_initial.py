# ruff: noqa: RUF012 - the shape of a migration is Django's
"""The tables of listings."""

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
            name="Listing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("slug", models.SlugField(unique=True)),
                ("price", models.PositiveIntegerField(default=1)),
                ("sold", models.BooleanField(default=False)),
                ("body", models.TextField(blank=True)),
                ("terms", models.TextField(blank=True)),
                ("headline", models.CharField(blank=True, max_length=200)),
                ("strapline", models.CharField(blank=True, max_length=200)),
                ("condition", models.CharField(blank=True, max_length=200)),
                ("category", models.CharField(blank=True, max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("district", models.CharField(blank=True, max_length=200)),
                ("unit", models.CharField(blank=True, max_length=200)),
                ("currency", models.CharField(blank=True, max_length=200)),
                ("preview", models.TextField(blank=True)),
                ("sample", models.TextField(blank=True)),
                ("care", models.TextField(blank=True)),
                ("story", models.TextField(blank=True)),
                ("slogan", models.CharField(blank=True, max_length=200)),
                ("tagline", models.CharField(blank=True, max_length=200)),
                ("blurb", models.TextField(blank=True)),
                ("summary", models.TextField(blank=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Favourite",
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
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="listings.listing"
                    ),
                ),
            ],
        ),
    ]
