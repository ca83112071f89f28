"""The counter: an account page with a form, the same as an API, and a wall of comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render

from teller.forms import CommentForm, StatementsForm
from teller.models import Account, Comment

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
