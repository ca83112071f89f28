"""Add to a response's policies what its templates' own text needs, by hash or by nonce.

What that text is, the escaping ring noted while it rendered; how a policy allows it, the CSP ring
knows. Here the one is given to the other, for one response.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ringfence.rings.csp.grants import (
    Kind,
    admits,
    allows_inline,
    governing,
    with_attributes,
    with_elements,
)
from ringfence.rings.csp.nonce import value_of
from ringfence.rings.csp.policy import NONCE
from ringfence.rings.escaping.provenance import ATTRIBUTE

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ringfence.rings.csp.policy import CspPolicy
    from ringfence.rings.escaping.provenance import Grants
    from ringfence.state import RequestState
    from ringfence.store import Store

__all__ = ["Settled", "settle"]

logger = logging.getLogger("ringfence")

Policies = tuple["CspPolicy", ...]

KINDS: tuple[Kind, ...] = ("script", "style")

#: Views whose hashes exceeded the budget are named in the log once, and so many at most.
_told: set[str] = set()
_TOLD_LIMIT = 1024


class Settled(NamedTuple):
    """The policies of one response, and the nonce that their header holds; None for none."""

    enforce: Policies
    report_only: Policies
    nonce: str | None


def settle(
    request: HttpRequest,
    response: HttpResponseBase,
    state: RequestState,
    own: Store,
    enforce: Policies,
    report_only: Policies,
) -> Settled:
    """Return the policies with everything that was granted, and settle how.

    Inline scripts and styles are allowed by hash where that suffices for the whole page and nobody
    but the renderer read the nonce: then the nonce is taken out of the page again, which is the
    same for everyone. ``own`` is what the view itself wrote; where it wrote a policy, the fence's
    of that kind is not sent and is given as ().
    """
    grants = state.grants
    assert grants is not None
    nonce = state.nonce
    policies = (*enforce, *report_only)
    handlers, style_attrs = _attributes(request, grants, policies)
    spent = grants.size_of(len(handlers) + len(style_attrs))
    value = None if nonce is None else value_of(nonce)
    if value is None and grants.lent is not None and nonce is not None:
        origin = "" if state.own is None else state.own.text
        if (
            not response.streaming
            and "content-encoding" not in own
            and _hashes_suffice(grants, policies, spent, origin)
        ):
            _take_out(response, grants.lent)
        else:
            value = str(nonce)
    if nonce is not None and value is None and not response.streaming:
        nonce.seal()
    attributes = {"script": handlers, "style": style_attrs}

    def allow(policy: CspPolicy) -> CspPolicy:
        for kind in KINDS:
            policy = with_attributes(policy, kind, attributes[kind], with_nonce=value is not None)
            sources = _sources(grants, policy, kind, with_nonce=value is not None)
            policy = with_elements(policy, kind, sources, with_nonce=value is not None)
        return policy

    return Settled(tuple(map(allow, enforce)), tuple(map(allow, report_only)), value)


def _inline(grants: Grants, kind: Kind) -> Sequence[str | None]:
    return list(grants.scripts if kind == "script" else grants.styles)


def _external(grants: Grants, kind: Kind) -> Iterator[str]:
    return (url for destination, url in grants.external if destination == kind)


def _hashes_suffice(grants: Grants, policies: Policies, spent: int, origin: str) -> bool:
    if grants.policy.hashes == "never":
        return False
    needed: set[str] = set()
    for policy in policies:
        for kind in KINDS:
            name = governing(policy, kind, "elem")
            if name is None:
                continue
            open_ = allows_inline(policy, kind, name, with_nonce=False)
            if not (open_ and NONCE not in (policy.get(name) or ())) and not all(
                admits(policy, kind, url, own=origin) for url in _external(grants, kind)
            ):
                return False
            if open_:
                continue
            for hash_ in _inline(grants, kind):
                if hash_ is None:
                    return False
                needed.add(hash_)
    return spent + grants.size_of(len(needed)) <= grants.budget


def _sources(grants: Grants, policy: CspPolicy, kind: Kind, *, with_nonce: bool) -> list[str]:
    """Return what allows the elements of template text under ``policy``."""
    inline = _inline(grants, kind)
    if not with_nonce:
        return [hash_ for hash_ in inline if hash_ is not None]
    name = governing(policy, kind, "elem")
    if grants.lent is None or name is None or NONCE in (policy.get(name) or ()):
        return []
    needs = inline or not all(admits(policy, kind, url) for url in _external(grants, kind))
    return [NONCE] if needs else []


def _attributes(
    request: HttpRequest, grants: Grants, policies: Policies
) -> tuple[list[str], list[str]]:
    """Return the hashes of handlers and style attributes that are needed and paid for."""
    all_handlers = grants.handlers if _restricts(policies, "script") else []
    all_styles = grants.style_attrs if _restricts(policies, "style") else []
    if not all_handlers and not all_styles:
        return [], []
    handlers = grants.within_budget(all_handlers)
    styles = grants.within_budget(all_styles, grants.size_of(len(handlers)))
    left = len(all_handlers) + len(all_styles) - len(handlers) - len(styles)
    if left:
        _tell(request, left, grants.budget)
    return handlers, styles


def _restricts(policies: Policies, kind: Kind) -> bool:
    return any(governing(policy, kind, "attr") is not None for policy in policies)


def _tell(request: HttpRequest, left: int, budget: int) -> None:
    view = getattr(request.resolver_match, "view_name", "") or request.path_info
    if view in _told:
        return
    if len(_told) >= _TOLD_LIMIT:
        _told.clear()
    _told.add(view)
    logger.warning(
        "The policy of %s leaves out %d event handlers or style attributes of its templates: their "
        "hashes exceed %d bytes. Move them into a script or a style sheet, or raise "
        "RINGFENCE['escaping']['hash_budget'].",
        view,
        left,
        budget,
        extra={"request": request},
    )


def _take_out(response: HttpResponseBase, nonce: str) -> None:
    """Take the nonce out of the page: hashes allow what it allowed."""
    content: bytes = response.content  # type: ignore[attr-defined]  # it does not stream
    changed = content.replace(ATTRIBUTE.format(nonce).encode("ascii"), b"")
    if len(changed) == len(content):
        return
    response.content = changed  # type: ignore[attr-defined]
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(changed))
