# ruff: noqa: RUF012 - Django's options are attributes of classes

from __future__ import annotations

from django.db import models


class Maker(models.Model):
    name = models.CharField(max_length=80)

    def __str__(self):
        return self.name


class Thing(models.Model):
    KINDS = [("new", 'New & "shiny"'), ("old", "<Old>")]

    name = models.CharField(max_length=80, help_text="With <em>markup</em> & 'quotes'")
    maker = models.ForeignKey(Maker, models.CASCADE)
    kind = models.CharField(max_length=3, choices=KINDS, default="new")
    price = models.DecimalField(max_digits=8, decimal_places=2)
    page = models.URLField(blank=True)
    on = models.DateField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    sold = models.BooleanField(default=False)
    about = models.TextField(blank=True)
    more = models.JSONField(default=dict, blank=True)

    def __str__(self):
        return self.name
