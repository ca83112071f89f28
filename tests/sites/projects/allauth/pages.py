"""Login, sign-up, passwords, addresses, connections and sessions."""

from __future__ import annotations

from tests.sites.model import Page

A = "/accounts/"
NEXT = "?next=/accounts/email/%3Fa%3D%27%22%3E%26b"
NEW = {
    "username": "fresh",
    "email": "fresh@example.com",
    "password1": "quite-long-1",
    "password2": "quite-long-1",
}

PAGES = [
    Page("login", f"{A}login/{NEXT}", user=""),
    Page("login wrong", f"{A}login/", user="", post={"login": "<'\">&", "password": "x"}),
    Page("login by code", f"{A}login/code/", user=""),
    Page("sign-up", f"{A}signup/{NEXT}", user=""),
    Page("sign-up wrong", f"{A}signup/", user="", post={**NEW, "email": "<b>'", "username": '"<'}),
    Page("sign-up in Hebrew", f"{A}signup/", user="", headers={"Accept-Language": "he"}),
    Page("password reset", f"{A}password/reset/", user=""),
    Page("password reset wrong", f"{A}password/reset/", user="", post={"email": "'\"<"}),
    Page(
        "password reset sent",
        f"{A}password/reset/",
        302,
        user="",
        post={"email": "keeper@example.com"},
    ),
    Page("password reset done", f"{A}password/reset/done/", user=""),
    Page("password reset key", f"{A}password/reset/key/1-abc/", user=""),
    Page("confirm an address", f"{A}confirm-email/nothing/", user=""),
    Page("verification sent", f"{A}confirm-email/", user=""),
    Page("inactive", f"{A}inactive/", user=""),
    Page("login of a provider", f"{A}dummy/login/?process=login", user=""),
    Page("cancelled", f"{A}3rdparty/login/cancelled/", user=""),
    Page("provider failed", f"{A}3rdparty/login/error/", 401, user=""),
    Page("login needed", f"{A}email/", 302, user=""),
    Page("addresses", f"{A}email/"),
    Page("addresses of a guest", f"{A}email/", user="o'hara&<b>", browse=False),
    Page("addresses wrong", f"{A}email/", post={"action_add": "", "email": "<'\">"}),
    Page(
        "address added", f"{A}email/", 302, post={"action_add": "", "email": "new+tag@example.com"}
    ),
    Page("address added, told", f"{A}email/"),
    Page("password change", f"{A}password/change/"),
    Page("password change wrong", f"{A}password/change/", post={"oldpassword": "'\""}),
    Page("connections", f"{A}3rdparty/"),
    Page("sessions", f"{A}sessions/"),
    Page("reauthenticate", f"{A}reauthenticate/"),
    Page("logout", f"{A}logout/"),
    Page("logout of a guest", f"{A}logout/", user="o'hara&<b>", browse=False),
    Page("signed up", f"{A}signup/", 302, user="", post=NEW),
]


def sign_up(tab):
    tab.user("")
    sheet = tab.visit(f"{A}signup/")
    for name, value in {**NEW, "username": "browsing", "email": "b@example.com"}.items():
        sheet.fill(f"input[name={name}]", value)
    sheet.click("form[action*=signup] button")
    sheet.wait_for_url("**/accounts/email/")


def log_in(tab):
    tab.user("")
    sheet = tab.visit(f"{A}login/")
    sheet.fill("input[name=login]", "keeper")
    sheet.fill("input[name=password]", "keeper-of-keys")
    sheet.click("form[action*='/login/'] button >> nth=0")
    sheet.wait_for_url("**/accounts/email/")
    sheet.click("text=Sign Out")
    sheet.click("form[action*=logout] button")
    sheet.wait_for_function("() => !location.pathname.includes('email')")


def addresses(tab):
    sheet = tab.visit(f"{A}email/")
    sheet.fill("input[name=email][type=email]", "another@example.com")
    sheet.click("button[name=action_add]")
    sheet.wait_for_selector("text=another@example.com >> nth=0")
    sheet.check("input[name=email][value='another@example.com']")
    # The page's own script asks before an address is removed.
    asked = []
    sheet.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    sheet.click("button[name=action_remove]")
    sheet.wait_for_function(
        "() => !document.body.innerText.includes('another@example.com') || "
        "document.body.innerText.includes('Removed')"
    )
    assert asked


def third_party(tab):
    tab.user("")
    sheet = tab.visit(f"{A}login/")
    sheet.click("text=Dummy")
    sheet.wait_for_selector("form")


ACTS = [sign_up, log_in, addresses, third_party]
