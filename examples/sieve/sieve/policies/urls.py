"""Where the boards are."""

from __future__ import annotations

from django.urls import path

from sieve.policies import views

app_name = "policies"

BOARDS = (
    *(views.chalk, views.slate, views.cork, views.felt, views.words, views.terms, views.desk),
    *(views.table, views.ticket, views.stub, views.pledge, views.promise, views.lamp),
    *(views.lantern, views.sketch, views.drawing, views.fence, views.hedge),
)

urlpatterns = [
    path("", views.index, name="index"),
    path("words.js", views.words_js, name="words-js"),
    path("terms.js", views.terms_js, name="terms-js"),
    *(path(f"{board.__name__}/", board, name=board.__name__) for board in BOARDS),
]
