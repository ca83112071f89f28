"""Boards that show what they are asked for, each behind a policy of its own.

Where a board shows it as markup, the policy is all that stands between it and the visitor; and each
such policy has the hole that one reads of most. The careful boards mend both.
"""

from __future__ import annotations

import json
import secrets
from functools import cache

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: A number that is used once, and again.
NONCE = "bWFya2V0LW5vbmNl"

#: What a careful board says, whatever else it needs.
CAREFUL = (
    "default-src 'self'; script-src 'nonce-{nonce}'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def index(request: HttpRequest) -> HttpResponse:
    """Show the boards."""
    return render(request, "policies/index.html")


def _fresh() -> str:
    return secrets.token_urlsafe(16)


@cache
def _of_this_process() -> str:
    return secrets.token_urlsafe(16)


def _show(request: HttpRequest, name: str, policy: str, nonce: str = "") -> HttpResponse:
    context = {"nonce": nonce, "asked": request.GET.get("q", "")}
    response = render(request, f"policies/{name}.html", context)
    response["Content-Security-Policy"] = policy.format(nonce=nonce)
    return response


def chalk(request: HttpRequest) -> HttpResponse:
    """Show a board whose scripts bear a nonce."""
    policy = "script-src 'nonce-{nonce}'; object-src 'none'; base-uri 'none'"
    return _show(request, "chalk", policy, NONCE)  # hole: csp-constant-nonce


def slate(request: HttpRequest) -> HttpResponse:
    """Show a board whose scripts bear a nonce."""
    return _show(request, "slate", CAREFUL, _fresh())  # twin: csp-constant-nonce


def cork(request: HttpRequest) -> HttpResponse:
    """Show a board whose scripts bear a nonce that costs little to make."""
    policy = "script-src 'nonce-{nonce}'; object-src 'none'; base-uri 'none'"
    return _show(request, "chalk", policy, _of_this_process())  # hole: csp-reused-nonce


def felt(request: HttpRequest) -> HttpResponse:
    """Show a board whose scripts bear a nonce that costs no more."""
    return _show(request, "slate", CAREFUL, _fresh())  # twin: csp-reused-nonce


def words(request: HttpRequest) -> HttpResponse:
    """Show a board whose scripts are the market's."""
    policy = "script-src 'self'; object-src 'none'; base-uri 'none'"
    return _show(request, "words", policy)


def words_js(request: HttpRequest) -> HttpResponse:
    """Answer words within a call."""
    script = f"{request.GET.get('callback', 'show')}({json.dumps(['milk', 'eggs'])});"
    return HttpResponse(script, content_type="text/javascript")  # hole: csp-jsonp


def terms(request: HttpRequest) -> HttpResponse:
    """Show a board whose scripts are the market's."""
    return _show(request, "terms", CAREFUL.replace("'nonce-{nonce}'", "'self'"))


def terms_js(_request: HttpRequest) -> HttpResponse:
    """Answer words to the one function that asks for them, whatever call is asked for."""
    script = f"show({json.dumps(['milk', 'eggs'])});"
    return HttpResponse(script, content_type="text/javascript")  # twin: csp-jsonp


def desk(request: HttpRequest) -> HttpResponse:
    """Show a board whose script stands at an address relative to the page's."""
    policy = "script-src 'nonce-{nonce}'; object-src 'none'"  # hole: csp-base
    return _show(request, "desk", policy, _fresh())


def table(request: HttpRequest) -> HttpResponse:
    """Show a board whose script stands at an address relative to the page's."""
    return _show(request, "table", CAREFUL, _fresh())  # twin: csp-base


@login_required
def ticket(request: HttpRequest) -> HttpResponse:
    """Show the visitor's ticket: no script runs, and pictures come from anywhere."""
    # hole: csp-dangling
    policy = "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'"
    return _show(request, "ticket", policy)


@login_required
def stub(request: HttpRequest) -> HttpResponse:
    """Show the visitor's ticket: no script runs, and pictures come from the market."""
    # twin: csp-dangling
    return _show(request, "stub", "default-src 'self'; base-uri 'none'; form-action 'self'")


@login_required
def pledge(request: HttpRequest) -> HttpResponse:
    """Show a form: no script runs, and forms go anywhere."""
    policy = "default-src 'self'; script-src 'none'; base-uri 'none'"  # hole: csp-form-action
    return _show(request, "pledge", policy)


@login_required
def promise(request: HttpRequest) -> HttpResponse:
    """Show a form: no script runs, and forms go to the market."""
    return _show(request, "promise", CAREFUL, _fresh())  # twin: csp-form-action


def lamp(request: HttpRequest) -> HttpResponse:
    """Show a board whose script loads what the page names."""
    policy = "script-src 'nonce-{nonce}' 'strict-dynamic'; object-src 'none'; base-uri 'none'"
    return _show(request, "lamp", policy, _fresh())


def lantern(request: HttpRequest) -> HttpResponse:
    """Show a board whose script loads what it knows by name."""
    policy = CAREFUL.replace("; object", " 'strict-dynamic'; object")
    return _show(request, "lantern", policy, _fresh())


def sketch(request: HttpRequest) -> HttpResponse:
    """Show a board whose policy is tried out, since last year."""
    policy = "script-src 'nonce-{nonce}'; object-src 'none'; base-uri 'none'"
    nonce = _fresh()
    response = _show(request, "chalk", policy, nonce)
    # hole: csp-report-only
    response["Content-Security-Policy-Report-Only"] = response["Content-Security-Policy"]
    del response["Content-Security-Policy"]
    return response


def drawing(request: HttpRequest) -> HttpResponse:
    """Show a board whose policy holds, and is tried out too."""
    response = _show(request, "slate", CAREFUL, _fresh())
    # twin: csp-report-only
    response["Content-Security-Policy-Report-Only"] = response["Content-Security-Policy"]
    return response


def fence(request: HttpRequest) -> HttpResponse:
    """Show a board whose scripts come over https."""
    policy = "script-src https: data:; object-src 'none'; base-uri 'none'"  # hole: csp-schemes
    return _show(request, "words", policy)


def hedge(request: HttpRequest) -> HttpResponse:
    """Show a board whose scripts come from the market."""
    return _show(
        request, "terms", CAREFUL.replace("'nonce-{nonce}'", "'self'")
    )  # twin: csp-schemes
