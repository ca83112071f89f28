"""What neighbours write to one another, and to the staff about one another."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Letter(models.Model):
    """A letter. Whoever has its key may read it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sent"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="received"
    )
    text = models.TextField()
    starred = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.text[:40]


class Signature(models.Model):
    """What stands below a neighbour's letters."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    text = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text


class Report(models.Model):
    """A complaint, for the staff's eyes."""

    complaint = models.TextField()
    remark = models.TextField(blank=True)
    trace = models.TextField(blank=True)
    origin = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"report {self.pk}"
