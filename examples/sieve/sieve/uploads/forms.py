"""What may be left."""

from __future__ import annotations

from django import forms


class UploadForm(forms.Form):
    """A file with a title."""

    title = forms.CharField(max_length=200)
    file = forms.FileField()
