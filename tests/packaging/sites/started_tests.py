"""What a fresh project can do: show the admin's log-in page, and let people in."""

from django.contrib.auth import get_user_model
from django.test import Client, TestCase


class Admin(TestCase):
    def setUp(self):
        get_user_model().objects.create_superuser("ann", "ann@example.com", "secret")
        self.client = Client(enforce_csrf_checks=True)
        self.page = self.client.get("/admin/login/")
        self.fields = {"username": "ann", "password": "secret"}

    def test_the_page_is_there(self):
        assert self.page.status_code == 200
        assert self.page["X-Frame-Options"] == "DENY"
        assert self.page["X-Content-Type-Options"] == "nosniff"
        assert self.page["Referrer-Policy"] == "same-origin"
        assert self.page["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_it_lets_in(self):
        token = self.client.cookies["csrftoken"].value
        answer = self.client.post(
            "/admin/login/?next=/admin/", self.fields | {"csrfmiddlewaretoken": token}
        )
        self.assertRedirects(answer, "/admin/")
        self.assertContains(self.client.get("/admin/auth/user/"), "ann@example.com")

    def test_it_takes_no_forged_form(self):
        answer = self.client.post("/admin/login/", self.fields)
        assert answer.status_code == 403
