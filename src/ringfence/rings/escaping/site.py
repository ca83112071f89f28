"""What the renderer asks the site's fence: its policy, its sources, its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.middleware.csrf import get_token
from django.utils.html import escape

from ringfence import conf
from ringfence.rings.escaping.charrefs import decode
from ringfence.rings.escaping.policy import EscapingPolicy
from ringfence.rings.escaping.schemes import scheme_of, without_breaks

if TYPE_CHECKING:
    from ringfence.fence import Fence
    from ringfence.rings.escaping.trust import SiteTrust

__all__ = ["csp_sources", "policy", "token_field"]


def _fence() -> Fence | None:
    try:
        return conf.current()
    except ImproperlyConfigured:
        return None


_DEFAULT = EscapingPolicy()
_OFF = EscapingPolicy(provenance=False, noopener=False, csrf_token=False)


def policy() -> EscapingPolicy:
    """Return the site's policy for the escaping ring.

    The defaults hold where the settings are in error, for templates are rendered all the same;
    where the ring is switched off, values are escaped and nothing is granted.
    """
    fence = _fence()
    if fence is None:
        return _DEFAULT
    return _OFF if fence.escaping is None else fence.escaping


def csp_sources(directives: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sources of the first of ``directives`` that the enforced policies have."""
    fence = _fence()
    if fence is None or fence.csp is None:
        return ()
    found: tuple[str, ...] = ()
    for each in fence.csp.enforce:
        for directive in directives:
            values = each.get(directive)
            if values is not None:
                found += values
                break
    return found


def token_field(request: Any, action: str, trust: SiteTrust) -> str:
    """Return the hidden field with the CSRF token for a form of template text.

    Nothing where the site wants no tokens, where nothing will check one, and for a form that
    posts to another origin: it would be told the token.
    """
    state = getattr(request, "_ringfence", None)
    if state is None or not state.csrf_on or state.no_tokens or not _is_own(action, trust):
        return ""
    token = get_token(request)
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'


_BLANKS = "".join(map(chr, range(0x21)))


def _is_own(action: str, trust: SiteTrust) -> bool:
    # What a browser drops around and inside a URL is dropped here, too.
    url = without_breaks(decode(action, attribute=True)).strip(_BLANKS).replace("\\", "/").lower()
    if url.startswith("//"):
        return False
    if scheme_of(url) is None:
        return True
    return bool(trust.own) and (url + "/").startswith(trust.own + "/")
