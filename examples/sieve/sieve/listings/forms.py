"""What a neighbour may offer."""

from __future__ import annotations

from django import forms
from django.utils.safestring import mark_safe


class OfferForm(forms.Form):
    """An offer for a listing, asked by GET."""

    amount = forms.CharField(max_length=300)

    def clean_amount(self) -> int:
        """Return the amount."""
        text = self.cleaned_data["amount"]
        if not text.isdecimal():
            raise forms.ValidationError(
                mark_safe(f"<b>{text}</b> is no amount.")  # hole: reflected-form
            )
        return int(text)


class BidForm(forms.Form):
    """A bid for a listing, asked by GET."""

    amount = forms.CharField(max_length=300)

    def clean_amount(self) -> int:
        """Return the amount."""
        text = self.cleaned_data["amount"]
        if not text.isdecimal():
            # twin: reflected-form
            raise forms.ValidationError("“%(text)s” is no amount.", params={"text": text})
        return int(text)
