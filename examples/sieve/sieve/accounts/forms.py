"""What a neighbour may change of his own."""

from __future__ import annotations

from django import forms

from sieve.accounts.models import Profile


class PhoneForm(forms.ModelForm):
    """How a neighbour is reached."""

    class Meta:
        model = Profile
        fields = ("phone",)


class StreetForm(forms.ModelForm):
    """Where a neighbour lives."""

    class Meta:
        model = Profile
        fields = ("street",)


class AvatarForm(forms.Form):
    """A picture of a neighbour; its name is what is kept."""

    avatar = forms.FileField()
