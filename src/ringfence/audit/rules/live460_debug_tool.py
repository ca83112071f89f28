"""LIVE460: A tool for debugging answers."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Live, Response
from ringfence.audit.rules._live import HIGH, LOW, hit, is_local, live, title_of
from ringfence.finding import Severity


def _check(site: Live) -> Iterator[Hit]:
    for response in (*site.of("page"), *site.of("debug")):
        if response.status == 200 and _is_tool(response):
            yield hit(
                response,
                "",
                "It shows queries, settings and requests of others to whoever asks.",
                "Remove it from INSTALLED_APPS and MIDDLEWARE where DEBUG is off",
                LOW if is_local(site) else HIGH,
                None if response.role == "page" else Severity.DEPLOY_ERROR,
            )
            return


def _is_tool(response: Response) -> bool:
    if response.role == "page":
        return 'id="djDebug"' in response.body
    if "/__debug__/" in response.url:
        body = response.body.lstrip()
        return body.startswith("{") and '"content"' in body and response.media_type.endswith("json")
    return title_of(response).startswith("Silky")


RULE = live("LIVE460", _check)
