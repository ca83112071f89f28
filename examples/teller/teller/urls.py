"""Where things are at the counter."""

from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.urls import path

from teller import views

app_name = "teller"

urlpatterns = [
    path("", views.account, name="account"),
    path("api/account/", views.account_api, name="account-api"),
    path("profile/", views.profile, name="profile"),
    path("wall/", views.wall, name="wall"),
    path("login/", LoginView.as_view(template_name="teller/login.html"), name="login"),
]
