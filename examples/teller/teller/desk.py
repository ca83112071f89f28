"""The desk behind the counter: what else a site has that other sites would like to use.

Nothing here is a hole while the rings stand; each is one where its ring is off.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from teller.models import Comment, Letter, Picture

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk; wave, by a button that needs nothing else."""
    if request.method == "POST":
        Comment.objects.create(author=request.user.get_username(), text="waves")
        return redirect("teller:desk")
    letter, _ = Letter.objects.get_or_create(owner=request.user)
    return render(request, "teller/desk.html", {"letter": letter})


@login_required
@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """Keep a note that the desk's script sends as JSON."""
    text = str(json.loads(request.body).get("text", ""))[:200]
    Comment.objects.create(author=request.user.get_username(), text=text)
    return JsonResponse({"kept": text})


@login_required
def customer_script(request: HttpRequest) -> HttpResponse:
    """Answer who is logged in as a script."""
    told = json.dumps({"name": request.user.get_username()})
    return HttpResponse(f"var customer = {told};", content_type="text/javascript")


def share(request: HttpRequest) -> HttpResponse:
    """Show the address to hand on."""
    return render(request, "teller/share.html", {"address": request.build_absolute_uri("/")})


def letter(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show a letter to whoever knows its address."""
    found = get_object_or_404(Letter, key=key)
    return render(request, "teller/letter.html", {"letter": found})


@login_required
def pictures(request: HttpRequest) -> HttpResponse:
    """Take a picture, and list those there are."""
    if request.method == "POST" and "file" in request.FILES:
        Picture.objects.create(owner=request.user, file=request.FILES["file"])
        return redirect("teller:pictures")
    return render(request, "teller/pictures.html", {"pictures": Picture.objects.all()[:20]})


def picture(_request: HttpRequest, pk: int) -> FileResponse:
    """Serve a picture as what its name says that it is."""
    return FileResponse(get_object_or_404(Picture, pk=pk).file)
