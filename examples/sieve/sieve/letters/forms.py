"""What a neighbour writes."""

from __future__ import annotations

from django import forms

from sieve.letters.models import Letter, Report


class LetterForm(forms.ModelForm):
    """A letter."""

    class Meta:
        model = Letter
        fields = ("text",)


class ReportForm(forms.ModelForm):
    """A complaint."""

    class Meta:
        model = Report
        fields = ("complaint", "remark")
