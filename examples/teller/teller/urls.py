"""Where things are at the counter."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, PasswordResetView
from django.urls import path, reverse_lazy

from teller import desk, views

app_name = "teller"

urlpatterns = [
    path("", views.account, name="account"),
    path("api/account/", views.account_api, name="account-api"),
    path("profile/", views.profile, name="profile"),
    path("wall/", views.wall, name="wall"),
    path("desk/", desk.desk, name="desk"),
    path("desk/note/", desk.note, name="note"),
    path("desk/customer.js", desk.customer_script, name="customer-script"),
    path("share/", desk.share, name="share"),
    path("letters/<uuid:key>/", desk.letter, name="letter"),
    path("pictures/", desk.pictures, name="pictures"),
    path("pictures/<int:pk>/", desk.picture, name="picture"),
    path(
        "reset/",
        PasswordResetView.as_view(
            template_name="teller/reset.html",
            email_template_name="teller/reset.txt",
            subject_template_name="teller/reset_subject.txt",
            success_url=reverse_lazy("teller:login"),
        ),
        name="reset",
    ),
    path("wall/search/", views.search, name="search"),
    path("login/", LoginView.as_view(template_name="teller/login.html"), name="login"),
]
