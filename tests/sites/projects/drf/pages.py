"""The browsable API: lists, details, forms, errors, login."""

from __future__ import annotations

from tests.sites.model import Page

HTML = {"Accept": "text/html"}
THINGS = "/api/things/"
GOOD = {"name": "new <thing> & 'x'", "maker": "1", "price": "3.50", "kind": "old", "more": "{}"}
WRONG = {"name": "", "maker": "99", "price": "<b>'\"", "where": "javascript:1", "more": "{</"}


def page(name, path, *args, **kwargs):
    return Page(name, path, *args, headers=HTML, **kwargs)


PAGES = [
    page("root", "/api/"),
    page("root of a visitor", "/api/", user=""),
    page("list", THINGS),
    page("list, last page", f"{THINGS}?page=2"),
    page("list searched", f"{THINGS}?search=%22%3E%3Cb%3E&ordering=-name"),
    page("list searched, found", f"{THINGS}?search=a&ordering=-price"),
    page("list of makers", "/api/makers/"),
    page("page that is not there", f"{THINGS}?page=99", 404),
    *(page(f"detail {i}", f"{THINGS}{i}/") for i in range(1, 7)),
    page("detail of a maker", "/api/makers/1/"),
    page("detail not found", f"{THINGS}99/", 404),
    page("action", f"{THINGS}1/inspect/"),
    page("action posted", f"{THINGS}1/inspect/", post={}),
    page("as a table", f"{THINGS}table/"),
    page("wrong", THINGS, 400, post=WRONG),
    page("right", THINGS, 201, post=GOOD),
    page("not allowed", f"{THINGS}1/", 405, post=GOOD),
    page("login", "/accounts/login/?next=/api/%27%22", user=""),
    page("login wrong", "/accounts/login/", user="", post={"username": "<'\">", "password": "x"}),
]


def log_in(tab):
    tab.user("")
    sheet = tab.visit("/api/")
    sheet.click("text=Log in")
    sheet.fill("#id_username", "keeper")
    sheet.fill("#id_password", "keeper")
    sheet.click("input[type=submit]")
    sheet.click(".navbar .dropdown-toggle")
    sheet.wait_for_selector("text=Log out >> visible=true")


def log_out(tab):
    sheet = tab.visit("/api/")
    sheet.click(".navbar .dropdown-toggle")
    sheet.click("text=Log out")
    sheet.wait_for_selector("text=Log in", timeout=5000)


def forms(tab):
    tab.context.set_extra_http_headers(HTML)
    sheet = tab.visit(THINGS)
    sheet.click("a[name=raw-tab]")
    sheet.wait_for_selector("textarea[name=_content] >> visible=true")
    sheet.click("a[name=html-tab]")
    sheet.fill("input[name=name]", "From <the> browser")
    sheet.fill("input[name=price]", "12.00")
    sheet.fill("input[name=where]", "https://example.com/")
    sheet.fill("[name=more]", "{}")
    sheet.fill("[name=code]", "code")
    sheet.select_option("select[name=maker]", "2")
    sheet.click("#post-object-form button >> nth=0")
    sheet.wait_for_selector("text=HTTP 201 Created")


def change(tab):
    tab.context.set_extra_http_headers(HTML)
    sheet = tab.visit(f"{THINGS}5/")
    sheet.fill("input[name=name]", "Renamed 'x'")
    sheet.click("button.js-tooltip:has-text('PUT') >> visible=true >> nth=0")
    sheet.wait_for_selector("text=HTTP 200 OK")
    sheet.wait_for_selector("text=Renamed")
    sheet = tab.visit(f"{THINGS}5/")
    sheet.click("button:has-text('OPTIONS')")
    sheet.wait_for_selector("text=renders")
    sheet = tab.visit(f"{THINGS}5/")
    sheet.click("button:has-text('Filters'), .btn:has-text('DELETE') >> nth=0")
    sheet.wait_for_selector("#deleteModal >> visible=true")
    sheet.wait_for_timeout(400)
    sheet.click("#deleteModal form button")
    sheet.wait_for_selector("text=HTTP 204 No Content")


def change_twice(tab):
    tab.context.set_extra_http_headers(HTML)
    sheet = tab.visit(f"{THINGS}4/")
    for name in ("Once", "Twice"):
        sheet.fill("input[name=name]", name)
        sheet.click("button.js-tooltip:has-text('PUT') >> visible=true >> nth=0")
        sheet.wait_for_selector(f".response-info >> text={name}", timeout=5000)


def filters(tab):
    tab.context.set_extra_http_headers(HTML)
    sheet = tab.visit(THINGS)
    sheet.click("button:has-text('Filters')")
    sheet.wait_for_selector("#filtersModal >> visible=true")
    sheet.wait_for_timeout(400)
    sheet.click("#filtersModal a:has-text('name') >> nth=0")
    sheet.wait_for_url("**ordering=name**")
    sheet.click(".format-selection button.dropdown-toggle")
    sheet.wait_for_selector(".format-selection .dropdown-menu >> visible=true")


ACTS = [log_in, log_out, forms, change, change_twice, filters]
