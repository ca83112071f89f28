"""What runs in a page: what came with the request, was stored, or stands in the address."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.apps import apps
from django.core.cache import cache
from django.http import HttpResponse
from sieve.holes import Side
from sieve.pages.views import NEWS

from tests.examples.sieve.market import Seen, Visitor
from tests.examples.sieve.oracle import (
    PAYLOADS,
    called,
    compares_origin,
    elements,
    runs,
    scripts,
    written,
)

#: Does no harm anywhere, and is a page of the market's where an address is asked for.
_HARMLESS = "/marker7"


def _shown(show: Callable[[str], HttpResponse], harmless: str = _HARMLESS) -> Seen:
    ran = []
    for payload in PAYLOADS:
        answer = show(payload)
        html = answer.headers["Content-Type"].startswith("text/html")
        ran.append(html and runs(answer.text))
    answer = show(harmless)
    return Seen(answer.status_code < 500 and "marker7" in answer.text, {"ran": any(ran)})


def reflected(side: Side) -> Seen:
    visitor = Visitor(side.visitor)

    def show(text: str) -> HttpResponse:
        parameter = side.reached.get("parameter")
        if parameter == "Referer":
            return visitor.get(side.path, Referer=f"https://attacker.test/?{quote(text)}")
        if parameter:
            return visitor.get(side.path, {parameter: text})
        head, _, _ = side.path.rstrip("/").rpartition("/")
        return visitor.get(f"{head}/{quote(text.replace('/', ''))}/")

    return _shown(show)


def _rows(column: str) -> tuple[object, str]:
    label, _, field = column.rpartition(".")
    return apps.get_model(label)._base_manager, field


def stored(side: Side) -> Seen:
    rows, field = _rows(side.reached["column"])
    visitor = Visitor(side.visitor)

    def show(text: str) -> HttpResponse:
        rows.update(**{field: text})
        if side.method == "POST":
            assert visitor.post(side.path, {"text": "Good day"}).status_code == 302
            return visitor.get("/letters/")
        return visitor.get(side.path)

    if side.name == "stored-dom":
        return _written_from_json(show("marker7"), field)
    return _shown(show, "https://neighbour.test/marker7")


def _written_from_json(answer: HttpResponse, field: str) -> Seen:
    def reads(value: object) -> bool:
        return [a.value for a in getattr(value, "arguments", None) or []] == [field]

    given = [name for name, value in written(answer.text) if reads(value)]
    return Seen(bool(given) and "marker7" in answer.text, {"markup": "innerHTML" in given})


def template(side: Side) -> Seen:
    visitor = Visitor(side.visitor)

    def show(text: str) -> HttpResponse:
        cache.set(NEWS, text)
        return visitor.get(side.path)

    return _shown(show)


_SINKS = {"innerHTML", "outerHTML", "write", "eval", "href"}


def dom(side: Side) -> Seen:
    """Look for a sink in the page's script, and for nothing that stands before it."""
    page = Visitor(side.visitor).get(side.path).text
    used = {name for name, _ in [*written(page), *called(page)]} & _SINKS
    reads = any(side.reached["source"] in code for code in scripts(page))
    return Seen(reads, {"sink": bool(used) and not compares_origin(page)})


def link(side: Side) -> Seen:
    if "source" in side.reached:
        return dom(side)
    return stored(side) if "column" in side.reached else reflected(side)


def _open_to_others(answer: HttpResponse) -> bool:
    return answer.headers.get("Cross-Origin-Opener-Policy", "unsafe-none") == "unsafe-none"


def message(side: Side) -> Seen:
    answer = Visitor(side.visitor).get(side.path)
    listens = any(
        name == "addEventListener" and a[0].value == "message" for name, a in called(answer.text)
    )
    signs = {"reached": _open_to_others(answer), "trusts": not compares_origin(answer.text)}
    return Seen(listens, signs)


def opener(side: Side) -> Seen:
    answer = Visitor(side.visitor).get(side.path)
    page = answer.text
    if side.name == "setting-opener":
        return Seen(answer.status_code == 200, {"handle": _open_to_others(answer)})
    if side.name == "opener-link":
        rels = [e.get("rel") for e in elements(page) if e.get("target") == "_blank"]
        return Seen(bool(rels), {"handle": _open_to_others(answer), "link": "opener" in rels})
    if side.name == "opener-message":
        sent = [arguments[1] for name, arguments in called(page) if name == "postMessage"]
        told = any(getattr(target, "value", None) == "*" for target in sent)
        return Seen(bool(sent), {"handle": _open_to_others(answer), "told": told})
    reads = any("window.name" in code for code in scripts(page))
    markup = any(name == "innerHTML" for name, _ in written(page))
    return Seen(reads, {"handle": _open_to_others(answer), "markup": markup})


def mixed(side: Side) -> Seen:
    loaded = [
        element.get(name)
        for element in elements(Visitor(side.visitor).get(side.path).text)
        for name in ("src", "action")
        if element.get(name)
    ]
    return Seen(bool(loaded), {"http": any(a.startswith("http:") for a in loaded)})
