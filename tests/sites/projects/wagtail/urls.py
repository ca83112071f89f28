from __future__ import annotations

from django.conf import settings
from django.urls import re_path
from django.views.static import serve
from fresh.urls import urlpatterns as of_wagtail

urlpatterns = [
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    *of_wagtail,
]
