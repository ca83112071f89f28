"""Every type of page that the admin has, and every widget in use."""

from __future__ import annotations

from tests.sites.model import Page
from tests.sites.projects.admin.data import NAMES

BOOKS = "/admin/library/book/"

FORM = {
    "title": "New <b>\"book\"</b> & 'more'",
    "slug": "new-book",
    "author": "1",
    "publisher": "1",
    "shelf": "1",
    "state": "draft",
    "published": "2024-05-06",
    "arrived_0": "2024-05-06",
    "arrived_1": "10:11:12",
    "opens": "08:00",
    "extra": '{"a": "</script>"}',
    "copy_set-TOTAL_FORMS": "1",
    "copy_set-INITIAL_FORMS": "0",
    "copy_set-0-number": "7",
    "review_set-TOTAL_FORMS": "0",
    "review_set-INITIAL_FORMS": "0",
}

WRONG = {**FORM, "slug": "not a slug <>", "author": "99", "published": "'\"><x>", "extra": "{</"}

DOCS = [
    ("index", ""),
    ("bookmarklets", "bookmarklets/"),
    ("tags", "tags/"),
    ("filters", "filters/"),
    ("views", "views/"),
    ("view", "views/django.contrib.admin.sites.AdminSite.index/"),
    ("models", "models/"),
    ("model", "models/library.book/"),
    ("template", "templates/admin/base.html/"),
]

PAGES = [
    Page("login", "/admin/login/?next=/admin/library/%27%22", user=""),
    Page("login wrong", "/admin/login/", user="", post={"username": "<'\">", "password": "x"}),
    Page("login needed", BOOKS, 302, user=""),
    Page("login rtl", "/admin/login/", user="", headers={"Accept-Language": "ar"}),
    Page("index", "/admin/"),
    Page("index of a guest", "/admin/", user="guest"),
    Page("app index", "/admin/library/"),
    Page("not found", "/admin/library/nothing/", 404),
    Page("no such object", f"{BOOKS}99999/change/", 302),
    Page("change list", BOOKS),
    Page("change list of a guest", BOOKS, user="guest"),
    Page("change list second page", f"{BOOKS}?p=2"),
    Page("change list all", f"{BOOKS}?all="),
    Page("change list filtered", f"{BOOKS}?state__exact=out&lent__exact=1"),
    Page("change list facets", f"{BOOKS}?_facets=True"),
    Page("change list searched", f"{BOOKS}?q=%22%3E%3Cb%3E%27&o=1.-2"),
    Page("change list searched, found", f"{BOOKS}?q=a&o=1.-2"),
    Page("change list by year", f"{BOOKS}?published__year=2020"),
    Page("change list by month", f"{BOOKS}?published__year=2020&published__month=1"),
    Page("change list popup", f"{BOOKS}?_to_field=id&_popup=1"),
    Page("change list rtl", BOOKS, headers={"Accept-Language": "ar"}),
    Page("change list German", BOOKS, headers={"Accept-Language": "de"}),
    Page("change list of authors", "/admin/library/author/"),
    Page("change list of users", "/admin/auth/user/"),
    Page("change list of nothing", "/admin/sites/site/?q=nothing"),
    Page("add", f"{BOOKS}add/"),
    Page("add filled", f"{BOOKS}add/?title=%22%3E%3Cscript%3E&tags=1,2"),
    Page("add popup", "/admin/library/author/add/?_to_field=id&_popup=1"),
    Page("add user", "/admin/auth/user/add/"),
    Page("add rtl", f"{BOOKS}add/", headers={"Accept-Language": "he"}),
    Page("add wrong", f"{BOOKS}add/", post=WRONG),
    Page(
        "popup answer",
        "/admin/library/tag/add/?_popup=1",
        post={"name": NAMES[0] + "</script>", "slug": "fresh", "_popup": "1"},
    ),
    Page(
        "popup answer of a change",
        "/admin/library/tag/1/change/?_popup=1",
        post={"name": NAMES[1] + "</script>", "slug": "tag-0", "_popup": "1"},
    ),
    *(Page(f"change {i}", f"{BOOKS}{i}/change/") for i in range(1, len(NAMES) + 1)),
    Page("change rtl", f"{BOOKS}1/change/", headers={"Accept-Language": "ar"}),
    Page("change German", f"{BOOKS}2/change/", headers={"Accept-Language": "de"}),
    Page("view only", f"{BOOKS}1/change/", user="guest"),
    Page("change popup", "/admin/library/tag/2/change/?_to_field=id&_popup=1"),
    Page("change wrong", f"{BOOKS}2/change/", post=WRONG),
    Page("change user", "/admin/auth/user/1/change/"),
    Page("change group", "/admin/auth/group/1/change/"),
    Page("history", f"{BOOKS}1/history/"),
    Page("delete", f"{BOOKS}1/delete/"),
    Page("delete protected", "/admin/library/shelf/1/delete/"),
    Page("delete popup", "/admin/library/tag/2/delete/?_to_field=id&_popup=1"),
    Page(
        "delete selected",
        BOOKS,
        post={"action": "delete_selected", "_selected_action": ["1", "2", "3"]},
    ),
    Page("forbidden", f"{BOOKS}1/delete/", 403, user="guest"),
    Page("password change", "/admin/password_change/"),
    Page(
        "password change wrong",
        "/admin/password_change/",
        post={"old_password": "x", "new_password1": "1", "new_password2": "2"},
    ),
    Page("password of a user", "/admin/auth/user/2/password/"),
    Page("password change done", "/admin/password_change/done/"),
    Page(
        "autocomplete", "/admin/autocomplete/?app_label=library&model_name=book&field_name=author"
    ),
    Page("jsi18n", "/admin/jsi18n/", browse=False),
    Page("catalogue of messages", "/admin/jsi18n.js", browse=False),
    Page(
        "catalogue in Arabic", "/admin/jsi18n.js", browse=False, headers={"Accept-Language": "ar"}
    ),
    *(
        Page(f"docs {name}", f"/admin/doc/{path}", compared=name != "filters")
        for name, path in DOCS
    ),
    Page("added", f"{BOOKS}add/", 302, post=FORM),
    Page("added, told", BOOKS),
    Page("action done", BOOKS, 302, post={"action": "lend", "_selected_action": ["1", "2"]}),
    Page("action done, told", BOOKS),
    Page("deleted", "/admin/library/tag/8/delete/", 302, post={"post": "yes"}),
    Page("deleted, told", "/admin/library/tag/"),
    Page("logged out", "/admin/logout/", post={}),
]


def log_in_and_out(tab):
    tab.user("")
    sheet = tab.visit("/admin/login/")
    sheet.fill("#id_username", "keeper")
    sheet.fill("#id_password", "keeper")
    sheet.click("input[type=submit]")
    sheet.wait_for_selector("#logout-form")
    sheet.click("button.theme-toggle >> visible=true >> nth=0")
    sheet.click("#logout-form button")
    sheet.wait_for_url("**/logout/")


def change_list(tab):
    sheet = tab.visit(BOOKS)
    sheet.check("#action-toggle")
    sheet.wait_for_selector("tr.selected")
    assert "5 of 5" in sheet.inner_text(".action-counter >> visible=true >> nth=0")
    sheet.fill("#nav-filter", "Auth")
    sheet.click("#toggle-nav-sidebar")
    sheet.select_option("select[name=action] >> nth=0", "lend")
    sheet.click("button[name=index] >> nth=0")
    sheet.wait_for_selector("li.success")
    sheet.uncheck("#id_form-0-lent")
    sheet.click("input[name=_save]")
    sheet.wait_for_selector("li.success")
    sheet.fill("#searchbar", "plain")
    sheet.click("#changelist-search input[type=submit]")
    sheet.wait_for_selector("#result_list")


def pickers(tab):
    sheet = tab.visit(f"{BOOKS}add/")
    sheet.click(".field-published [id^=calendarlink]")
    sheet.wait_for_selector(".calendarbox >> visible=true")
    sheet.click(".calendarbox >> visible=true >> .calendarnav-next")
    sheet.click(".calendarbox >> visible=true >> text=15")
    assert sheet.input_value("#id_published").endswith("-15")
    sheet.click(".field-published .datetimeshortcuts a >> nth=0")
    sheet.click(".field-opens [id^=clocklink]")
    sheet.click(".clockbox >> visible=true >> text=Noon")
    assert sheet.input_value("#id_opens") == "12:00:00"
    sheet.click(".field-arrived .datetimeshortcuts a >> nth=0")
    assert sheet.input_value("#id_arrived_0")


def fill_in(tab):
    sheet = tab.visit(f"{BOOKS}add/")
    sheet.type("#id_title", "A Fine Book")
    sheet.check("input[name=state][value=out]")
    sheet.click("#id_slug")
    assert sheet.input_value("#id_slug").startswith("a-fine-book")
    sheet.click(".field-author .select2-selection")
    sheet.wait_for_selector(".select2-results__option[aria-selected]")
    sheet.type(".select2-search__field", "plain")
    sheet.wait_for_selector(".select2-results__option >> text=plain title")
    sheet.keyboard.press("Enter")
    assert sheet.evaluate("document.querySelector('#id_author').value")
    sheet.click("text=More >> nth=0")
    sheet.fill("#id_rating", "4.5")
    sheet.select_option("#id_tags_from", index=1)
    sheet.click(
        "#id_tags_from ~ .selector-chooser .selector-add, #id_tags_add_link, "
        "#id_tags_add >> visible=true"
    )
    assert sheet.evaluate("document.querySelector('#id_tags_to').options.length") == 1
    sheet.fill("#id_tags_input", "tom")
    sheet.click(".inline-group >> nth=0 >> .add-row a")
    sheet.wait_for_selector("#id_copy_set-1-number")
    sheet.click("#id_review_set-group summary, #review_set-group summary, #review_set-group h2 a")
    sheet.click("#review_set-group .add-row a")
    sheet.wait_for_selector("#id_review_set-1-text")
    sheet.click("#copy_set-1 .inline-deletelink")
    sheet.click("input[name=_continue] >> nth=0")
    sheet.wait_for_selector("li.success, .errornote")


def related_popups(tab):
    sheet = tab.visit(f"{BOOKS}add/")
    with sheet.expect_popup() as opened:
        sheet.click("#add_id_shelf")
    popup = opened.value
    popup.fill("#id_name", "Shelf 'x' & \"y\"")
    popup.select_option("#id_floor", "1")
    with popup.expect_event("close"):
        popup.click("input[name=_save]")
    sheet.wait_for_function(
        "() => document.querySelector('#id_shelf').selectedOptions[0].text.includes('y')"
    )
    with sheet.expect_popup() as opened:
        sheet.click("#change_id_shelf")
    popup = opened.value
    popup.fill("#id_name", "Renamed")
    with popup.expect_event("close"):
        popup.click("input[name=_save]")
    sheet.wait_for_function(
        "() => document.querySelector('#id_shelf').selectedOptions[0].text == 'Renamed'"
    )
    with sheet.expect_popup() as opened:
        sheet.click("#lookup_id_publisher")
    popup = opened.value
    with popup.expect_event("close"):
        popup.click("#result_list tbody th a >> nth=0")
    assert sheet.input_value("#id_publisher")
    with sheet.expect_popup() as opened:
        sheet.click("#delete_id_shelf")
    popup = opened.value
    with popup.expect_event("close"):
        popup.click("input[type=submit]")
    sheet.wait_for_function("() => document.querySelector('#id_shelf').value == ''")


def change_and_delete(tab):
    sheet = tab.visit(f"{BOOKS}3/change/")
    sheet.fill("#id_title", "Changed")
    sheet.set_input_files(
        "#id_cover", {"name": "c.txt", "mimeType": "text/plain", "buffer": b"cover"}
    )
    sheet.click("input[name=_continue] >> nth=0")
    sheet.wait_for_selector("li.success")
    sheet.click("a.historylink")
    sheet.wait_for_selector("#change-history")
    sheet = tab.visit(f"{BOOKS}4/delete/")
    sheet.click("a.cancel-link, .cancel-link")
    sheet = tab.visit(f"{BOOKS}4/delete/")
    sheet.click("input[type=submit]")
    sheet.wait_for_selector("li.success")


def right_to_left(tab):
    tab.context.set_extra_http_headers({"Accept-Language": "ar"})
    sheet = tab.visit(f"{BOOKS}add/")
    assert sheet.get_attribute("html", "dir") == "rtl"
    sheet.click(".field-published [id^=calendarlink]")
    sheet.wait_for_selector(".calendarbox >> visible=true")


ACTS = [
    log_in_and_out,
    change_list,
    pickers,
    fill_in,
    related_popups,
    change_and_delete,
    right_to_left,
]
