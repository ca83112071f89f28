"""What a fresh Wagtail site can do."""

from django.contrib.auth import get_user_model
from django.test import Client, TestCase
from wagtail.models import Page


class Pages(TestCase):
    def setUp(self):
        get_user_model().objects.create_superuser("ann", "ann@example.com", "secret")
        self.client = Client(enforce_csrf_checks=True)

    def log_in(self):
        page = self.client.get("/admin/login/")
        assert page.status_code == 200
        token = self.client.cookies["csrftoken"].value
        answer = self.client.post(
            "/admin/login/?next=/admin/",
            {"username": "ann", "password": "secret", "csrfmiddlewaretoken": token},
        )
        self.assertRedirects(answer, "/admin/")

    def test_the_home_page(self):
        answer = self.client.get("/")
        self.assertContains(answer, "Welcome to your new Wagtail site!")
        assert answer["X-Frame-Options"] == "DENY"

    def test_the_admin_lets_in(self):
        self.log_in()
        self.assertContains(self.client.get("/admin/"), "Dashboard")

    def test_a_page_is_edited(self):
        self.log_in()
        home = Page.objects.get(slug="home")
        edit = f"/admin/pages/{home.pk}/edit/"
        self.assertContains(self.client.get(edit), home.title)
        answer = self.client.post(
            edit,
            {
                "title": "Another title",
                "slug": "home",
                "action-publish": "1",
                "comments-TOTAL_FORMS": "0",
                "comments-INITIAL_FORMS": "0",
                "csrfmiddlewaretoken": self.client.cookies["csrftoken"].value,
            },
        )
        assert answer.status_code == 302
        home.refresh_from_db()
        assert home.title == "Another title"

    def test_search(self):
        answer = self.client.get("/search/", {"query": "Welcome"})
        self.assertContains(answer, "<h1>Search</h1>", html=True)
