"""The suite's own pages: only the admin. A test with views of its own brings its URLconf."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
