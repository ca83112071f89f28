"""What happens when a neighbour joins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models.signals import post_save
from django.dispatch import receiver

from sieve.accounts.models import Profile


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def give_profile(instance: Any, created: bool, **_: Any) -> None:  # noqa: FBT001 - a receiver
    """Make the profile that every page expects."""
    if created:
        Profile.objects.create(owner=instance)
