"""The counter: an account and a profile with forms, an API, and a wall of comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render

from teller.forms import CommentForm, ProfileForm, StatementsForm
from teller.models import Account, Comment, Profile

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _account(request: HttpRequest) -> Account:
    account, _ = Account.objects.get_or_create(
        owner=request.user, defaults={"statements_to": request.user.email}
    )
    return account


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show the account; change where statements are sent."""
    form = StatementsForm(request.POST or None, instance=_account(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("teller:account")
    return render(request, "teller/account.html", {"form": form})


@login_required
def account_api(request: HttpRequest) -> JsonResponse:
    """Answer the account as JSON."""
    return JsonResponse(
        {"owner": request.user.get_username(), "statements_to": _account(request).statements_to}
    )


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show what a customer says of themselves; change it.

    Nothing in the template is marked as safe. It shows the text in four places that Django's
    escaping was not made for: a handler, a link, an attribute without quotes, a script.
    """
    found, _ = Profile.objects.get_or_create(
        owner=request.user, defaults={"nickname": request.user.get_username()}
    )
    form = ProfileForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("teller:profile")
    return render(request, "teller/profile.html", {"form": form, "profile": found})


@login_required
def wall(request: HttpRequest) -> HttpResponse:
    """Show the comments; take a new one.

    The template shows their text with ``|safe``: the hole that this example is here to show.
    """
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.author = request.user.get_username()
        form.save()
        return redirect("teller:wall")
    comments = Comment.objects.order_by("-written")[:20]
    return render(request, "teller/wall.html", {"form": form, "comments": comments})


def search(request: HttpRequest) -> HttpResponse:
    """Search the comments, and show what was asked for in every place that is unsafe for it."""
    return render(request, "teller/search.html")
