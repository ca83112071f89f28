"""What the staff sees of the market."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from sieve.listings.models import Listing
from sieve.newsletter.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(admin.ModelAdmin):
    """Who reads the newsletter."""

    list_display = ("email", "shown_note", "shown_remark")

    @admin.display(description="note")
    def shown_note(self, subscriber: Subscriber) -> SafeString:
        """Return the note, in italics."""
        return mark_safe(f"<i>{subscriber.note}</i>")  # hole: stored-admin

    @admin.display(description="remark")
    def shown_remark(self, subscriber: Subscriber) -> SafeString:
        """Return the remark, in italics."""
        return format_html("<i>{}</i>", subscriber.remark)  # twin: stored-admin


admin.site.register(Listing)
