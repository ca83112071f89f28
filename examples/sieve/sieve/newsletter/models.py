"""Who reads the newsletter."""

from __future__ import annotations

from django.db import models


class Subscriber(models.Model):
    """Somebody who asked for the newsletter, and what he told the staff with it."""

    email = models.EmailField()
    note = models.CharField(max_length=200, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.email
