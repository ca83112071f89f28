"""The toolbar and each of its panels."""

from __future__ import annotations

from tests.sites.model import Page

CAPTURES = {"request": r'data-request-id="([^"]+)"'}

#: Not compared: the panels of settings and signals, which show the backend's own name and
#: receivers, and those of headers and versions, which show ringfence's.
PANELS = [
    "HistoryPanel",
    "TimerPanel",
    "RequestPanel",
    "SQLPanel",
    "StaticFilesPanel",
    "TemplatesPanel",
    "AlertsPanel",
    "CachePanel",
    "CommunityPanel",
    "TasksPanel",
]

PAGES = [
    Page("page", "/?q=%3Cb%3E&'\"=1"),
    Page("page of a visitor", "/", user=""),
    Page("redirect, held", "/away/"),
    *(
        Page(
            f"panel {name}",
            f"/__debug__/render_panel/?request_id={{request}}&panel_id={name}",
            browse=False,
        )
        for name in PANELS
    ),
    Page("history", "/__debug__/history_refresh/?request_id={request}", browse=False),
]


def panels(tab):
    sheet = tab.visit("/?q=%3Cb%3E")
    root = "#djDebugRoot"
    sheet.wait_for_selector(f"{root} #djDebug", state="attached")
    if sheet.is_visible(f"{root} #djShowToolBarButton"):
        sheet.click(f"{root} #djShowToolBarButton")
    links = sheet.locator(f"{root} #djDebugPanelList li > a[class]")
    count = links.count()
    assert count > 9, count
    opened = 0
    for i in range(count):
        link = links.nth(i)
        if not link.is_visible():
            continue
        panel = link.get_attribute("class").split()[0]
        link.click()
        content = sheet.locator(f"{root} #{panel}")
        content.wait_for(state="visible")
        sheet.wait_for_function(
            "panel => { const root = document.querySelector('#djDebugRoot');"
            "const inner = (root.shadowRoot || root).querySelector('#' + panel);"
            "return !inner.querySelector('.djdt-loader') }",
            arg=panel,
        )
        tab.settle()
        for button in content.locator(".djToggleSwitch, .djTemplateContext summary").all()[:3]:
            if button.is_visible():
                button.click()
        call = content.locator("a.remoteCall").first
        if call.count() and call.is_visible():
            call.click()
            sheet.click(f"{root} #djDebugWindow .djDebugClose")
        opened += 1
    assert opened > 7, opened


def switches(tab):
    sheet = tab.visit("/")
    root = "#djDebugRoot"
    if sheet.is_visible(f"{root} #djShowToolBarButton"):
        sheet.click(f"{root} #djShowToolBarButton")
    sheet.click(f"{root} #djDebugPanelList input[type=checkbox] >> nth=2")
    sheet.click(f"{root} #djHideToolBarButton")
    sheet.wait_for_selector(f"{root} #djShowToolBarButton >> visible=true")


ACTS = [panels, switches]
