"""What the site promises, by whatever middleware."""

import re

from django.test import Client, TestCase

APP = "https://app.example.com"
OTHER = "https://attacker.example"


class Promises(TestCase):
    def setUp(self):
        self.client = Client(enforce_csrf_checks=True, headers={"host": "shop.example.com"})

    def test_the_app_may_read(self):
        answer = self.client.get("/api/things/", headers={"origin": APP})
        assert answer["Access-Control-Allow-Origin"] == APP
        assert answer["Access-Control-Allow-Credentials"] == "true"
        assert "origin" in answer["Vary"].lower()

    def test_nobody_else_may(self):
        answer = self.client.get("/api/things/", headers={"origin": OTHER})
        assert "Access-Control-Allow-Origin" not in answer

    def test_the_app_may_ask_first(self):
        answer = self.client.options(
            "/api/things/", headers={"origin": APP, "access-control-request-method": "PUT"}
        )
        assert answer.status_code in (200, 204)
        assert "PUT" in answer["Access-Control-Allow-Methods"]

    def test_headers(self):
        answer = self.client.get("/")
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Permissions-Policy"] == "camera=()"
        assert answer["X-Seen"] == "yes"

    def test_a_script_of_the_pages_own_has_the_nonce(self):
        answer = self.client.get("/")
        self.assertContains(answer, "O&#x27;Neill &amp; &lt;Co&gt;", count=2)
        nonce = re.search(r'<script nonce="([^"]+)">', answer.text)[1]
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert f"'nonce-{nonce}'" in policy
        other = self.client.get("/other/")
        self.assertContains(other, "<p>O&#39;Neill &amp; &lt;Co&gt;</p>", html=True)

    def test_forms_are_taken_with_the_token_only(self):
        self.client.get("/")
        token = self.client.cookies["csrftoken"].value
        assert self.client.post("/").status_code == 403
        answer = self.client.post("/", {"csrfmiddlewaretoken": token})
        self.assertContains(answer, "sent")
