"""The decision, row by row from the Fetch Metadata and Fetch standards."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.rings.isolation.policy import IsolationPolicy, decide
from ringfence.rings.isolation.reasons import (
    CrossSiteFrame,
    CrossSiteResource,
    InvalidMetadata,
    ResourceRefusal,
    SameSiteResource,
)

STRICT = IsolationPolicy(same_site=True)


class Row(NamedTuple):
    name: str
    site: str | None
    mode: str | None
    dest: str | None
    refused: type[ResourceRefusal] | None
    method: str = "GET"
    policy: IsolationPolicy = IsolationPolicy()
    session: bool = True
    cors: bool = False


ROWS = [
    # No metadata: an old browser, plain http, no browser.
    Row("no metadata", None, None, None, None),
    Row("no metadata, post", None, None, None, None, "POST"),
    Row("no site, mode of a fetch", None, "no-cors", "script", None),
    # The site itself.
    Row("own page", "same-origin", "navigate", "document", None),
    Row("own script", "same-origin", "no-cors", "script", None),
    Row("own fetch", "same-origin", "cors", "empty", None, "POST"),
    Row("own frame", "same-origin", "navigate", "iframe", None),
    Row("own worker", "same-origin", "same-origin", "worker", None),
    # The user: address bar, bookmark.
    Row("address bar", "none", "navigate", "document", None),
    Row("opened file in a tab", "none", "no-cors", "image", None),
    # Another origin of the same site.
    Row("sibling's link", "same-site", "navigate", "document", None),
    Row("sibling's image", "same-site", "no-cors", "image", None),
    Row("sibling's fetch", "same-site", "cors", "empty", None),
    Row("sibling's link, strict", "same-site", "navigate", "document", None, policy=STRICT),
    Row(
        "sibling's image, strict", "same-site", "no-cors", "image", SameSiteResource, policy=STRICT
    ),
    Row(
        "sibling's frame, strict", "same-site", "navigate", "iframe", CrossSiteFrame, policy=STRICT
    ),
    Row("sibling's fetch, strict", "same-site", "cors", "empty", SameSiteResource, policy=STRICT),
    Row("sibling's fetch, CORS", "same-site", "cors", "empty", None, policy=STRICT, cors=True),
    # Links and forms of other sites: top-level navigations.
    Row("link", "cross-site", "navigate", "document", None),
    Row("link, head", "cross-site", "navigate", "document", None, "HEAD"),
    Row("form post is the CSRF ring's", "cross-site", "navigate", "document", None, "POST"),
    Row("link in Chromium 76", "cross-site", "navigate", None, None),
    Row("frame in Chromium 76", "cross-site", "nested-navigate", None, CrossSiteFrame),
    Row("navigation by PUT", "cross-site", "navigate", "document", CrossSiteResource, "PUT"),
    Row("navigation by nothing", "cross-site", "navigate", "document", CrossSiteResource, ""),
    # Frames and plug-ins navigate too.
    Row("iframe", "cross-site", "navigate", "iframe", CrossSiteFrame),
    Row("frame", "cross-site", "navigate", "frame", CrossSiteFrame),
    Row("object", "cross-site", "navigate", "object", CrossSiteFrame),
    Row("embed", "cross-site", "navigate", "embed", CrossSiteFrame),
    Row("fenced frame", "cross-site", "navigate", "fencedframe", CrossSiteFrame),
    Row("object as a resource", "cross-site", "no-cors", "object", CrossSiteFrame),
    Row("frame, form post", "cross-site", "navigate", "iframe", CrossSiteFrame, "POST"),
    # Resources.
    Row("script", "cross-site", "no-cors", "script", CrossSiteResource),
    Row("module script", "cross-site", "cors", "script", CrossSiteResource),
    Row("style", "cross-site", "no-cors", "style", CrossSiteResource),
    Row("image", "cross-site", "no-cors", "image", CrossSiteResource),
    Row("image with crossorigin", "cross-site", "cors", "image", CrossSiteResource),
    Row("audio", "cross-site", "no-cors", "audio", CrossSiteResource),
    Row("video", "cross-site", "no-cors", "video", CrossSiteResource),
    Row("track", "cross-site", "cors", "track", CrossSiteResource),
    Row("font", "cross-site", "cors", "font", CrossSiteResource),
    Row("manifest", "cross-site", "cors", "manifest", CrossSiteResource),
    Row("xslt", "cross-site", "same-origin", "xslt", CrossSiteResource),
    Row("report", "cross-site", "cors", "report", CrossSiteResource, "POST"),
    Row("prefetch", "cross-site", "no-cors", "empty", CrossSiteResource),
    Row("fetch no-cors", "cross-site", "no-cors", "empty", CrossSiteResource),
    Row("fetch cors", "cross-site", "cors", "empty", CrossSiteResource),
    Row("beacon", "cross-site", "no-cors", "empty", CrossSiteResource, "POST"),
    Row("web identity", "cross-site", "no-cors", "webidentity", CrossSiteResource),
    Row("websocket", "cross-site", "websocket", "websocket", CrossSiteResource),
    Row("worker", "cross-site", "same-origin", "worker", CrossSiteResource),
    # What makes a resource harmless.
    Row("script, no session", "cross-site", "no-cors", "script", None, session=False),
    Row("iframe, no session", "cross-site", "navigate", "iframe", None, session=False),
    Row("fetch allowed by CORS", "cross-site", "cors", "empty", None, cors=True),
    Row(
        "preflight carries no cookies",
        "cross-site",
        "cors",
        "empty",
        None,
        "OPTIONS",
        session=False,
    ),
    # Headers that no browser sends.
    Row("unknown site", "elsewhere", "no-cors", "script", InvalidMetadata),
    Row("empty site", "", "no-cors", "script", InvalidMetadata),
    Row("site twice", "same-origin,same-origin", "cors", "empty", InvalidMetadata),
    Row("sites joined", "same-origin, cross-site", "cors", "empty", InvalidMetadata),
    Row("site in capitals", "Same-Origin", "cors", "empty", InvalidMetadata),
    Row("unknown site, a link", "elsewhere", "navigate", "document", None),
    Row("unknown mode", "cross-site", "teleport", "document", CrossSiteResource),
    Row("no mode", "cross-site", None, "document", CrossSiteResource),
    Row("nothing but the site", "cross-site", None, None, CrossSiteResource),
    Row("unknown destination", "cross-site", "navigate", "moon", CrossSiteResource),
    Row("empty destination", "cross-site", "navigate", "empty", CrossSiteResource),
    Row("mode twice", "cross-site", "navigate,navigate", "document", CrossSiteResource),
    Row("destination twice", "cross-site", "navigate", "document,document", CrossSiteResource),
    # Switched off, and reporting only (the caller acts on that).
    Row("off", "cross-site", "no-cors", "script", None, policy=IsolationPolicy(resources="off")),
    Row(
        "report",
        "cross-site",
        "no-cors",
        "script",
        CrossSiteResource,
        policy=IsolationPolicy(resources="report"),
    ),
]


def ask(row):
    return decide(
        row.policy,
        site=row.site,
        mode=row.mode,
        dest=row.dest,
        method=row.method,
        has_session_cookie=row.session,
        cors_allowed=row.cors,
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_decision(row):
    refusal = ask(row)
    assert (None if refusal is None else type(refusal)) is row.refused


@pytest.mark.parametrize("row", [row for row in ROWS if row.refused], ids=lambda row: row.name)
def test_a_refusal_says_why_and_what_to_do(row):
    refusal = ask(row)
    assert refusal.isprintable()
    assert refusal.hint
    assert type(refusal).code != "refused"


def test_what_a_stranger_sent_is_quoted_and_bounded():
    row = Row("", "x\r\ny" * 500, "no-cors", "script", InvalidMetadata)
    assert "\n" not in ask(row)
    assert len(ask(row)) < 400


anything = st.one_of(
    st.none(),
    st.text(max_size=10),
    st.sampled_from(["cross-site", "same-site", "same-origin", "none", "navigate", "document"]),
)


@given(site=anything, mode=anything, dest=anything, method=st.text(max_size=6))
def test_metadata_can_only_be_trusted_as_a_whole(site, mode, dest, method):
    row = Row("", site, mode, dest, None, method)
    harmless = site in {None, "same-origin", "none", "same-site"} or (
        mode == "navigate" and dest in {None, "document"} and method in {"GET", "HEAD", "POST"}
    )
    assert (ask(row) is None) is harmless
