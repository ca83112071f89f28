"""One rendering: where it stands in the page, and what it grants and refuses on its way."""

from __future__ import annotations

import html
import logging
import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.forms import Media
from django.template.exceptions import TemplateSyntaxError
from django.utils.functional import LazyObject, Promise

from ringfence import current
from ringfence.rings.escaping import integrity, site
from ringfence.rings.escaping.charrefs import decode
from ringfence.rings.escaping.effects import Insert
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.language import Refused, Value
from ringfence.rings.escaping.place import Place, Step, place_of, start_of, step_of
from ringfence.rings.escaping.policy import EscapingPolicy
from ringfence.rings.escaping.provenance import ATTRIBUTE, Grants, grants_of, hash_of
from ringfence.rings.escaping.stringify import text_of, unwrapped
from ringfence.rings.escaping.trust import SiteTrust
from ringfence.rings.escaping.variable import Variable
from ringfence.signals import value_refused

if TYPE_CHECKING:
    from ringfence.rings.escaping.effects import Code

__all__ = ["RefusedVariable", "Run", "run_of"]

logger = logging.getLogger("ringfence.escaping")


class RefusedVariable(TemplateSyntaxError):  # noqa: N818 -- named for what was done
    """A variable stands where no safe rendering exists.

    Raised in DEBUG for a place where none ever could stand, and with ``"strict": True`` for each
    value that is refused.
    """


_AS_READ = frozenset((str, int))

#: What ends an attribute's name (HTML, "attribute name state").
_NO_NAME = re.compile(r"[\s\"'<>/=\x00]")

_QUOTES = {ord('"'): "&quot;", ord("<"): "&lt;", ord(">"): "&gt;"}


def run_of(ctx: Any) -> Run:
    """Return the rendering that ``ctx`` belongs to, begun if need be."""
    try:
        run: Run = ctx._ringfence_run
    except AttributeError:
        template = ctx.template
        run = ctx._ringfence_run = Run(
            start_of(getattr(template, "name", None)),
            ctx,
            debug=bool(getattr(getattr(template, "engine", None), "debug", False)),
        )
    return run


class Run:
    """One rendering of a template with all that it includes.

    ``place`` is where the output stands. Nothing of a run outlives it: one that raised leaves no
    trace.
    """

    __slots__ = (
        "_grants",
        "_nonce",
        "_nonce_attribute",
        "_policy",
        "_trust",
        "brought_form",
        "captured",
        "code",
        "context",
        "debug",
        "form_action",
        "last_action",
        "last_url",
        "loose",
        "place",
        "recorded",
        "recorded_data",
        "request",
        "tokens",
    )

    def __init__(self, place: Place, context: Any = None, *, debug: bool = False) -> None:
        self.place = place
        self.context = context
        self.debug = debug
        self.request: Any = None
        self.recorded: list[str] | None = None
        self.recorded_data = False
        self.code: Code | None = None
        self.last_url: str | None = None
        self.last_action: str | None = None
        #: Whether forms of template text may be given a token: not where data brought a form.
        self.tokens = True
        #: Whether data brought a form: whoever puts the result into a page must look at it.
        self.brought_form = False
        #: How many nodes around this one may change blanks, so that no hash would hold.
        self.loose = 0
        #: The action of an open form that posts and has no token yet; None for no such form.
        self.form_action: str | None = None
        self.captured: list[tuple[str, Place]] | None = None
        self._grants: Grants | bool | None = False
        self._nonce: str | None = None
        self._nonce_attribute = ""
        self._policy: EscapingPolicy | None = None
        self._trust: SiteTrust | None = None

    # Who asks, and what the site says

    def find_request(self) -> Any:
        """Return the request that is being answered, None where there is none."""
        if self.request is None:
            request = getattr(self.context, "request", None)
            if request is None and self.context is not None:
                request = self.context.get("request")
            if not hasattr(request, "META"):
                # A nonce is this response's anyway. A token is the visitor's: what was rendered
                # without the request may be for a mail, or to be stored.
                request, self.tokens = current.get(), False
            self.request = request
        return self.request

    @property
    def policy(self) -> EscapingPolicy:
        """The site's policy for this ring; the defaults where it has none."""
        if self._policy is None:
            self._policy = site.policy()
        return self._policy

    @property
    def grants(self) -> Grants | None:
        """Where grants are noted, None for nothing to grant."""
        found = self._grants
        if isinstance(found, bool):
            found = self._grants = (
                grants_of(self.find_request(), self.policy) if self.policy.provenance else None
            )
        return found

    def replace_grants(self, grants: Grants | None) -> None:
        """Note grants elsewhere from now on."""
        self._grants = grants

    @property
    def trust(self) -> SiteTrust:
        """What the site trusts."""
        if self._trust is None:
            self._trust = SiteTrust(self.find_request(), self.policy)
        return self._trust

    # Literal text

    def perform(self, step: Step) -> str:
        """Return the text of a step that has effects, having done them."""
        if step.grants_only and self.grants is None and not self.policy.integrity:
            return step.text
        return "".join(
            [part if type(part) is str else part.apply(self) for part in step.parts or ()]  # type: ignore[union-attr]
        )

    def literal(self, text: str) -> str:
        """Render a text that a developer wrote, though not in a template."""
        step = step_of(self.place, text)
        self.place = step.place
        return step.text if step.parts is None else self.perform(step)

    @property
    def in_text(self) -> bool:
        """Whether the output stands in HTML text, where markup may come."""
        state = self.place.state
        return type(state) is Markup and state.at == "data" and state.content is None

    def translated(self, text: str) -> str:
        """Render a text that a translator wrote: it is carried along, and granted nothing."""
        step = step_of(self.place, text)
        self.place = step.place
        if step.parts is None:
            return step.text
        return "".join(
            part if isinstance(part, str) else part.apply(self) if type(part) is Insert else ""
            for part in step.parts
        )

    # Values

    def write(self, raw: Any, context: Any, variable: Variable) -> str:
        """Return ``raw`` as what may stand here, and go on to the place behind it."""
        if isinstance(raw, Media) and self.in_text and context.autoescape:
            # A form's own scripts and styles: written in Python, by a developer.
            return self.literal(str(raw))
        if isinstance(raw, (LazyObject, Promise)):
            raw = unwrapped(raw)
        text, vouched = text_of(raw, context)
        return self.write_text(raw, text, vouched, variable)

    def write_text(self, raw: Any, text: str, vouched: bool, variable: Variable) -> str:  # noqa: FBT001 -- a step of write()
        """Return a value whose text is known as what may stand here."""
        if (
            variable.of_attributes
            and not self.place.shows
            and not (self.place.names and _NO_NAME.search(text))
        ):
            # What a form's widget was given as attributes stands in Python: a developer's word.
            # A name that would be more than one name is nobody's.
            return self.translated(html.escape(text) if not vouched else text.translate(_QUOTES))
        place = self.place
        if place.looks_ahead:
            place = variable.ahead(place)
        # A number is written by what it is, not by how it reads in the visitor's language.
        if not vouched and not variable.filters and type(raw) in _AS_READ:
            if place.plain:
                return self._written(html.escape(text), place)
            found = place.glance(text)
            if found is not None:
                return self._written(*found)
        state = place.state
        try:
            out, after = state.write(Value(raw, text, vouched, variable.filters), self.trust)
        except Refused as refusal:
            out = self.refuse(refusal, variable, state.context)
            after = state.feed(out)
        if vouched:
            self._brings_forms(out)
        return self._written(out, place if after is state else place_of(after))

    def _brings_forms(self, markup: str) -> None:
        """Look for what decides about the open form, or the next one, in vouched markup."""
        lowered = markup.lower()
        if "form" not in lowered and "csrf" not in lowered:
            return
        if any(
            sign in lowered for sign in ("</form", "formaction", "form=", "csrfmiddlewaretoken")
        ):
            self.form_action = None
        if "<form" in lowered:
            # A browser ignores a form's tag inside a form: ours may be part of data's.
            self.form_action = None
            self.tokens = False
            self.brought_form = True

    def _written(self, out: str, place: Place) -> str:
        self.place = place
        if self.recorded is not None:
            self.recorded.append(out)
            self.recorded_data = True
        return out

    def refuse(self, refusal: Refused, variable: Variable, context: str) -> str:
        """Tell everyone who should know, and return the placeholder.

        :raises RefusedVariable: in DEBUG for a place, and in strict mode always.
        """
        message = (
            f"{{{{ {variable.text} }}}} in {variable.template or 'a template'}, line "
            f"{variable.line}, stands in: {context}. {refusal.reason} {refusal.fix}"
        )
        logger.warning(
            "Refused a variable: %s",
            message,
            extra={
                "template": variable.template,
                "line": variable.line,
                "variable": variable.text,
                "context": context,
            },
        )
        value_refused.send_robust(
            sender="escaping",
            template=variable.template,
            line=variable.line,
            variable=variable.text,
            context=context,
            reason=refusal.reason,
            fix=refusal.fix,
            request=self.find_request(),
        )
        if self.policy.strict or (refusal.by_place and self.debug and settings.DEBUG):
            raise RefusedVariable(message)
        return refusal.placeholder

    # What is granted

    def begin(self, kind: str, text: str) -> None:
        """Record what follows: its hash, or its final value, will be wanted."""
        if kind in ("script", "style"):
            grants = self.grants
            if grants is None or not grants.wants_all_hashes:
                return
        self.recorded = [text]
        self.recorded_data = False

    def more(self, text: str) -> None:
        """Record a text in the middle of it."""
        if self.recorded is not None:
            self.recorded.append(text)

    def end(self, kind: str, text: str) -> None:
        """Note what was recorded as ``kind``."""
        recorded, self.recorded = self.recorded, None
        if recorded is None:
            code, self.code = self.code, None
            if code is not None:
                self._add(code, None)
            return
        recorded.append(text)
        whole = "".join(recorded)
        if kind == "load":
            self.last_url = whole
        elif kind == "action":
            self.last_action = whole
        elif kind in ("script", "style"):
            code, self.code = self.code, None
            if code is not None and self.grants is not None:
                self._add(code, hash_of(whole))
        else:
            self.grant_attribute(kind, whole, data=self.recorded_data, is_hash=False)

    def grant_attribute(self, kind: str, value: str, *, data: bool, is_hash: bool = True) -> None:
        """Note a handler or a style attribute, by its hash or its text."""
        grants = self.grants
        if grants is None or not grants.wants_handlers or (data and not grants.wants_data):
            return
        if not is_hash:
            value = hash_of(decode(value, attribute=True))
        if kind == "handler":
            grants.add_handler(value, data=data)
        else:
            grants.add_style_attr(value, data=data)

    def grant_code(self, code: Code) -> str:
        """Return the nonce's attribute for a script, a style or a link of template text."""
        url, self.last_url = self.last_url, None
        grants = self.grants
        if grants is None:
            return ""
        nonce = None if code.has_nonce else grants.nonce
        if nonce is None:
            return ""
        if code.inline:
            if code.hash is not None:
                self._add(code, code.hash)
            else:
                self.code = code
        else:
            grants.add_external(code.kind, code.url or url or "")
        if nonce is not self._nonce:
            self._nonce, self._nonce_attribute = nonce, ATTRIBUTE.format(nonce)
        return self._nonce_attribute

    def _add(self, code: Code, text_hash: str | None) -> None:
        grants = self.grants
        if grants is None:
            return
        if self.loose:
            text_hash = None
        if code.kind == "script":
            grants.add_script(text_hash)
        else:
            grants.add_style(text_hash)

    def grant_written(self) -> str:
        """Return the nonce's attribute for a script that a granted script writes.

        It stands in a string of either quote, so that it has none itself.
        """
        nonce = None if self.grants is None else self.grants.nonce
        if nonce is None or self.grants is None:
            return ""
        self.grants.add_external("script", "")
        return f" nonce={nonce}"

    def integrity(self, url: str | None) -> str:
        """Return the ``integrity`` attribute of a static file, "" where it is not known."""
        return integrity.attribute(url if url is not None else self.last_url or "")

    # Forms

    def form_begins(self, action: str | None, *, posts: bool) -> None:
        """Remember a form that posts: it may lack a token.

        ``action`` is None where a variable is part of it: then its final value was recorded, or
        nobody knows where the form goes.
        """
        final = action if action is not None else self.last_action
        self.last_action = None
        self.find_request()
        wanted = posts and self.tokens and self.policy.csrf_token
        self.form_action = final if wanted else None

    def form_ends(self) -> str:
        """Return the field with the token, where the open form wants one and has none."""
        action, self.form_action = self.form_action, None
        if action is None:
            return ""
        return site.token_field(self.find_request(), action, self.trust)
