"""The newsletter: asked for, confirmed by mail, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from sieve.newsletter.forms import JoinForm, SubscriberForm

if TYPE_CHECKING:
    from collections.abc import Callable


def index(request: HttpRequest) -> HttpResponse:
    """Show the ways to the newsletter."""
    return render(request, "newsletter/index.html")


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Thank whoever followed the link in the mail."""
    known = signing.Signer(salt="newsletter").unsign_object
    try:
        known(token)
    except signing.BadSignature:
        return HttpResponse("This link is not ours.", status=404, content_type="text/plain")
    return render(request, "newsletter/thanks.html")


def _confirmation(email: str) -> str:
    token = signing.Signer(salt="newsletter").sign_object(email)
    return reverse("newsletter:confirm", args=[token])


def _ask(request: HttpRequest, absolute: Callable[[str], str]) -> HttpResponse:
    form = SubscriberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.save().email
        send_mail("The newsletter", f"Confirm: {absolute(_confirmation(email))}", None, [email])
        return redirect("newsletter:index")
    return render(request, "form.html", {"form": form, "title": "The newsletter"})


def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for the newsletter; the mail leads to the host that was asked."""
    return _ask(request, request.build_absolute_uri)  # hole: host-mail


def enrol(request: HttpRequest) -> HttpResponse:
    """Ask for the newsletter; the mail leads to the market."""
    return _ask(request, lambda path: f"https://{settings.MARKET_HOST}{path}")  # twin: host-mail


def _join(request: HttpRequest, after: Callable[[str], HttpResponse]) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        form.save()
        return after(form.cleaned_data["next"] or reverse("newsletter:index"))
    return render(request, "form.html", {"form": form, "title": "The newsletter"})


def join(request: HttpRequest) -> HttpResponse:
    """Ask for the newsletter and go on."""
    return _join(request, HttpResponseRedirect)  # hole: redirect-post


def enlist(request: HttpRequest) -> HttpResponse:
    """Ask for the newsletter and go on, within the market."""
    return _join(request, lambda after: _within(request, after))  # twin: redirect-post


def _within(request: HttpRequest, address: str) -> HttpResponse:
    if url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return redirect(address)
    return redirect("newsletter:index")


def go(request: HttpRequest) -> HttpResponse:
    """Count a reader, and lead him on."""
    return redirect(request.GET.get("next") or "newsletter:index")  # hole: redirect-query


def on(request: HttpRequest) -> HttpResponse:
    """Count a reader, and lead him on within the market."""
    return _within(request, request.GET.get("next", ""))  # twin: redirect-query


def further(request: HttpRequest) -> HttpResponse:
    """Lead a reader to where an address begins with a slash; so does ``//elsewhere.test``."""
    after = request.GET.get("next", "")
    if after.startswith("/"):
        return HttpResponseRedirect(after)  # hole: redirect-slashes
    return redirect("newsletter:index")


def farther(request: HttpRequest) -> HttpResponse:
    """Lead a reader to where an address begins with a slash."""
    after = request.GET.get("next", "")
    if after.startswith("/"):
        return _within(request, after)  # twin: redirect-slashes
    return redirect("newsletter:index")
