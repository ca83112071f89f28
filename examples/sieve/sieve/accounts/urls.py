"""Where accounts are."""

from __future__ import annotations

from django.urls import path

from sieve.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.profile, name="profile"),
    path("<int:pk>/follow/", views.follow, name="follow"),
    path("<int:pk>/watch/", views.watch, name="watch"),
    path("kiosk/", views.kiosk, name="kiosk"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("enter/", views.enter, name="enter"),
    path("come-in/", views.come_in, name="come-in"),
    path("leave/", views.leave, name="leave"),
    path("go/", views.go, name="go"),
    path("reset/", views.Reset.as_view(), name="reset"),
    path("recover/", views.Recover.as_view(), name="recover"),
    path("remember/", views.remember, name="remember"),
    path("recall/", views.recall, name="recall"),
    path("till/", views.till, name="till"),
    path("counter/", views.counter, name="counter"),
    path("phone/", views.phone, name="phone"),
    path("street/", views.street, name="street"),
    path("picture/", views.Picture.as_view(), name="picture"),
    path("portrait/", views.Portrait.as_view(), name="portrait"),
    path("notify/", views.notify, name="notify"),
    path("notices/", views.notices, name="notices"),
    path("close/", views.close, name="close"),
    path("shut/", views.shut, name="shut"),
    path("bank/", views.bank, name="bank"),
    path("purse/", views.purse, name="purse"),
    path("statement/", views.statement, name="statement"),
    path("balance/", views.balance, name="balance"),
]
