"""Two pages, and something for the app on the telephone."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path


def page(request):
    """Show a form, or what was sent with it."""
    if request.method == "POST":
        return HttpResponse("sent")
    return render(request, "shop/page.html", {"name": "O'Neill & <Co>"})


def other(request):
    """Show a page of the other engine."""
    return render(request, "shop/other.html", {"name": "O'Neill & <Co>"}, using="jinja2")


def things(request):
    """Answer as JSON."""
    return JsonResponse({"things": []})


urlpatterns = [path("", page), path("other/", other), path("api/things/", things)]
