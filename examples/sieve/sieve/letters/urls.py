"""Where letters are."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from sieve.letters import views

app_name = "letters"

urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:key>/", views.read, name="read"),
    path("shared/<uuid:key>/", views.shared, name="shared"),
    path("lent/<uuid:key>/", views.lent, name="lent"),
    path("write/<int:pk>/", views.write, name="write"),
    path("compose/<int:pk>/", views.compose, name="compose"),
    path("draft/", csrf_exempt(views.draft), name="draft"),  # hole: forgery-json-text
    path("outline/", views.outline, name="outline"),
    path("star/", views.star, name="star"),
    path("flag/", views.flag, name="flag"),
    path("sign/", views.Sign.as_view(), name="sign"),
    path("undersign/", views.Undersign.as_view(), name="undersign"),
    path("quick/", views.quick, name="quick"),
    path("brief/", views.brief, name="brief"),
    path("note/", views.note, name="note"),
    path("memo/", views.memo, name="memo"),
    path("complain/", views.complain, name="complain"),
    path("reports/", views.reports, name="reports"),
    path("reports/audit/", views.audit, name="audit"),
]
