"""What the templates' own text is granted, collected while a response is rendered.

Text of a template was written by a developer; what a variable brings is data. The renderer knows
which is which and notes here what of the former the response's Content Security Policy has to
allow. What data brought is never noted. When the headers are written, the fence asks
:class:`Grants` what to add to the policy.

How the renderer uses it::

    grants = grants_of(request)                 # None: nothing is to be granted
    # a <script>, <style>, <link rel=stylesheet|preload|modulepreload> tag of template text
    nonce = grants.nonce                        # written as ' nonce="..."', None: leave it out
    # and what the tag is:
    grants.add_script(hash_of(text))            # inline; None where data stands in it
    grants.add_style(hash_of(text))
    grants.add_external("script", url)          # or "style": what the tag loads
    # attributes of template text, after their variables were escaped
    grants.add_handler(hash_of(value), data=False)
    grants.add_style_attr(hash_of(value), data=False)
"""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from ringfence.rings.escaping.policy import EscapingPolicy

__all__ = ["ATTRIBUTE", "Frozen", "Grants", "Lender", "grants_of", "hash_of"]

#: A hash that a policy holds: ``'sha256-`` and 44 characters in quotes, and the space before it.
_SIZE = len("'sha256-'") + 44 + 1

#: What a tag's nonce is written as. Exactly this is taken out again where hashes stand in for it.
ATTRIBUTE = ' nonce="{}"'


@functools.lru_cache(maxsize=4096)
def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


#: A longer text is not kept in memory for its hash.
_REMEMBERED = 2048


def hash_of(text: str) -> str:
    r"""Return the source expression that allows ``text`` (CSP3, section 6.7.3.3).

    ``text`` is an element's text, or an attribute's value with its character references resolved.
    Line breaks are normalized, as the browser's parser does before (HTML, section 13.2.3.5).

    >>> hash_of("go()")
    "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='"
    >>> hash_of("a\r\nb") == hash_of("a\nb")
    True
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _hash(text) if len(text) <= _REMEMBERED else _hash.__wrapped__(text)


class Lender(Protocol):
    """A nonce that can be written into a page without counting as read by the page's author."""

    def lend(self) -> str | None:
        """Return the nonce, None where the policy was already written without it."""


class Frozen(NamedTuple):
    """What was noted, as plain data that can be stored beside what it was noted for."""

    handlers: tuple[str, ...]
    style_attrs: tuple[str, ...]
    scripts: tuple[str | None, ...]
    styles: tuple[str | None, ...]
    external: tuple[tuple[str, str], ...]


class Grants:
    """What one response's template text needs its policy to allow.

    The renderer's only duty is to call the methods below for what stands in template text, and
    for nothing that data brought. Repetition costs nothing. None of the methods raises.

    ``policy`` is the site's; ``nonce`` what the response's nonce is borrowed from, None where no
    policy has one.

    >>> from ringfence.rings.escaping.policy import EscapingPolicy
    >>> grants = Grants(EscapingPolicy())
    >>> grants.add_handler(hash_of("go()"))
    >>> grants.handlers
    ["'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='"]
    """

    __slots__ = (
        "_handlers",
        "_nonce",
        "_style_attrs",
        "budget",
        "external",
        "lent",
        "parent",
        "policy",
        "scripts",
        "styles",
    )

    def __init__(self, policy: EscapingPolicy, nonce: Lender | None = None) -> None:
        self.policy = policy
        self._nonce = nonce
        #: Those of the whole response, where these are a fragment's.
        self.parent: Grants | None = None
        #: How many bytes of the headers hashes may take.
        self.budget = policy.hash_budget
        #: The nonce that was written into tags, None while it was not.
        self.lent: str | None = None
        # Ordered: where the budget does not suffice, what stands first in the page has it.
        self._handlers: dict[str, None] = {}
        self._style_attrs: dict[str, None] = {}
        #: Hashes of the inline scripts and styles; None stands for one that needs the nonce.
        self.scripts: dict[str | None, None] = {}
        self.styles: dict[str | None, None] = {}
        #: What tags load: pairs of ``"script"`` or ``"style"`` and a URL.
        self.external: dict[tuple[str, str], None] = {}

    @property
    def nonce(self) -> str | None:
        """The nonce for a tag of template text; None where it would be of no use.

        Reading it here does not count as the page's author reading it: where the author does not,
        hashes may take its place when the headers are written. So whoever reads it for a tag must
        note with ``add_script``, ``add_style`` or ``add_external`` what that tag is.
        """
        if self._nonce is None:
            return None
        self.lent = value = self._nonce.lend()
        # What is stored of the page must not hold it, whichever part of the page it was lent to.
        if self.parent is not None:
            self.parent.lent = value
        return value

    @property
    def wants_handlers(self) -> bool:
        """Whether hashes of handlers and style attributes are of any use."""
        return self.policy.handlers != "none"

    @property
    def wants_data(self) -> bool:
        """Whether hashes of handlers and style attributes with data in them are of any use."""
        return self.policy.handlers == "all"

    @property
    def wants_all_hashes(self) -> bool:
        """Whether inline scripts and styles with data in them are to be noted by hash as well."""
        return self.policy.hashes == "always"

    def add_handler(self, hash_: str, *, data: bool = False) -> None:
        """Note an inline event handler by the hash of its value; ``data``: a variable is in it.

        A handler with data is noted only where the site says so: injected markup could use it
        again.
        """
        if self.policy.handlers == "all" or (not data and self.policy.handlers == "literal"):
            self._handlers[hash_] = None

    def add_style_attr(self, hash_: str, *, data: bool = False) -> None:
        """Note a ``style`` attribute, as :meth:`add_handler` does a handler."""
        if self.policy.handlers == "all" or (not data and self.policy.handlers == "literal"):
            self._style_attrs[hash_] = None

    def add_script(self, hash_: str | None) -> None:
        """Note an inline ``<script>`` that was given the nonce.

        ``hash_`` is that of its text where all of it is literal; None where data stands in it, so
        that only the nonce allows it. With :attr:`wants_all_hashes`, the hash of the final text.
        """
        self.scripts[hash_] = None

    def add_style(self, hash_: str | None) -> None:
        """Note a ``<style>`` element, as :meth:`add_script` does a script."""
        self.styles[hash_] = None

    def add_external(self, destination: str, url: str) -> None:
        """Note a tag that was given the nonce and loads ``url``.

        ``destination`` is ``"script"`` (also for ``modulepreload`` and ``preload as=script``) or
        ``"style"``. ``url`` is the attribute's whole value, in template text or not.
        """
        self.external[destination, url] = None

    @property
    def handlers(self) -> list[str]:
        """Hashes of the noted handlers, in order."""
        return list(self._handlers)

    @property
    def style_attrs(self) -> list[str]:
        """Hashes of the noted style attributes, in order."""
        return list(self._style_attrs)

    @property
    def noted(self) -> bool:
        """Whether anything was noted, or the nonce written."""
        return bool(
            self.lent
            or self._handlers
            or self._style_attrs
            or self.scripts
            or self.styles
            or self.external
        )

    def within_budget(self, hashes: list[str], spent: int = 0) -> list[str]:
        """Return the first of ``hashes`` that the budget suffices for, ``spent`` being used up."""
        return hashes[: max(0, self.budget - spent) // _SIZE]

    @staticmethod
    def size_of(hashes: int) -> int:
        """Return how many bytes that many hashes take.

        >>> Grants.size_of(2)
        108
        """
        return hashes * _SIZE

    def child(self) -> Grants:
        """Return empty grants with the same nonce: for what is stored, and used again later.

        Render a fragment with it, keep ``child.freeze()`` beside the fragment, and call
        :meth:`absorb` with that each time the fragment is used, the first time included.
        """
        child = type(self)(self.policy, self._nonce)
        child.parent = self.parent or self
        return child

    def freeze(self) -> Frozen:
        """Return what was noted as plain data, which can be pickled.

        The nonce is not part of it: whoever stores a text that holds it replaces it.
        """
        return Frozen(
            tuple(self._handlers),
            tuple(self._style_attrs),
            tuple(self.scripts),
            tuple(self.styles),
            tuple(self.external),
        )

    def absorb(self, frozen: Frozen) -> None:
        """Note again what :meth:`freeze` returned, under the policy of today."""
        handlers, style_attrs, scripts, styles, external = frozen
        if self.wants_handlers:
            self._handlers.update(dict.fromkeys(handlers))
            self._style_attrs.update(dict.fromkeys(style_attrs))
        self.scripts.update(dict.fromkeys(scripts))
        self.styles.update(dict.fromkeys(styles))
        self.external.update(dict.fromkeys(external))


class _Given:
    """The nonce of a policy that Django's middleware, or django-csp's, writes."""

    __slots__ = ("nonce",)

    def __init__(self, nonce: object) -> None:
        self.nonce = nonce

    def lend(self) -> str | None:
        # Reading it is what puts it into their header. django-csp raises where that was written.
        try:
            return str(self.nonce) or None
        except Exception:  # noqa: BLE001 - a page without the nonce is better than none
            return None


def grants_of(request: Any, policy: EscapingPolicy | None = None) -> Grants | None:
    """Return where to note what ``request``'s response is granted; None for nothing to grant.

    Behind the fence there is one for each request. Behind Django's own middleware for the policy,
    or django-csp's, only the nonce can be given: then what is noted goes nowhere. ``policy`` is
    the site's, which the fence knows by itself; None for no provenance.
    """
    state = getattr(request, "_ringfence", None)
    if state is not None:
        grants: Grants | None = state.grants
        if grants is None and state.provenance is not None:
            grants = state.grants = Grants(state.provenance, state.nonce)
        return grants
    if policy is None or not policy.provenance:
        return None
    # Django 6 keeps it in `_csp_nonce`, django-csp in both.
    nonce = getattr(request, "_csp_nonce", None)
    if nonce is None:
        nonce = getattr(request, "csp_nonce", None)
    return None if nonce is None else Grants(policy, _Given(nonce))
