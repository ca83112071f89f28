from __future__ import annotations

from debug_toolbar.toolbar import debug_toolbar_urls
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

TITLE = 'Tom & Jerry\'s "Great" <Escape>'


def always(request):
    return True


def page(request):
    cache.set("key & <x>", TITLE)
    cache.get("key & <x>")
    request.session["seen"] = TITLE
    return render(request, "page.html", {"title": TITLE, "users": User.objects.all()})


def away(request):
    return HttpResponseRedirect("/?a=<b>&c='")


urlpatterns = [path("", page), path("away/", away), *debug_toolbar_urls()]
