"""What the example promises its customers, whatever stands before it."""

from django.contrib.auth import get_user_model
from django.test import Client, TestCase
from django.urls import reverse
from teller.models import Account, Profile


class Counter(TestCase):
    def setUp(self):
        self.user = get_user_model().objects.create_user("ann", "ann@example.com", "secret")
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(self.user)

    def token(self, page):
        self.assertContains(self.client.get(page), "csrfmiddlewaretoken")
        return self.client.cookies["csrftoken"].value

    def test_statements_can_be_sent_elsewhere(self):
        page = reverse("teller:account")
        answer = self.client.post(
            page, {"statements_to": "new@example.com", "csrfmiddlewaretoken": self.token(page)}
        )
        self.assertRedirects(answer, page)
        assert Account.objects.get().statements_to == "new@example.com"

    def test_nobody_else_can_send_them_elsewhere(self):
        answer = self.client.post(
            reverse("teller:account"),
            {"statements_to": "eve@example.com"},
            headers={"sec-fetch-site": "cross-site", "origin": "https://attacker.example"},
        )
        assert answer.status_code == 403
        assert not Account.objects.filter(statements_to="eve@example.com").exists()

    def test_a_profile_is_shown(self):
        Profile.objects.create(owner=self.user, nickname="Ann B", website="https://ann.example/")
        answer = self.client.get(reverse("teller:profile"))
        self.assertContains(answer, '<a href="https://ann.example/">https://ann.example/</a>')
        self.assertContains(answer, "called Ann B</h1>")
        assert answer["X-Frame-Options"] == "DENY"

    def test_visitors_have_to_log_in(self):
        page = reverse("teller:wall")
        answer = Client().get(page)
        self.assertRedirects(answer, f"{reverse('teller:login')}?next={page}")
