"""Letters: read, written, drafted by the page's own script, shared by their key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required, user_passes_test
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from sieve.letters.forms import LetterForm, ReportForm
from sieve.letters.models import Letter, Report, Signature

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the letters that the visitor was sent."""
    letters = Letter.objects.filter(recipient=request.user).order_by("pk")
    sent = Letter.objects.filter(sender=request.user).order_by("pk")
    return render(request, "letters/index.html", {"letters": letters, "sent": sent})


@login_required
def read(request: HttpRequest, key: str) -> HttpResponse:
    """Show a letter to who was sent it."""
    letter = get_object_or_404(Letter, key=key, recipient=request.user)
    return render(request, "letters/letter.html", {"letter": letter})


def _write(request: HttpRequest, pk: int, said: SafeString | str) -> HttpResponse:
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.sender = request.user
        form.instance.recipient_id = pk
        form.save()
        messages.success(request, said)
        return redirect("letters:index")
    return render(request, "form.html", {"form": form, "title": "A letter", "button": "Send"})


@login_required
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to a neighbour, who then greets."""
    whom = get_object_or_404(get_user_model(), pk=pk).profile
    said = mark_safe(f"Sent. Your neighbour says: <q>{whom.greeting}</q>")  # hole: stored-message
    return _write(request, pk, said)


@login_required
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to a neighbour, who then takes his leave."""
    whom = get_object_or_404(get_user_model(), pk=pk).profile
    said = format_html("Sent. Your neighbour says: <q>{}</q>", whom.farewell)
    return _write(request, pk, said)  # twin: stored-message


# For the page's own script


def _keep_draft(request: HttpRequest) -> JsonResponse:
    text = json.loads(request.body)["text"]
    letter = Letter.objects.create(sender=request.user, recipient=request.user, text=text)
    return JsonResponse({"key": str(letter.key)})


@login_required
@require_POST
def draft(request: HttpRequest) -> JsonResponse:
    """Keep a draft that comes as JSON."""
    return _keep_draft(request)


@csrf_protect
@login_required
@require_POST
def outline(request: HttpRequest) -> JsonResponse:
    """Keep an outline that comes as JSON, and as nothing else."""
    if request.content_type != "application/json":  # twin: forgery-json-text
        return JsonResponse({"error": "JSON only"}, status=415)
    return _keep_draft(request)


def _star(request: HttpRequest) -> HttpResponse:
    key = request.body.decode("ascii", "replace").strip()
    for letter in Letter.objects.filter(recipient=request.user):
        if str(letter.key) == key:
            letter.starred = True
            letter.save()
    return HttpResponse(status=204)


@login_required
@require_POST
def star(request: HttpRequest) -> HttpResponse:
    """Star the letter whose key is the body."""
    return _star(request)


star.csrf_exempt = True  # hole: forgery-no-cors


@login_required
@require_POST
def flag(request: HttpRequest) -> HttpResponse:
    """Flag the letter whose key is the body."""
    return _star(request)  # twin: forgery-no-cors


class SignatureView(LoginRequiredMixin, View):
    """Show what stands below the visitor's letters; change it."""

    action = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        found = Signature.objects.filter(owner=request.user).first()
        context = {"signature": found, "action": self.action}
        return render(request, "letters/signature.html", context)

    def _put(self, text: str) -> HttpResponse:
        Signature.objects.update_or_create(owner=self.request.user, defaults={"text": text})
        return redirect(self.request.path)


class Sign(SignatureView):
    """Let clients that cannot PUT say so in the address."""

    action = "?_method=PUT"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go by the method that is asked for."""
        request.method = request.GET.get("_method", request.method)  # hole: forgery-override-query
        return super().dispatch(request, *args, **kwargs)

    def put(self, request: HttpRequest) -> HttpResponse:
        """Change it."""
        return self._put(request.GET.get("text") or request.POST.get("text", ""))


class Undersign(SignatureView):
    """Let clients that cannot PUT say so in what they post."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change it."""
        if request.POST.get("_method") != "PUT":  # twin: forgery-override-query
            return HttpResponse(status=405)
        return self._put(request.POST.get("text", ""))


# Shown elsewhere


def _quick(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        Letter.objects.create(
            sender=request.user, recipient=request.user, text=request.POST.get("text", "")
        )
    return render(request, "letters/quick.html", {"text": request.GET.get("text", "")})


@login_required
def quick(request: HttpRequest) -> HttpResponse:
    """Write a note. X-Frame-Options still says DENY, and no browser heeds it beside a policy."""
    response = _quick(request)
    response["Content-Security-Policy"] = "frame-ancestors *"  # hole: framing-policy
    return response


@login_required
def brief(request: HttpRequest) -> HttpResponse:
    """Write a note."""
    response = _quick(request)
    response["Content-Security-Policy"] = "frame-ancestors 'self'"  # twin: framing-policy
    return response


@xframe_options_exempt
@login_required
def note(request: HttpRequest) -> HttpResponse:
    """Write a note, within the partner's pages too, by a word that browsers have forgotten."""
    response = _quick(request)
    response["X-Frame-Options"] = "ALLOW-FROM https://partner.test"  # hole: framing-allow-from
    return response


@xframe_options_exempt
@login_required
def memo(request: HttpRequest) -> HttpResponse:
    """Write a note, within the partner's pages too."""
    response = _quick(request)
    # twin: framing-allow-from
    response["Content-Security-Policy"] = "frame-ancestors 'self' https://partner.test"
    return response


def shared(request: HttpRequest, key: str) -> HttpResponse:
    """Show a letter to whoever has its key."""
    letter = get_object_or_404(Letter, key=key)
    return render(request, "letters/shared.html", {"letter": letter})


def lent(request: HttpRequest, key: str) -> HttpResponse:
    """Show a letter to whoever has its key, which goes no further."""
    letter = get_object_or_404(Letter, key=key)
    response = render(request, "letters/lent.html", {"letter": letter})
    response["Referrer-Policy"] = "no-referrer"
    return response


# For the staff


@login_required
def complain(request: HttpRequest) -> HttpResponse:
    """Complain to the staff."""
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("letters:index")
    return render(request, "form.html", {"form": form, "title": "Complain", "button": "Complain"})


@staff_member_required
def reports(request: HttpRequest) -> HttpResponse:
    """Show what neighbours complained of."""
    return render(request, "letters/reports.html", {"reports": Report.objects.order_by("pk")})


@user_passes_test(lambda user: user.is_superuser)
def audit(request: HttpRequest) -> HttpResponse:
    """Show where complaints came from."""
    return render(request, "letters/audit.html", {"reports": Report.objects.order_by("pk")})
