"""Where uploads are."""

from __future__ import annotations

from django.urls import path

from sieve.uploads import views

app_name = "uploads"

urlpatterns = [
    path("", views.index, name="index"),
    path("add/", views.add, name="add"),
    path("file/<int:pk>/", views.file, name="file"),
    path("document/<int:pk>/", views.document, name="document"),
    path("picture/<uuid:key>/", views.picture, name="picture"),
    path("photo/<uuid:key>/", views.photo, name="photo"),
    path("raw/<int:pk>/", views.raw, name="raw"),
    path("blob/<int:pk>/", views.blob, name="blob"),
]
