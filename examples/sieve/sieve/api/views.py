"""What scripts ask."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sieve.accounts.models import Profile
from sieve.api import cors

if TYPE_CHECKING:
    from collections.abc import Callable

#: Who may read what: the name below /api/me/, and its rule.
READERS = {
    "account": cors.anybody,
    "balance": cors.partners,
    "orders": cors.or_null,
    "bills": cors.not_null,
    "address": cors.by_name,
    "parcels": cors.by_origin,
    "wishes": cors.by_suffix,
    "wants": cors.by_label,
    "sales": cors.by_prefix,
    "gains": cors.by_all,
    "notes": cors.siblings,
    "marks": cors.one_sibling,
}


def _own(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    return {"name": user.get_username(), "email": user.email, "iban": user.profile.iban}


def index(request: HttpRequest) -> HttpResponse:
    """Show what there is to ask."""
    return render(request, "api/index.html", {"readers": READERS})


def reader(rule: Callable[[str, str], bool]) -> Callable[..., HttpResponse]:
    """Return a view of the visitor's own data, which ``rule`` opens to others."""

    @cors.grants(rule)
    @login_required
    def view(request: HttpRequest) -> HttpResponse:
        return JsonResponse(_own(request))

    return view


# For pages of before there was CORS


@login_required
def me_js(request: HttpRequest) -> HttpResponse:
    """Answer a script that says who is there."""
    script = f"window.marketVisitor = {json.dumps(_own(request))};"
    return HttpResponse(script, content_type="text/javascript")  # hole: xssi-script


@login_required
def who_js(_request: HttpRequest) -> HttpResponse:
    """Answer a script that asks who is there: whoever may not ask is told nothing."""
    script = (
        'fetch("/api/me/balance/").then((a) => a.json()).then((me) => { window.visitor = me; });'
    )
    return HttpResponse(script, content_type="text/javascript")  # twin: xssi-script


@login_required
def jsonp(request: HttpRequest) -> HttpResponse:
    """Answer JSON within a call."""
    callback = request.GET.get("callback", "")
    if not callback.isidentifier():
        return JsonResponse(_own(request))
    script = f"{callback}({json.dumps(_own(request))});"
    return HttpResponse(script, content_type="text/javascript")  # hole: xssi-jsonp


@login_required
def plain(request: HttpRequest) -> HttpResponse:
    """Answer JSON, whatever call is asked for."""
    response = JsonResponse(_own(request))  # twin: xssi-jsonp
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
def feed_js(request: HttpRequest) -> HttpResponse:
    """Answer a list to the function that the page has for it."""
    script = f"onMarketFeed([{json.dumps(_own(request))}]);"
    return HttpResponse(script, content_type="text/javascript")  # hole: xssi-array


@login_required
def feed(request: HttpRequest) -> HttpResponse:
    """Answer a list that no script can be."""
    text = ")]}',\n" + json.dumps([_own(request)])
    response = HttpResponse(text, content_type="application/json")  # twin: xssi-array
    response["X-Content-Type-Options"] = "nosniff"
    return response


def suggest(request: HttpRequest) -> HttpResponse:
    """Suggest words."""
    text = json.dumps({"asked": request.GET.get("q", ""), "words": []})
    return HttpResponse(text)  # hole: reflected-json


def complete(request: HttpRequest) -> HttpResponse:
    """Complete words."""
    response = JsonResponse({"asked": request.GET.get("q", ""), "words": []})
    response["X-Content-Type-Options"] = "nosniff"
    return response  # twin: reflected-json


# What changes something


def _save(request: HttpRequest, **changes: str) -> HttpResponse:
    Profile.objects.filter(owner=request.user).update(**changes)
    return JsonResponse({"saved": sorted(changes)})


@login_required
@require_POST
def legacy_phone(request: HttpRequest) -> HttpResponse:
    """Change the telephone number, from the old phone app."""
    return _save(request, phone=request.POST.get("phone", ""))


@login_required
@require_POST
def modern_phone(request: HttpRequest) -> HttpResponse:
    """Change the telephone number, from the new phone app."""
    return _save(request, phone=request.POST.get("phone", ""))  # twin: forgery-unenforced


@csrf_exempt
def number(request: HttpRequest) -> HttpResponse:
    """Show the visitor's telephone number; change it where a client says that it PUTs.

    The header that says so cannot be sent by others' pages unless they are told that they may.
    """
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        # hole: forgery-override-header
        response["Access-Control-Allow-Headers"] = "X-HTTP-Method-Override, X-Phone"
        return cors.granted(request, response, cors.anybody)
    if not request.user.is_authenticated:
        return JsonResponse({"error": "log in"}, status=403)
    if request.headers.get("X-HTTP-Method-Override", "").upper() == "PUT":
        return _save(request, phone=request.headers.get("X-Phone", ""))
    return JsonResponse({"phone": request.user.profile.phone})


@login_required
def digits(request: HttpRequest) -> HttpResponse:
    """Show the visitor's telephone number; change it by a POST that says that it is a PUT."""
    overridden = request.headers.get("X-HTTP-Method-Override", "").upper() == "PUT"
    if request.method == "POST" and overridden:  # twin: forgery-override-header
        return _save(request, phone=request.headers.get("X-Phone", ""))
    return JsonResponse({"phone": request.user.profile.phone})
