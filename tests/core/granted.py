"""Pages whose templates' own text is granted something, written as the renderer would."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.cache import cache_page
from django.views.decorators.gzip import gzip_page

from ringfence import current
from ringfence.decorators import csp, csp_exempt
from ringfence.rings.escaping.policy import EscapingPolicy
from ringfence.rings.escaping.provenance import ATTRIBUTE, Grants, grants_of, hash_of

HANDLER = "go()"
STYLE = "color: red"
SCRIPT = "start()"
DATA = "var d = 1"


def _tag(grants: Grants, tag: str, text: str = "", attributes: str = "") -> str:
    nonce = grants.nonce
    written = "" if nonce is None else ATTRIBUTE.format(nonce)
    return f"<{tag}{attributes}{written}>{text}</{tag}>"


def _script(grants: Grants) -> str:
    grants.add_script(hash_of(SCRIPT))
    return _tag(grants, "script", SCRIPT)


def _data(grants: Grants) -> str:
    grants.add_script(hash_of(DATA) if grants.wants_all_hashes else None)
    return _tag(grants, "script", DATA)


def _style(grants: Grants) -> str:
    grants.add_style(hash_of(STYLE))
    return _tag(grants, "style", STYLE)


def _handler(grants: Grants) -> str:
    grants.add_handler(hash_of(HANDLER))
    return f'<a onclick="{HANDLER}">'


def _styled(grants: Grants) -> str:
    grants.add_style_attr(hash_of(STYLE))
    return f'<a style="{STYLE}">'


def _many(grants: Grants) -> str:
    for number in range(10):
        grants.add_handler(hash_of(f"go({number})"))
    return "".join(f'<a onclick="go({number})">' for number in range(10))


PARTS = {
    "script": _script,
    "data": _data,
    "style": _style,
    "handler": _handler,
    "styled": _styled,
    "ten handlers": _many,
}


def _page(request: HttpRequest) -> str:
    """Return the page that the query asks for: parts, files and readings of the nonce."""
    grants = grants_of(request) or Grants(EscapingPolicy())
    written = []
    for what in request.GET.getlist("with"):
        if what == "read":
            written.append(f'<meta content="{request.csp_nonce}">')
        elif what in PARTS:
            written.append(PARTS[what](grants))
        else:
            grants.add_external("script", what)
            written.append(_tag(grants, "script", "", f' src="{what}"'))
    return "".join(written)


def page(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_page(request))
    if "length" in request.GET:
        response["Content-Length"] = str(len(response.content))
    return response


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def parts():
        found = current.get()
        yield "current " if found is request else "lost "
        yield _page(found)

    return StreamingHttpResponse(parts())


async def stream_async(request: HttpRequest) -> StreamingHttpResponse:
    async def parts():
        found = current.get()
        yield "current " if found is request else "lost "
        yield _page(found)

    return StreamingHttpResponse(parts())


def own_policy(request: HttpRequest) -> HttpResponse:
    response = page(request)
    response["Content-Security-Policy"] = "script-src 'none'"
    return response


urlpatterns = [
    path("page/", page),
    path("cached/", cache_page(600)(page)),
    path("zipped/", gzip_page(page)),
    path("stream/", stream),
    path("stream-async/", stream_async),
    path("own/", own_policy),
    path("self/", csp("self")(page)),
    path("nonce-less/", csp({"default-src": ["'self'"]})(page)),
    path("exempt/", csp_exempt()(page)),
]
