# ruff: noqa: RUF012 - Django's options are attributes of classes

from __future__ import annotations

from django.contrib import admin, messages
from django.utils.html import format_html

from tests.sites.projects.admin.library.models import (
    Author,
    Book,
    Copy,
    Publisher,
    Review,
    Shelf,
    Tag,
)

admin.site.site_header = "Library & 'Archive' <admin>"


class CopyInline(admin.TabularInline):
    model = Copy
    extra = 1
    filter_horizontal = ["tags"]
    show_change_link = True


class ReviewInline(admin.StackedInline):
    model = Review
    extra = 1
    classes = ["collapse"]
    autocomplete_fields = ["reviewer"]


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "author", "state", "lent", "rating", "published", "coloured"]
    list_editable = ["state", "lent"]
    list_filter = ["state", "lent", "published", ("publisher", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["title", "author__name"]
    search_help_text = "Search in <title> & author"
    date_hierarchy = "published"
    list_per_page = 5
    actions = ["lend"]
    actions_on_bottom = True
    save_as = True
    save_on_top = True
    prepopulated_fields = {"slug": ["title", "state"]}
    autocomplete_fields = ["author"]
    raw_id_fields = ["publisher"]
    filter_horizontal = ["tags"]
    filter_vertical = ["related"]
    radio_fields = {"state": admin.HORIZONTAL}
    readonly_fields = ["coloured"]
    fieldsets = [
        (None, {"fields": [("title", "slug"), "author", "publisher", "shelf", "state", "lent"]}),
        (
            "Dates & times",
            {"fields": ["published", "arrived", "opens"], "description": "When <b>it</b> came."},
        ),
        (
            "More",
            {"classes": ["collapse"], "fields": ["rating", "summary", "extra", "key", "coloured"]},
        ),
        ("Relations", {"classes": ["wide"], "fields": ["tags", "related", "cover"]}),
    ]
    inlines = [CopyInline, ReviewInline]

    @admin.display(description="Colour", ordering="state")
    def coloured(self, book):
        return format_html('<span style="color: #{};">{}</span>', "336699", book.state)

    @admin.action(description='Lend "selected" %(verbose_name_plural)s')
    def lend(self, request, queryset):
        messages.success(request, f"{queryset.update(lent=True)} lent & gone")


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    search_fields = ["name"]
    list_display = ["name", "email", "born"]
    date_hierarchy = "born"


@admin.register(Publisher)
class PublisherAdmin(admin.ModelAdmin):
    view_on_site = False
    list_display = ["name", "website"]


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]


admin.site.register(Shelf)
