"""The forms at the counter."""

from __future__ import annotations

from django import forms

from teller.models import Account, Comment, Profile


class StatementsForm(forms.ModelForm):
    """Where statements are sent: what an attacker would like to change."""

    class Meta:
        model = Account
        fields = ("statements_to",)


class ProfileForm(forms.ModelForm):
    """What others see of a customer."""

    class Meta:
        model = Profile
        fields = ("nickname", "website")


class CommentForm(forms.ModelForm):
    """A comment for the wall."""

    class Meta:
        model = Comment
        fields = ("text",)
