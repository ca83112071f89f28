"""The started site, and every part of Wagtail's admin."""

from __future__ import annotations

from tests.sites.model import Page

ESSAYS = range(4, 10)
HX = {"X-Requested-With": "XMLHttpRequest"}


def part(name, path, *args, **kwargs):
    """What the admin's own scripts ask for: a chooser's dialog, a list's new rows."""
    return Page(name, path, *args, headers=HX, browse=False, **kwargs)


ADMIN_PAGES = {
    "dashboard": "",
    "root": "pages/",
    "explorer": "pages/3/",
    "explorer ordered": "pages/3/?ordering=ord",
    "explorer filtered": "pages/3/?q=a&ordering=title",
    "add a page": "pages/3/add_subpage/",
    "create": "pages/add/pieces/essay/3/",
    "create a form": "pages/add/pieces/ask/3/",
    "edit home": "pages/3/edit/",
    **{f"edit {i}": f"pages/{i}/edit/" for i in ESSAYS},
    "edit a form": "pages/10/edit/",
    "copy": "pages/4/copy/",
    "move": "pages/4/move/",
    "delete": "pages/4/delete/",
    "unpublish": "pages/4/unpublish/",
    "history": "pages/9/history/",
    "compare": "pages/9/revisions/compare/earliest...latest/",
    "usage": "pages/4/usage/",
    "workflow of a page": "pages/4/workflow_history/",
    "privacy": "pages/4/privacy/",
    "search": "pages/search/?q=%26%27",
    "search, found": "pages/search/?q=plain",
    "images": "images/",
    "images listed": "images/?layout=list",
    "add images": "images/multiple/add/",
    "image": "images/1/",
    "image deleted": "images/1/delete/",
    "documents": "documents/",
    "add documents": "documents/multiple/add/",
    "document": "documents/edit/1/",
    "document deleted": "documents/delete/1/",
    "snippets": "snippets/",
    "adverts": "snippets/pieces/advert/",
    "add an advert": "snippets/pieces/advert/add/",
    "advert": "snippets/pieces/advert/edit/1/",
    "advert deleted": "snippets/pieces/advert/delete/1/",
    "advert used": "snippets/pieces/advert/usage/1/",
    "advert history": "snippets/pieces/advert/history/1/",
    "forms": "forms/",
    "submissions": "forms/submissions/10/",
    "setting": "settings/pieces/footer/2/",
    "redirects": "redirects/",
    "add a redirect": "redirects/add/",
    "redirect": "redirects/1/",
    "import redirects": "redirects/import/",
    "users": "users/",
    "add a user": "users/new/",
    "user": "users/edit/2/",
    "groups": "groups/",
    "group": "groups/edit/1/",
    "sites": "sites/",
    "site": "sites/edit/2/",
    "collections": "collections/",
    "add a collection": "collections/add/",
    "locked": "reports/locked/",
    "workflow reports": "reports/workflow/",
    "site history": "reports/site-history/",
    "aging pages": "reports/aging-pages/",
    "page types": "reports/page-types-usage/",
    "workflows": "workflows/list/",
    "workflow": "workflows/edit/1/",
    "tasks": "workflows/tasks/index/",
    "account": "account/",
    "styleguide": "styleguide/",
    "password": "account/#password",
}

CHOOSERS = {
    "choose a page": "choose-page/",
    "choose a page below": "choose-page/3/",
    "choose a link": "choose-external-link/",
    "choose an e-mail": "choose-email-link/",
    "choose an image": "images/chooser/",
    "images chosen": "images/chooser/results/?q=a",
    "image chosen": "images/chooser/chosen/1/",
    "image format": "images/chooser/1/select_format/",
    "choose a document": "documents/chooser/",
    "document chosen": "documents/chooser/chosen/1/",
    "choose an advert": "snippets/choose/pieces/advert/",
    "advert chosen": "snippets/choose/pieces/advert/chosen/1/",
    "choose an embed": "embeds/chooser/",
    "explorer results": "pages/3/results/",
    "choose a task": "workflows/task_chooser/",
}

PAGES = [
    Page("home", "/", user=""),
    Page("search of the site", "/search/?query=%26%27", user=""),
    Page("search of the site, found", "/search/?query=plain", user=""),
    *(Page(f"essay {i}", f"/essay-{i}/", user="") for i in range(6)),
    Page("essay with the user bar", "/essay-0/"),
    Page("form", "/ask/", user=""),
    Page("form wrong", "/ask/", user="", post={"which": "<x>'\""}),
    Page("form sent", "/ask/", user="", post={"your_name_x": "<x>'\"", "which": "a & b"}),
    Page("not found", "/nothing-'\"/", 404, user=""),
    Page("login", "/admin/login/?next=/admin/%27%22", user=""),
    Page("login wrong", "/admin/login/", user="", post={"username": "<'\">", "password": "x"}),
    Page("password reset", "/admin/password_reset/", user=""),
    Page("login needed", "/admin/", 302, user=""),
    *(Page(name, f"/admin/{path}") for name, path in ADMIN_PAGES.items()),
    Page("dashboard of an editor", "/admin/", user="editor"),
    *(part(name, f"/admin/{path}") for name, path in CHOOSERS.items()),
    part("sprite", "/admin/sprite/"),
    Page("sidebar's translations", "/admin/jsi18n/", browse=False),
    Page("advert wrong", "/admin/snippets/pieces/advert/add/", post={"url": "'\"<b>"}),
    Page("advert added", "/admin/snippets/pieces/advert/add/", 302, post={"text": "<b>'\"&"}),
    Page("advert added, told", "/admin/snippets/pieces/advert/"),
    Page("Django's admin", "/django-admin/"),
]


def log_in(tab):
    tab.user("")
    sheet = tab.visit("/admin/login/")
    sheet.fill("#id_username", "keeper")
    sheet.fill("#id_password", "keeper")
    sheet.click("button[type=submit]")
    sheet.wait_for_selector("#wagtail-sidebar nav, [data-wagtail-sidebar] nav")


def sidebar(tab):
    sheet = tab.visit("/admin/")
    menu = sheet.locator("#wagtail-sidebar")
    menu.locator("button:has-text('Pages')").click()
    explorer = menu.locator("[role=dialog]:has-text('Home')")
    explorer.locator("a:has-text('View child pages')").click()
    explorer.locator("a:has-text('plain title')").first.wait_for()
    menu.locator("button:has-text('Pages')").click()
    explorer.wait_for(state="hidden")
    for title, entry in [("Settings", "Redirects"), ("Reports", "Site history")]:
        button = menu.locator(f"button:has-text('{title}')")
        button.click()
        menu.locator(f"a:has-text('{entry}') >> visible=true").wait_for()
        button.click()
        menu.locator(f"a:has-text('{entry}')").wait_for(state="hidden")
    menu.locator("button:has-text('keeper')").click()
    menu.locator("a:has-text('Account') >> visible=true").click()
    sheet.wait_for_url("**/admin/account/")
    menu.locator(".sidebar__collapse-toggle").click()
    sheet.wait_for_selector(".sidebar--slim")


def listings(tab):
    sheet = tab.visit("/admin/pages/3/")
    sheet.type("#id_q", "plain")
    sheet.wait_for_function(
        "() => document.querySelectorAll('.listing tbody tr').length < 4", timeout=8000
    )
    sheet = tab.visit("/admin/pages/3/")
    sheet.check(".listing tbody input[type=checkbox] >> nth=0")
    sheet.wait_for_selector("[data-bulk-action-footer] >> visible=true")
    sheet.click(".listing tbody [data-w-dropdown-target='toggle'] >> nth=0")
    sheet.wait_for_selector("a:has-text('Move') >> visible=true")


def write(tab):
    sheet = tab.visit("/admin/pages/add/pieces/essay/3/")
    sheet.fill("#id_title", "From the browser")
    editor = sheet.locator("[data-contentpath=intro] .public-DraftEditor-content").first
    editor.click()
    sheet.keyboard.type("Some text of it ")
    sheet.keyboard.press("Control+b")
    sheet.keyboard.type("bold")
    sheet.keyboard.press("Enter")
    sheet.keyboard.type("/")
    sheet.wait_for_selector("[role=option] >> visible=true")
    sheet.keyboard.type("h2")
    sheet.keyboard.press("Enter")
    sheet.keyboard.type("Heading")
    assert "Heading" in editor.inner_text()
    sheet.click("#id_date")
    sheet.wait_for_selector(".xdsoft_datetimepicker >> visible=true")
    sheet.keyboard.press("Escape")
    sheet.fill("#id_date", "2024-05-06")
    sheet.click("#id_title")
    sheet.wait_for_timeout(600)
    assert sheet.input_value("#id_slug") == "from-the-browser"


def streams(tab):
    sheet = tab.visit("/admin/pages/4/edit/")
    stream = sheet.locator("[data-contentpath=body] [data-streamfield-stream-container]")
    blocks = stream.locator("> [data-streamfield-child]")
    kinds = blocks.locator("> input[name$=-type]")

    def order():
        return kinds.evaluate_all("inputs => inputs.map(input => input.value)")

    def add(kind):
        before = blocks.count()
        stream.locator("> div > .c-sf-add-button").last.click()
        sheet.click(f".w-combobox [role=option]:has-text('{kind}') >> visible=true")
        return blocks.nth(before)

    held = order()
    # Handsontable lays copies of the table over it, for the heads that stay in place.
    table = add("Table")
    table.locator(".ht_master tbody tr").nth(1).locator("td").nth(1).dblclick()
    sheet.keyboard.type("A cell")
    sheet.keyboard.press("Enter")
    paragraph = add("Paragraph")
    paragraph.locator(".public-DraftEditor-content").click()
    sheet.keyboard.type("A paragraph of 'the' stream")
    texts = add("List").locator("[data-streamfield-list-container]")
    texts.locator("[data-streamfield-list-add]").last.click()
    texts.locator("input[type=text]").nth(0).fill("first")
    texts.locator("input[type=text]").nth(1).fill("second")
    assert order() == [*held, "table", "paragraph", "list"]
    paragraph.locator("[data-streamfield-action=MOVE_UP]").click()
    *others, choice, advert = held
    handles = blocks.locator(
        "[data-streamfield-action=DRAG]:not([data-streamfield-list-container] *)"
    )
    handles.nth(len(held) - 1).drag_to(handles.nth(len(held) - 2))
    assert order() == [*others, advert, choice, "paragraph", "table", "list"]
    blocks.nth(0).locator("[data-streamfield-action=DUPLICATE]").click()
    blocks.nth(1).locator("input[type=text]").fill("The second heading")
    blocks.nth(0).locator("[data-streamfield-action=DELETE]").click()
    blocks.nth(0).wait_for(state="hidden")
    sheet.click("button.action-save >> visible=true")
    sheet.wait_for_selector(".messages .success >> visible=true")
    blocks.nth(0).wait_for()
    assert order() == [*others, advert, choice, "paragraph", "table", "list"]
    assert blocks.nth(0).locator("input[type=text]").input_value() == "The second heading"
    assert "A cell" in sheet.inner_text(".ht_master >> nth=0")


def choosers(tab):
    sheet = tab.visit("/admin/pages/4/edit/")
    for field, chosen in [
        ("image", ".modal-body .listing a[href*='chooser'], .modal-body a.image-choice"),
        ("document", ".modal-body a.document-choice, .modal-body .listing a[href*='chooser']"),
        ("advert", ".modal-body .listing a[href*='chosen']"),
        ("other", ".modal-body a.choose-page"),
    ]:
        panel = sheet.locator(f"#id_{field}-chooser")
        panel.locator("[data-w-dropdown-target=toggle], button:has-text('Actions')").first.click()
        sheet.click("[data-chooser-action-choose] >> visible=true >> nth=0")
        sheet.wait_for_selector(".modal-body >> visible=true")
        tab.settle()
        sheet.click(f"{chosen} >> visible=true >> nth=0")
        sheet.wait_for_selector(".modal-body", state="detached")


def save(tab):
    sheet = tab.visit("/admin/pages/5/edit/")
    sheet.fill("#id_title", "Saved 'x' & \"y\"")
    sheet.click("button.action-save >> visible=true")
    sheet.wait_for_selector(".messages .success:has-text('has been updated') >> visible=true")
    sheet.click("[data-side-panel-toggle=status]")
    sheet.wait_for_selector("[data-side-panel=status] >> visible=true")
    sheet.click("[data-side-panel-toggle=preview]")
    shown = sheet.frame_locator("#w-preview-iframe")
    shown.locator("h1:has-text('Saved')").wait_for()
    sheet.click("[data-side-panel-toggle=preview]")
    sheet.click("footer [data-w-dropdown-target=toggle]")
    sheet.click("button[name=action-publish] >> visible=true")
    sheet.wait_for_selector(".messages .success:has-text('published') >> visible=true")
    sheet = tab.visit("/essay-1/")
    assert sheet.inner_text("h1") == "Saved 'x' & \"y\""


def upload(tab):
    sheet = tab.visit("/admin/documents/multiple/add/")
    sheet.set_input_files(
        "#fileupload", {"name": "x.txt", "mimeType": "text/plain", "buffer": b"text"}
    )
    sheet.wait_for_selector("#upload-list form >> visible=true")
    sheet.fill("#upload-list input[name$=title]", "Uploaded 'x'")
    sheet.click("#upload-list form button[type=submit], #upload-list form input[type=submit]")
    tab.settle()


def user_bar(tab):
    sheet = tab.visit("/essay-0/")
    sheet.click("wagtail-userbar #wagtail-userbar-trigger")
    sheet.wait_for_selector("wagtail-userbar >> a:has-text('Edit this page') >> visible=true")


def accounts(tab):
    sheet = tab.visit("/admin/account/")
    sheet.fill("input[name*=first_name]", "Keeper 'x'")
    sheet.fill("input[name*=last_name]", '<of> "it"')
    sheet.click("[role=tab]:has-text('Notifications')")
    sheet.click(".switch:has([name$=submitted_notifications])")
    sheet.click("button:has-text('Save')")
    sheet.wait_for_selector(".messages .success >> visible=true")
    assert sheet.input_value("input[name*=last_name]") == '<of> "it"'
    assert not sheet.is_checked("input[name$=submitted_notifications]")


ACTS = [log_in, sidebar, listings, write, streams, choosers, save, upload, user_bar, accounts]
