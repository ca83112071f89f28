"""Where the newsletter is."""

from __future__ import annotations

from django.urls import path

from sieve.newsletter import views

app_name = "newsletter"

urlpatterns = [
    path("", views.index, name="index"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("enrol/", views.enrol, name="enrol"),
    path("join/", views.join, name="join"),
    path("enlist/", views.enlist, name="enlist"),
    path("go/", views.go, name="go"),
    path("on/", views.on, name="on"),
    path("further/", views.further, name="further"),
    path("farther/", views.farther, name="farther"),
]
