"""Where listings are."""

from __future__ import annotations

from django.urls import path
from django.views.generic import TemplateView

from sieve.listings import views

app_name = "listings"


def page(name: str):
    """Return a page that needs no view: its template reads the query."""
    return path(f"{name}/", TemplateView.as_view(template_name=f"listings/{name}.html"), name=name)


urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/poster/", views.poster, name="poster"),
    path("<int:pk>/like/", views.like, name="like"),
    path("<int:pk>/praise/", views.praise, name="praise"),
    path("<int:pk>/share/", views.share, name="share"),
    path("<int:pk>/permalink/", views.permalink, name="permalink"),
    path("print/<slug:slug>/", views.by_slug, name="print"),
    path("tag/<str:tag>/", views.by_tag, name="tag"),
    path("label/<str:label>/", views.by_label, name="label"),
    path("mine/", views.mine, name="mine"),
    path("liked/", views.liked, name="liked"),
    path("leave/<path:url>", views.leave, name="leave"),
    path("depart/<path:url>", views.depart, name="depart"),
    page("search"),
    page("find"),
    page("filter"),
    page("narrow"),
    page("sort"),
    page("order"),
    page("compare"),
    path("contrast/", views.contrast, name="contrast"),
    page("map"),
    page("plan"),
    page("chart"),
    page("graph"),
    page("gallery"),
    page("album"),
    page("theme"),
    path("palette/", views.palette, name="palette"),
    page("stats"),
    page("numbers"),
    path("offer/", views.offer, name="offer"),
    path("bid/", views.bid, name="bid"),
    path("posters/search/", views.poster_search, name="poster-search"),
    path("posters/find/", views.poster_find, name="poster-find"),
]
