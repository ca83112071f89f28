"""How to get the newsletter."""

from __future__ import annotations

from django import forms

from sieve.newsletter.models import Subscriber


class SubscriberForm(forms.ModelForm):
    """Who wants it."""

    class Meta:
        model = Subscriber
        fields = ("email", "note", "remark")


class JoinForm(SubscriberForm):
    """Who wants it, and where to go on."""

    next = forms.CharField(required=False, widget=forms.HiddenInput)
