"""Profiles and what belongs to a neighbour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordResetView
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import cache_control, cache_page
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_cookie

from sieve.accounts.forms import AvatarForm, PhoneForm, StreetForm
from sieve.accounts.models import Follow, Profile

if TYPE_CHECKING:
    from django import forms


def index(request: HttpRequest) -> HttpResponse:
    """Show what there is to do with an account, and the neighbours."""
    profiles = Profile.objects.select_related("owner").order_by("pk")[:20]
    return render(request, "accounts/index.html", {"profiles": profiles})


def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a neighbour to whoever looks."""
    found = get_object_or_404(Profile, owner=pk)
    return render(request, "accounts/profile.html", {"profile": found})


# Logging in and out


@csrf_exempt  # hole: login-csrf
def kiosk(request: HttpRequest) -> HttpResponse:
    """Log in at the kiosk in the market hall, whose browser keeps no cookies between visits."""
    form = AuthenticationForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect("home")
    return render(request, "accounts/login.html", {"form": form})


class SignIn(LoginView):  # twin: login-csrf
    """Log in."""

    template_name = "accounts/login.html"


def enter(request: HttpRequest) -> HttpResponse:
    """Log in, and go on where the visitor was."""
    form = AuthenticationForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(request.GET.get("next") or "home")  # hole: redirect-login
    return render(request, "form.html", {"form": form, "title": "Enter", "button": "Enter"})


def come_in(request: HttpRequest) -> HttpResponse:
    """Log in, and go on where the visitor was, if that is here."""
    form = AuthenticationForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        after = request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
            return redirect(after)  # twin: redirect-login
        return redirect("home")
    return render(request, "form.html", {"form": form, "title": "Come in", "button": "Come in"})


def leave(request: HttpRequest) -> HttpResponse:
    """Log out."""
    logout(request)  # hole: get-logout
    return redirect("home")


@require_POST  # twin: get-logout
def go(request: HttpRequest) -> HttpResponse:
    """Log out."""
    logout(request)
    return redirect("home")


# Passwords


class Reset(PasswordResetView):  # hole: host-reset
    """Send the mail with which a password is set anew; it names the host that was asked for."""

    template_name = "form.html"
    email_template_name = "accounts/reset_mail.txt"
    subject_template_name = "accounts/reset_subject.txt"
    success_url = reverse_lazy("accounts:index")


class Recover(PasswordResetView):
    """Send the mail with which a password is set anew; it names the market."""

    template_name = "form.html"
    email_template_name = "accounts/reset_mail.txt"
    subject_template_name = "accounts/reset_subject.txt"
    success_url = reverse_lazy("accounts:index")
    extra_email_context = {"domain": settings.MARKET_HOST}  # noqa: RUF012  # twin: host-reset


# Devices


@login_required
def remember(request: HttpRequest) -> HttpResponse:
    """Give the device a token by which it is known later."""
    response = render(request, "accounts/device.html")
    token = signing.dumps(request.user.pk, salt="device")
    # hole: cookie-script
    response.set_cookie("device", token, secure=True, samesite="Lax")
    return response


@login_required
def recall(request: HttpRequest) -> HttpResponse:
    """Give the device a token by which it is known later."""
    response = render(request, "accounts/device.html")
    token = signing.dumps(request.user.pk, salt="device")
    # twin: cookie-script
    response.set_cookie("gadget", token, secure=True, httponly=True, samesite="Lax")
    return response


@login_required
def till(request: HttpRequest) -> HttpResponse:
    """Give the till a token of its own."""
    response = render(request, "accounts/device.html")
    token = signing.dumps(request.user.pk, salt="till")
    # hole: cookie-plain
    response.set_cookie("till", token, httponly=True, samesite="Lax")
    return response


@login_required
def counter(request: HttpRequest) -> HttpResponse:
    """Give the counter a token of its own."""
    response = render(request, "accounts/device.html")
    token = signing.dumps(request.user.pk, salt="till")
    # twin: cookie-plain
    response.set_cookie("counter", token, secure=True, httponly=True, samesite="Lax")
    return response


# Changes


def _edit(request: HttpRequest, form: type[forms.ModelForm], title: str) -> HttpResponse:
    own = get_object_or_404(Profile, owner=request.user)
    bound = form(request.POST or None, instance=own)
    if request.method == "POST" and bound.is_valid():
        bound.save()
        return redirect("accounts:index")
    return render(request, "form.html", {"form": bound, "title": title})


@csrf_exempt  # hole: forgery-form
@login_required
def phone(request: HttpRequest) -> HttpResponse:
    """Change the telephone number."""
    return _edit(request, PhoneForm, "Your telephone")


@login_required  # twin: forgery-form
def street(request: HttpRequest) -> HttpResponse:
    """Change the street."""
    return _edit(request, StreetForm, "Your street")


class AvatarView(LoginRequiredMixin, View):
    """Take a picture."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return self._show(request, AvatarForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the picture's name."""
        form = AvatarForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, form)
        name = form.cleaned_data["avatar"].name
        Profile.objects.filter(owner=request.user).update(avatar=name)
        return redirect("accounts:index")

    def _show(self, request: HttpRequest, form: AvatarForm) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "title": "Your picture"}
        return render(request, "form.html", {**context, "enctype": "multipart/form-data"})


@method_decorator(csrf_exempt, name="dispatch")  # hole: forgery-multipart
class Picture(AvatarView):
    """Take a picture, from the market's photo booth too."""


class Portrait(AvatarView):  # twin: forgery-multipart
    """Take a picture."""


@login_required
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a neighbour."""
    whom = get_object_or_404(get_user_model(), pk=pk)
    # hole: get-path
    Follow.objects.create(who=request.user, whom=whom)
    return redirect("accounts:profile", pk)


@login_required
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a neighbour, once he has said so."""
    whom = get_object_or_404(get_user_model(), pk=pk)
    if request.method != "POST":  # twin: get-path
        return render(request, "accounts/watch.html", {"whom": whom})
    Follow.objects.create(who=request.user, whom=whom)
    return redirect("accounts:profile", pk)


@login_required
def notify(request: HttpRequest) -> HttpResponse:
    """Change where notices are sent."""
    own = get_object_or_404(Profile, owner=request.user)
    if "email" in request.GET:
        own.notify = request.GET["email"]
        own.save()  # hole: get-form
    return render(request, "accounts/notify.html", {"profile": own, "method": "get"})


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """Change where notices are sent."""
    own = get_object_or_404(Profile, owner=request.user)
    if request.method == "POST":  # twin: get-form
        own.notify = request.POST["email"]
        own.save()
    return render(request, "accounts/notify.html", {"profile": own, "method": "post"})


def _close(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/close.html")
    Profile.objects.filter(owner=request.user).update(notify="", phone="", street="")
    return redirect("home")


@xframe_options_exempt  # hole: framing-exempt
@login_required
def close(request: HttpRequest) -> HttpResponse:
    """Forget what is known of the visitor. Shown in the partners' pages."""
    return _close(request)


@login_required  # twin: framing-exempt
def shut(request: HttpRequest) -> HttpResponse:
    """Forget what is known of the visitor."""
    return _close(request)


# Private pages


@cache_control(public=True, max_age=600)  # hole: cache-public
@login_required
def bank(request: HttpRequest) -> HttpResponse:
    """Show the visitor's bank account."""
    return render(request, "accounts/bank.html", {"profile": request.user.profile})


@cache_control(private=True, no_store=True)  # twin: cache-public
@login_required
def purse(request: HttpRequest) -> HttpResponse:
    """Show the visitor's bank account."""
    return render(request, "accounts/bank.html", {"profile": request.user.profile})


@cache_page(600)  # hole: cache-page
def statement(request: HttpRequest) -> HttpResponse:
    """Show the visitor's statement."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('accounts:sign-in')}?next={request.path}")
    return render(request, "accounts/bank.html", {"profile": request.user.profile})


@cache_page(600)
@vary_on_cookie
@cache_control(private=True)  # twin: cache-page
def balance(request: HttpRequest) -> HttpResponse:
    """Show the visitor's balance."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('accounts:sign-in')}?next={request.path}")
    return render(request, "accounts/bank.html", {"profile": request.user.profile})
