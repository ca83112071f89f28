"""A library: a model for each kind of widget that the admin has."""

# ruff: noqa: RUF012 - Django's options are attributes of classes

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    name = models.CharField(max_length=100)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self):
        return self.name


class Publisher(Named):
    website = models.URLField(blank=True)


class Author(Named):
    email = models.EmailField(blank=True)
    born = models.DateField(null=True, blank=True)


class Tag(Named):
    slug = models.SlugField(unique=True)


class Shelf(Named):
    floor = models.SmallIntegerField(choices=[(0, _("Ground")), (1, "First"), (2, 'Under "roof"')])


class Book(models.Model):
    """A book.

    Written by an :model:`library.Author`, see :view:`django.contrib.admin.index`.
    """

    STATES = [("draft", "Draft"), ("out", "Out & about"), ("gone", "<Gone>")]

    title = models.CharField(max_length=200, help_text="The title, as on the <em>cover</em>.")
    slug = models.SlugField()
    author = models.ForeignKey(Author, models.CASCADE)
    publisher = models.ForeignKey(Publisher, models.SET_NULL, null=True, blank=True)
    shelf = models.ForeignKey(Shelf, models.PROTECT, null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True)
    related = models.ManyToManyField("self", blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    lent = models.BooleanField(default=False)
    rating = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    published = models.DateField(null=True, blank=True)
    arrived = models.DateTimeField(null=True, blank=True)
    opens = models.TimeField(null=True, blank=True)
    summary = models.TextField(blank=True)
    cover = models.FileField(upload_to="covers", blank=True)
    extra = models.JSONField(default=dict, blank=True)
    key = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/books/{self.slug}/"


class Copy(models.Model):
    book = models.ForeignKey(Book, models.CASCADE)
    number = models.PositiveIntegerField()
    bought = models.DateField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True)

    def __str__(self):
        return f"{self.book} #{self.number}"


class Review(models.Model):
    book = models.ForeignKey(Book, models.CASCADE)
    reviewer = models.ForeignKey(Author, models.CASCADE)
    text = models.TextField()
    scan = models.FileField(upload_to="scans", blank=True)
    at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.text[:20]
