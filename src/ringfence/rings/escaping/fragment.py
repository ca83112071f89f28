"""``{% cache %}``: a fragment fits the state it was made in, and brings what it was granted."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.templatetags import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from ringfence.rings.escaping.language import Language
from ringfence.rings.escaping.place import place_of
from ringfence.rings.escaping.provenance import Frozen
from ringfence.rings.escaping.run import Run, run_of

__all__ = ["CacheNode"]

#: Stands in front of a stored fragment: what it needs, signed, for it may begin with anything.
_MARK = "\x00ringfence.escaping.2:"
_END = "\x00"
_SIGNATURE = 64


def _digest(state: Language) -> str:
    return hashlib.sha256(repr(state).encode()).hexdigest()


def _sign(text: str) -> str:
    return salted_hmac(_MARK, text, algorithm="sha256").hexdigest()


class _Fragment:
    """The children of a cache tag, rendered together with what their text needs later."""

    def __init__(self, nodelist: Any, run: Run) -> None:
        self.nodelist = nodelist
        self.run = run

    def render(self, ctx: Any) -> str:
        run = self.run
        before, action = run.place, run.form_action
        outer = run.grants
        child = None if outer is None else outer.child()
        run.replace_grants(child)
        brought_form, run.brought_form = run.brought_form, False
        try:
            text = str(self.nodelist.render(ctx))
        finally:
            run.replace_grants(outer)
            brought, run.brought_form = run.brought_form, brought_form or run.brought_form
        noted = None if child is None else child.freeze()
        forms = None
        if brought or run.form_action != action:
            forms = [action, run.form_action, brought]
        # Where it began, whether it ended there, what it was granted, what it did to forms.
        needs = json.dumps([_digest(before.state), run.place is before, noted, forms])
        run.place = before
        return f"{_MARK}{_sign(needs)}{needs}{_END}{text}"


class CacheNode(cache.CacheNode):
    """A cached fragment. One that was made in another state, or not by us, is made anew."""

    def render(self, ctx: Any) -> str:
        """Return the fragment, stored or new."""
        run = run_of(ctx)
        before, action = run.place, run.form_action
        node: Any = copy.copy(self)
        node.__class__ = cache.CacheNode
        node.__dict__.pop("render_annotated", None)
        node.nodelist = _Fragment(self.nodelist, run)
        captured, run.captured = run.captured, None
        recorded, run.recorded = run.recorded, None
        try:
            stored = str(node.render(ctx))
        finally:
            run.place, run.captured, run.recorded = before, captured, recorded
            run.form_action = action
        text = self._used(run, stored)
        if text is None:
            return str(self.nodelist.render(ctx))
        if recorded is not None:
            recorded.append(text)
            run.recorded_data = True
        return text

    @staticmethod
    def _used(run: Run, stored: str) -> str | None:
        """Return the fragment's text and go on behind it; None where it does not fit."""
        if not stored.startswith(_MARK):
            return None
        head, _, text = stored[len(_MARK) :].partition(_END)
        signature, needs = head[:_SIGNATURE], head[_SIGNATURE:]
        try:
            if not constant_time_compare(signature, _sign(needs)):
                return None
        except ImproperlyConfigured:  # pragma: no cover -- a site without SECRET_KEY signs nothing
            return None
        digest, same, noted, forms = json.loads(needs)
        state = run.place.state
        if digest != _digest(state):
            return None
        if forms is not None:
            # It ends a form, perhaps with a token: that is for a form that goes to the same place.
            action, after, brought = forms
            if action != run.form_action:
                return None
            run.form_action = after
            if brought:
                run.tokens, run.brought_form = False, True
        if noted is not None and run.grants is not None:
            handlers, style_attrs, scripts, styles, external = noted
            run.grants.absorb(
                Frozen(
                    tuple(handlers),
                    tuple(style_attrs),
                    tuple(scripts),
                    tuple(styles),
                    tuple((kind, url) for kind, url in external),
                )
            )
        if not same:
            run.place = place_of(state.feed(text))
        return text
