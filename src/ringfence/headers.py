"""The headers of a response: prepared once, merged in one step, a view's own always winning."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http.response import ResponseHeaders

from ringfence.granting import Settled, settle
from ringfence.rings.csp import policy as csp_policy
from ringfence.rings.csp.nonce import value_of
from ringfence.rings.csp.policy import HEADER, HEADER_REPORT_ONLY, compile_policies
from ringfence.rings.isolation import framing
from ringfence.store import FencedHeaders, prepare, vary_on

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ringfence.fence import Fence
    from ringfence.rings.csp.policy import CspPolicy
    from ringfence.state import RequestState
    from ringfence.store import Store

    Policies = tuple[CspPolicy, ...]

__all__ = ["MARKUP", "HeaderPlan"]

logger = logging.getLogger("ringfence")

CSP, CSP_REPORT_ONLY, XFO = "content-security-policy", HEADER_REPORT_ONLY.lower(), "x-frame-options"

#: Attributes by which a view departs from the policy: Django's, django-csp's, ours, and
#: django-permissions-policy's. Few responses have any.
DEPARTURES = frozenset(
    {
        "xframe_options_exempt",
        "_csp_config",
        "_csp_ro_config",
        "_csp_config_ro",
        "_csp_update",
        "_csp_update_ro",
        "_csp_replace",
        "_csp_replace_ro",
        "_csp_exempt",
        "_csp_exempt_ro",
        "_ringfence_csp",
        "_ringfence_csp_ro",
        "_permissions_policy_override",
        "_permissions_policy_report_only_override",
    }
)

#: Answers that may have no policy: see `_without_policy`.
_WITHOUT_POLICY = frozenset({304, 404, 500})

#: Content types of pages that may hold scripts, and so read the nonce.
MARKUP = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")


class Variant:
    """The prepared headers of one answer to "who may frame this page?"."""

    __slots__ = ("enforce", "http", "https", "policies", "report_only", "with_nonce")

    def __init__(
        self,
        fixed: Mapping[str, str],
        secure: Mapping[str, str],
        x_frame_options: str | None,
        policies: tuple[Policies, Policies],
    ) -> None:
        self.policies = policies
        enforce, report_only = map(compile_policies, policies)
        headers = dict(fixed)
        if x_frame_options is not None:
            headers["X-Frame-Options"] = x_frame_options
        if enforce.plain:
            headers[HEADER] = enforce.plain
        if report_only.plain:
            headers[HEADER_REPORT_ONLY] = report_only.plain
        self.http = prepare(headers)
        self.https = prepare({**headers, **secure})
        self.enforce = enforce
        self.report_only = report_only
        #: The headers that hold the nonce: where they are kept, their name, what it is put between.
        self.with_nonce = tuple(
            (header.lower(), header, compiled.pieces)
            for header, compiled in ((HEADER, enforce), (HEADER_REPORT_ONLY, report_only))
            if len(compiled.pieces) > 1
        )


class HeaderPlan:
    """What a compiled fence writes on every response."""

    def __init__(self, fence: Fence, vary: str = "") -> None:
        self.fence = fence
        self.fixed, self.secure = _fixed(fence)
        self.vary = vary
        if vary:
            self.fixed["Vary"] = vary
        self.csp_on = fence.csp is not None
        self.uses_nonce = fence.csp is not None and fence.csp.uses_nonce
        self._enforce = fence.csp.enforce if fence.csp is not None else ()
        self._report_only = fence.csp.report_only if fence.csp is not None else ()
        self.framed_by_isolation = fence.isolation is not None
        self.default = self._variant(fence.framing.ancestors, fence.framing.x_frame_options)
        self.exempt = self._variant(None, None)
        self.by_x_frame_options = {
            value: self._variant(framing.frame_ancestors_for(value), value)
            for value in ("DENY", "SAMEORIGIN")
        }
        #: Whether a response that brings a policy of its own is framed by nobody it should not be.
        self.says_framing_twice = XFO in self.default.http or not self.framed_by_isolation
        self.has_exclusions = bool(fence.csp_exclude or fence.csp_exclude_report_only)
        self.samples_reports = fence.report_percentage < 100.0
        self.plain = not (self.has_exclusions or self.samples_reports)

    def _variant(self, ancestors: tuple[str, ...] | None, x_frame_options: str | None) -> Variant:
        enforce = self._enforce
        if enforce and not self.fence.framing.explicit:
            enforce = (enforce[0].with_frame_ancestors(ancestors), *enforce[1:])
        return Variant(
            self.fixed,
            self.secure,
            x_frame_options if self.framed_by_isolation else None,
            (enforce, self._report_only),
        )

    def write(self, request: HttpRequest, response: HttpResponseBase, state: RequestState) -> None:
        """Put the headers on ``response``; one that it already has is left as it is."""
        headers = response.headers
        own: Store = headers._store
        if type(headers) is ResponseHeaders:
            headers.__class__ = FencedHeaders
        if (
            self.plain
            and XFO not in own
            and (CSP not in own or self.says_framing_twice)
            and response.status_code not in _WITHOUT_POLICY
            and DEPARTURES.isdisjoint(response.__dict__)
        ):
            variant = self.default
            store = {**(variant.https if state.secure else variant.http), **own}
            if "vary" in own and self.vary:
                headers._store = store
                vary_on(response, self.vary)
            if state.grants is not None:
                self._write_granted(request, response, state, own, store)
            elif variant.with_nonce:
                nonce = None if state.nonce is None else value_of(state.nonce)
                if nonce is None:
                    nonce = self._late_nonce(response, state, own)
                if nonce is not None:
                    for name, header, pieces in variant.with_nonce:
                        if name not in own:
                            store[name] = (header, nonce.join(pieces))
            headers._store = store
            return
        try:
            self._write_departing(request, response, state)
        except ValueError:
            # A view's policy that cannot be sent: the site's own is better than none.
            logger.exception("A view's Content-Security-Policy or Permissions-Policy is malformed.")
            headers._store = {**(variant_of(self.default, state)), **own}

    def _write_granted(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        state: RequestState,
        own: Store,
        store: Store,
    ) -> None:
        """Write the site's policies, and what the response's templates were granted."""
        settled = self._settled(request, response, state, own, store, self.default.policies)
        for name, header, policies in (
            (CSP, HEADER, settled.enforce),
            (CSP_REPORT_ONLY, HEADER_REPORT_ONLY, settled.report_only),
        ):
            if policies and (value := compile_policies(policies).render(settled.nonce)):
                store[name] = (header, value)

    def _settled(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        state: RequestState,
        own: Store,
        store: Store,
        policies: tuple[Policies, Policies],
    ) -> Settled:
        """Return what holds for one response: its policies with what was granted, its nonce."""
        nonce = None if state.nonce is None else value_of(state.nonce)
        if nonce is None and self.uses_nonce:
            nonce = self._late_nonce(response, state, own, seal=state.grants is None)
        enforce, report_only = policies
        if state.grants is None:
            return Settled(enforce, report_only, nonce)
        settled = settle(
            request,
            response,
            state,
            own,
            () if CSP in own else enforce,
            () if CSP_REPORT_ONLY in own else report_only,
        )
        if "content-length" in own:  # it changes with the content
            store["content-length"] = response.headers._store["content-length"]
        return settled

    def drop_prepared_vary(self, response: HttpResponseBase) -> None:
        """Remove the prepared ``Vary`` from an answer that does not vary after all."""
        store: Store = response.headers._store
        if self.vary and store.get("vary") == ("Vary", self.vary):
            del store["vary"]

    @staticmethod
    def _late_nonce(
        response: HttpResponseBase, state: RequestState, own: Store, *, seal: bool = True
    ) -> str | None:
        """Return a nonce that was not read and yet may be: by a body that is still to be made.

        Any other that is read from now on would be missing in the policy: it is sealed.
        """
        nonce = state.nonce
        if nonce is None:
            return None
        if not response.streaming:
            if seal:
                nonce.seal()
        elif _may_read_nonce(own):
            return str(nonce)
        return None

    def _write_departing(
        self, request: HttpRequest, response: HttpResponseBase, state: RequestState
    ) -> None:
        own: Store = response.headers._store
        attributes = response.__dict__
        variant, ancestors = self._framing_of(own, attributes)
        store = {**(variant.https if state.secure else variant.http), **own}
        if "vary" in own and self.vary:
            response.headers._store = store
            vary_on(response, self.vary)
        _permissions(store, own, attributes)
        if not self.csp_on or self._without_policy(response):
            for name in (CSP, CSP_REPORT_ONLY):
                if name not in own:
                    store.pop(name, None)
            self._keep_framing(store, attributes)
            response.headers._store = store
            return
        enforced = self._policies(request, attributes, "", ancestors)
        exempt = attributes.get("xframe_options_exempt")
        if XFO not in own and self.framed_by_isolation and not exempt:
            _frame_as_the_policy(store, enforced)
        reported = self._policies(request, attributes, "_ro", ())
        enforced, reported, nonce = self._settled(
            request, response, state, own, store, (enforced, reported)
        )
        for name, header, policies in (
            (CSP, HEADER, enforced),
            (CSP_REPORT_ONLY, HEADER_REPORT_ONLY, reported),
        ):
            if name in own:
                continue
            compiled = compile_policies(policies)
            value = compiled.plain
            if len(compiled.pieces) > 1 and nonce is not None:
                value = nonce.join(compiled.pieces)
            if value:
                response.headers[header] = value  # a view's value: let Django check it
                store[name] = response.headers._store[name]
            else:
                store.pop(name, None)
        self._keep_framing(store, attributes)
        response.headers._store = store

    def _keep_framing(self, store: Store, attributes: Mapping[str, Any]) -> None:
        """See that a response which lost ``frame-ancestors`` with its policy can not be framed.

        X-Frame-Options was left out where it cannot say what ``frame-ancestors`` does.
        """
        if (
            self.framed_by_isolation
            and self.fence.framing.ancestors is not None
            and XFO not in store
            and not attributes.get("xframe_options_exempt")
            and "frame-ancestors" not in store.get(CSP, ("", ""))[1].lower()
        ):
            store[XFO] = ("X-Frame-Options", self.fence.framing.fallback)

    def _framing_of(
        self, own: Store, attributes: Mapping[str, Any]
    ) -> tuple[Variant, tuple[str, ...] | None]:
        """Return who may frame this response, by its decorators (HTML, "X-Frame-Options")."""
        if self.fence.framing.explicit and XFO in own:
            return self.default, self.fence.framing.ancestors
        if XFO in own:
            value = own[XFO][1].strip().upper()
            known = self.by_x_frame_options.get(value)
            if known is not None:
                return known, framing.frame_ancestors_for(value)
        if attributes.get("xframe_options_exempt"):
            return self.exempt, None
        return self.default, self.fence.framing.ancestors

    @staticmethod
    def _without_policy(response: HttpResponseBase) -> bool:
        # 304: the browser keeps the stored response's policy, whose nonce its page has (RFC 9111,
        # section 4.3.4). Debug pages bring styles and scripts of Django's own.
        return response.status_code == 304 or (
            response.status_code in (404, 500) and settings.DEBUG
        )

    def _policies(
        self,
        request: HttpRequest,
        attributes: Mapping[str, Any],
        kind: str,
        ancestors: tuple[str, ...] | None,
    ) -> tuple[CspPolicy, ...]:
        """Return the policies of one disposition for one response: ``kind`` is "" or "_ro"."""
        excluded = self.fence.csp_exclude_report_only if kind else self.fence.csp_exclude
        if attributes.get(f"_csp_exempt{kind}") or (
            excluded and request.path_info.startswith(excluded)
        ):
            return ()
        given = attributes.get(f"_ringfence_csp{kind}")
        if given is not None:
            policies: tuple[CspPolicy, ...] = tuple(given)
        else:
            config = attributes.get(f"_csp_config{kind}")
            if kind and config is None:
                config = attributes.get("_csp_ro_config")
            if config is not None:
                if not config:
                    return ()
                policies = (csp_policy.from_response_config(config),)
            else:
                policies = self._report_only if kind else self._enforce
        policies = _adjusted(policies, attributes, kind)
        if not kind and policies and not any(p.frame_ancestors_explicit for p in policies):
            policies = (policies[0].with_frame_ancestors(ancestors), *policies[1:])
        if self.samples_reports and random.random() * 100 >= self.fence.report_percentage:  # noqa: S311 - sampling, not a secret
            policies = tuple(map(csp_policy.without_reporting, policies))
        return policies


def _frame_as_the_policy(store: Store, policies: tuple[CspPolicy, ...]) -> None:
    """Let X-Frame-Options say what a view's own ``frame-ancestors`` says, where it can."""
    for policy in policies:
        if policy.frame_ancestors_explicit:
            value = framing.x_frame_options_for(policy.get("frame-ancestors"))
            if value is None:
                store.pop(XFO, None)
            else:
                store[XFO] = ("X-Frame-Options", value)
            return


def variant_of(variant: Variant, state: RequestState) -> Store:
    """Return the prepared headers of a variant, with the nonce if it was read."""
    store = dict(variant.https if state.secure else variant.http)
    nonce = None if state.nonce is None else value_of(state.nonce)
    if nonce is not None:
        for name, header, pieces in variant.with_nonce:
            store[name] = (header, nonce.join(pieces))
    return store


def _adjusted(
    policies: tuple[CspPolicy, ...], attributes: Mapping[str, Any], kind: str
) -> tuple[CspPolicy, ...]:
    """Apply django-csp's ``csp_replace`` and ``csp_update`` to the first policy."""
    changed, added = attributes.get(f"_csp_replace{kind}"), attributes.get(f"_csp_update{kind}")
    if not policies or (not changed and not added):
        return policies
    first = policies[0]
    if changed:
        first = csp_policy.replace(first, changed)
    if added:
        first = csp_policy.update(first, added)
    return (first, *policies[1:])


def _permissions(store: Store, own: Store, attributes: Mapping[str, Any]) -> None:
    for attribute, header in (
        ("_permissions_policy_override", "Permissions-Policy"),
        ("_permissions_policy_report_only_override", "Permissions-Policy-Report-Only"),
    ):
        name = header.lower()
        if attribute not in attributes or name in own:
            continue
        if attributes[attribute]:
            store.update(prepare({header: str(attributes[attribute])}))
        else:
            store.pop(name, None)


def _may_read_nonce(own: Store) -> bool:
    """Whether a streaming body may yet read the nonce: its header goes out before the body."""
    return own.get("content-type", ("", ""))[1].startswith(MARKUP)


def _fixed(fence: Fence) -> tuple[dict[str, str], dict[str, str]]:
    headers: dict[str, str] = {}
    secure: dict[str, str] = {}
    if fence.transport is not None:
        headers.update(fence.transport.fixed_headers())
        secure.update(fence.transport.https_headers())
    if fence.isolation is not None:
        headers.update(fence.isolation.fixed_headers())
    if fence.csp is not None and fence.csp.reporting_endpoints:
        headers["Reporting-Endpoints"] = fence.csp.reporting_endpoints
    return headers, secure
