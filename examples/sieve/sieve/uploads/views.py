"""Files: taken, listed, and served again in several ways."""

from __future__ import annotations

import mimetypes

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from sieve.uploads.forms import UploadForm
from sieve.uploads.models import Upload

#: What is a picture, and no document in which scripts run.
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


def index(request: HttpRequest) -> HttpResponse:
    """Show what neighbours left."""
    return render(request, "uploads/index.html", {"uploads": Upload.objects.order_by("pk")})


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Take a file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        Upload.objects.create(
            owner=request.user,
            title=form.cleaned_data["title"],
            name=file.name,
            content_type=file.content_type,
            content=file.read(),
        )
        return redirect("uploads:index")
    context = {"form": form, "title": "Leave a file", "enctype": "multipart/form-data"}
    return render(request, "form.html", context)


def _attachment(upload: Upload) -> HttpResponse:
    """Return the file for download: no browser shows it, whatever it is."""
    response = HttpResponse(bytes(upload.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="upload-{upload.pk}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


def file(_request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a file as the type that its owner's browser gave it."""
    upload = get_object_or_404(Upload, pk=pk)
    return HttpResponse(
        bytes(upload.content),
        content_type=upload.content_type,  # hole: upload-html
    )


def document(_request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a file for download."""
    return _attachment(get_object_or_404(Upload, pk=pk))  # twin: upload-html


def picture(_request: HttpRequest, key: str) -> HttpResponse:
    """Serve a picture, by its name."""
    upload = get_object_or_404(Upload, key=key)
    kind = mimetypes.guess_type(upload.name)[0] or ""
    if not kind.startswith("image/"):  # hole: upload-svg
        raise Http404
    return HttpResponse(bytes(upload.content), content_type=kind)


def photo(_request: HttpRequest, key: str) -> HttpResponse:
    """Serve a picture, by its name, if no scripts run in pictures of that kind."""
    upload = get_object_or_404(Upload, key=key)
    kind = mimetypes.guess_type(upload.name)[0] or ""
    if kind not in PICTURES:  # twin: upload-svg
        return _attachment(upload)
    response = HttpResponse(bytes(upload.content), content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def raw(_request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a file and leave its type to the browser."""
    response = HttpResponse(bytes(get_object_or_404(Upload, pk=pk).content))
    del response["Content-Type"]  # hole: upload-sniffed
    return response


def blob(_request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a file as bytes."""
    return _attachment(get_object_or_404(Upload, pk=pk))  # twin: upload-sniffed
