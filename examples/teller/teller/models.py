"""Who has an account, what they say of themselves, and what visitors wrote on the wall."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Account(models.Model):
    """A customer's account."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    statements_to = models.EmailField(help_text="Where statements are sent.")

    def __str__(self) -> str:
        return f"account of {self.owner}"


class Profile(models.Model):
    """What a customer says of themselves, to whoever looks."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    nickname = models.CharField(max_length=200)
    website = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.nickname


class Comment(models.Model):
    """Something that a visitor wrote."""

    author = models.CharField(max_length=150)
    text = models.TextField()
    written = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text[:40]


class Letter(models.Model):
    """A letter, for whoever knows its key."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"letter to {self.owner}"


class Picture(models.Model):
    """A picture that a customer has sent in."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    file = models.FileField(upload_to="pictures/")

    def __str__(self) -> str:
        return self.file.name
